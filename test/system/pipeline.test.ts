import { describe, expect, test } from 'vitest';
import { type DesignOptions, planDesign } from '../../generator/accelerator/index.js';
import type { Pipeline } from '../../generator/accelerator/pipeline/registers.js';
import {
  DRAWN_CELLS,
  type DrawnCell,
  type RandomOptions,
  randomModel,
} from '../../generator/network/random.js';
import { randomShape } from '../support/random-shapes.js';
import { expectExact, simulate } from '../support/simulate.js';

const CELLS: readonly (DrawnCell | 'mixed')[] = [...DRAWN_CELLS, 'mixed'];

describe.each(['short', 'balanced'] as const satisfies readonly Pipeline[])('%s', (pipeline) => {
  test.each(CELLS.map((cell, n) => [cell, n + 1] as const))(
    'lanes of %s, shape seed %i',
    async (cell, seed) => {
      const shape = randomShape(seed, undefined, cell);
      const options: DesignOptions = { ...shape.options, pipeline };
      const { configuration } = planDesign(shape.model(1), options);
      for (const stall of [0, 0.4]) {
        const result = await simulate(configuration, shape.model(1), {
          ...{ frames: 7, stall, seed, protocol: stall === 0 },
        });
        if (stall === 0) expectExact(result);
        expect(result.firstMismatch).toBeNull();
        expect(result.complaints).toEqual([]);
      }
    },
  );
});

describe('short designs', () => {
  const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
  const half = { k: 1, n: 2 };
  const patterns = [{ kind: 'hcgs' as const, blocks: [8, 4], keep: [half, half] }];
  const base = { inputs: 12, sharing: 'shared' as const, seed: 3, words, patterns };

  test.each([
    ['a time-multiplexed lane', { hidden: [8, 8], outputs: 3 }, { macs: 16, cellCycles: 6 }],
    [
      'the same, no output layer, initial states, last frames alone',
      { hidden: [8], outputs: 0, initialState: true },
      { macs: 16, cellCycles: 7, emit: 'last' },
    ],
    [
      'gates in turn, masks per gate',
      { cell: ['lstm', 'gru-before'], hidden: [16, 8], outputs: 2, sharing: 'per-gate' },
      { macs: 8, slices: 1, sumSlots: 1 },
    ],
    [
      'rows that take turns, last frames alone',
      { cell: ['dense-tanh', 'lstm', 'dense-linear'], hidden: [16, 16, 16], outputs: 0 },
      { macs: 64, emit: 'last' },
    ],
    ['a multiplier for each gate', { hidden: [8], outputs: 2 }, { macs: 4, bankWords: 16 }],
    [
      'wide adder trees',
      { inputs: 32, hidden: [32], outputs: 2, patterns: [null] },
      { macs: 1024 },
    ],
  ] satisfies readonly (readonly [string, Partial<RandomOptions>, Partial<DesignOptions>])[])(
    '%s',
    async (_, network: Partial<RandomOptions>, options: Partial<DesignOptions>) => {
      const model = randomModel({ ...base, hidden: [8], outputs: 0, ...network });
      const { configuration } = planDesign(model, { name: 'dut', ...options, pipeline: 'short' });
      expectExact(await simulate(configuration, model, { frames: 7, protocol: true }));
      const stalled = await simulate(configuration, model, { frames: 7, stall: 0.4 });
      expect(stalled.firstMismatch).toBeNull();
      expect(stalled.complaints).toEqual([]);
    },
  );

  test('a time-multiplexed lane takes as many cycles as there are gates, not fewer', () => {
    const model = randomModel({ ...base, hidden: [8], outputs: 3 });
    const plan = (cellCycles: number, pipeline: Pipeline) => () =>
      planDesign(model, { name: 'dut', macs: 16, cellCycles, pipeline });
    expect(plan(3, 'short')).toThrow(/expected 1, or 4/);
    expect(plan(2, 'deep')).toThrow(/expected 1, or 4/);
  });
});
