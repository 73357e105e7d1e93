import { describe, expect, test } from 'vitest';
import { buildImages, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { randomModel } from '../../generator/network/random.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { expectExact, simulate } from '../support/simulate.js';

/** A network of GRU layers, and where there are outputs a dense one. */
function gruModel(
  hidden: readonly number[],
  outputs: number,
  seed: number,
  sharing: 'shared' | 'per-gate' = 'shared',
) {
  return randomModel({
    ...{ cell: 'gru', inputs: 9, hidden, outputs, sharing, seed },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  });
}

describe('a design of GRU layers', () => {
  test.each([
    [[12, 8], 0, 24],
    [[20], 0, 12],
    [[8, 12], 5, 24],
    [[16], 11, 96],
  ] as const)(
    '%j cells, %i outputs, %i MACs: exact, in the cycles predicted',
    async (hidden, outputs, macs) => {
      const model = gruModel(hidden, outputs, macs + outputs);
      const { configuration: c } = planDesign(model, { name: 'dut', macs });
      expect(c).toMatchObject({ slices: 3, cells: ['gru'] });
      expect(hazards(orderOf(c, model))).toEqual([]);
      expectExact(await simulate(c, model, { frames: 10, seed: macs, protocol: true }));
    },
  );

  test('its Verilog has no warning', async () => {
    const model = gruModel([12, 8], 3, 1);
    const { configuration: c } = planDesign(model, { name: 'dut', macs: 24 });
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    expect([...files.keys()]).toContain('rtl/dut_gru_lane.v');
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });
});
