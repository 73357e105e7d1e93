import { describe, expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { expectExact, simulate } from '../support/simulate.js';

const half = { k: 1, n: 2 };

/** Networks whose layers differ in their gates, with what is particular of each design. */
const designs: readonly (readonly [string, Partial<RandomOptions>, number, object])[] = [
  [
    'masks per gate, in four slices and in three of them',
    { cell: ['lstm', 'gru'], sharing: 'per-gate' },
    32,
    { slices: 4, perGate: true },
  ],
  [
    'masks per gate, in four slices, one and two',
    { cell: ['gru-before', 'rnn-tanh', 'lstm'], sharing: 'per-gate', initialState: true },
    128,
    { slices: 4, perGate: true, inputAgain: true },
  ],
  [
    'rows that take turns, and values within ranges',
    {
      cell: ['dense-sigmoid', 'lstm', 'dense-linear'],
      patterns: [{ kind: 'hcgs', blocks: [16, 8], keep: [half, half] }],
    },
    64,
    { turns: 2, ranges: true },
  ],
  ['h that is projected', { cell: 'lstm', projection: [4, 8] }, 32, { slices: 4 }],
];

describe('a design with layers of several kinds', () => {
  test.each(designs)(
    '%s: exact, in the cycles predicted',
    async (_, options, macs, configuration) => {
      const hidden = typeof options.cell === 'string' ? [16, 16] : options.cell?.map(() => 16);
      const model = randomModel({
        ...{ inputs: 16, hidden: hidden ?? [], outputs: 5, sharing: 'shared', seed: macs },
        patterns: [{ kind: 'hcgs', blocks: [8, 4], keep: [half, half] }],
        words: { weight: 6, activation: 13, cell: 16, bias: 16 },
        ...options,
      });
      const { configuration: c } = planDesign(model, { name: 'dut', macs });
      expect(c).toMatchObject(configuration);
      expect(hazards(orderOf(c, model))).toEqual([]);
      expectExact(await simulate(c, model, { frames: 10, seed: macs, protocol: true }));
    },
  );
});
