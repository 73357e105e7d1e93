import { describe, expect, test } from 'vitest';
import { emitVerilog, hardwareImages, planHardware } from '../../../generator/accelerator/index.js';
import type { DesignOptions } from '../../../generator/accelerator/plan/options.js';
import { atOnce } from '../../../generator/base/steps.js';
import { randomModel } from '../../../generator/network/random.js';
import { STANDARD_WORDS } from '../../support/kws.js';
import { CLEAN, lint } from '../../support/lint.js';
import { newerLinters } from '../../support/newer-linters.js';

const model = randomModel({
  ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed: 3 },
  words: STANDARD_WORDS,
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
});

const planned = (options: Partial<DesignOptions>, engines?: number) =>
  planHardware(model, { name: 'dut', macs: 16, ...options }, engines);

const verilogOf = (options: Partial<DesignOptions>) => emitVerilog(planned(options).hardware);

describe('the Verilog of designs with registers on a bus', () => {
  test.each<[string, Partial<DesignOptions>, number]>([
    ['models in ROMs', {}, 1],
    ['a chain, numbers in place of parameters', { style: 'specialised' }, 2],
    ['a model that is loaded', { weights: 'loaded' }, 1],
    ['over 8 bits, three places', { weights: 'loaded', loadBits: 8, residents: 3 }, 1],
    ['two places of a chain, over 16 bits', { weights: 'loaded', loadBits: 16, residents: 2 }, 2],
    [
      'words with check bits, three places',
      { protect: 'secded', weights: 'loaded', residents: 3 },
      1,
    ],
    ['streams', { streams: 3, weights: 'loaded' }, 1],
  ])('%s lints without a warning', async (_title, options, engines) => {
    const { hardware, cuts } = planned({ bus: 'axi4lite', ...options }, engines);
    const images = atOnce(hardwareImages(hardware, model, cuts));
    const files = new Map([...emitVerilog(hardware), ...images]);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });

  test('differs from that without in the top, and in the loader, alone', () => {
    for (const [weights, changed, added] of [
      ['rom', ['rtl/dut.f', 'rtl/dut.v'], []],
      ['loaded', ['rtl/dut.f', 'rtl/dut.v', 'rtl/dut_loader.v'], ['rtl/dut_load_arbiter.v']],
    ] as const) {
      const [without, with_] = [verilogOf({ weights }), verilogOf({ weights, bus: 'axi4lite' })];
      expect(verilogOf({ weights, bus: 'none' })).toEqual(without);
      const differs = [...without].filter(([file, text]) => with_.get(file) !== text);
      expect(differs.map(([file]) => file).sort()).toEqual(changed);
      expect([...with_.keys()].filter((file) => !without.has(file)).sort()).toEqual(
        [...added, 'rtl/dut_axi_lite.v', 'rtl/dut_registers.v'].sort(),
      );
    }
  });
});
