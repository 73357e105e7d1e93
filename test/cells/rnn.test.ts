import { describe, expect, test } from 'vitest';
import { buildImages, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { randomModel } from '../../generator/network/random.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { expectExact, simulate } from '../support/simulate.js';

/** A network of RNN layers, and where there are outputs a dense one. */
function rnnModel(
  cell: 'rnn-tanh' | 'rnn-relu',
  hidden: readonly number[],
  outputs: number,
  activation: number,
) {
  return randomModel({
    ...{ cell, inputs: 9, hidden, outputs, sharing: 'shared', seed: outputs + activation },
    words: { weight: 6, activation, cell: 16, bias: 16 },
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  });
}

describe.each(['rnn-tanh', 'rnn-relu'] as const)('a design of %s layers', (cell) => {
  test.each([
    [[12, 8], 0, 8, 13],
    [[20], 0, 4, 16],
    [[8, 12], 5, 8, 10],
    [[16], 11, 32, 5],
  ] as const)(
    '%j cells, %i outputs, %i MACs, %i-bit activations: exact, in the cycles predicted',
    async (hidden, outputs, macs, activation) => {
      const model = rnnModel(cell, hidden, outputs, activation);
      const { configuration: c } = planDesign(model, { name: 'dut', macs });
      expect(c).toMatchObject({ slices: 1, cells: [cell] });
      expect(hazards(orderOf(c, model))).toEqual([]);
      expectExact(await simulate(c, model, { frames: 10, seed: macs, protocol: true }));
    },
  );

  test('its Verilog has no warning', async () => {
    const model = rnnModel(cell, [12, 8], 3, 13);
    const { configuration: c } = planDesign(model, { name: 'dut', macs: 8 });
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });
});
