import { describe, expect, test } from 'vitest';
import { emitVerilog, planDesign, planHardware } from '../../../generator/accelerator/index.js';
import type { DesignOptions } from '../../../generator/accelerator/plan/options.js';
import { randomModel } from '../../../generator/network/random.js';
import { STANDARD_WORDS } from '../../support/kws.js';
import { CLEAN, lint } from '../../support/lint.js';
import { newerLinters } from '../../support/newer-linters.js';

const model = randomModel({
  ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed: 3 },
  words: STANDARD_WORDS,
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
});

describe('the Verilog of designs whose model is loaded', () => {
  test.each<[string, Partial<DesignOptions>, number]>([
    ['a load port of 32 bits', {}, 1],
    ['of 8 bits', { loadBits: 8 }, 1],
    ['two resident models', { residents: 2, loadBits: 16 }, 1],
    ['three, numbers in place of parameters', { residents: 3, style: 'specialised' }, 1],
    ['two engines', { residents: 2 }, 2],
  ])('%s lints without a warning', async (_title, options, engines) => {
    const { hardware } = planHardware(
      model,
      { name: 'dut', macs: 16, weights: 'loaded', ...options },
      engines,
    );
    const files = emitVerilog(hardware);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });

  test('differs from that with ROMs in its stores, and above the core, alone', () => {
    const of = (options: Partial<DesignOptions>) =>
      emitVerilog(planDesign(model, { name: 'dut', macs: 16, ...options }).configuration);
    const [rom, loaded] = [of({}), of({ weights: 'loaded' })];
    const added = [...loaded.keys()].filter((file) => !rom.has(file));
    expect(added.sort()).toEqual([
      'rtl/dut_crc32.v',
      'rtl/dut_loaded_store.v',
      'rtl/dut_loader.v',
      'rtl/dut_one_port.v',
    ]);
    const gone = [...rom.keys()].filter((file) => !loaded.has(file));
    expect(gone).toEqual(['rtl/dut_rom.v']);
    expect([...loaded.values()].join('')).not.toMatch(/readmemh|_FILE|MEM_DIR/);
  });
});
