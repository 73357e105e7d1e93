import { describe, expect, test } from 'vitest';
import { type DesignOptions, planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { randomShape } from '../support/random-shapes.js';
import { expectExact, simulate } from '../support/simulate.js';

/** More seeds than these: HCGS_CELL_SEEDS=100 npx vitest run test/cells/overlapped.test.ts. */
const SEEDS = Number(process.env.HCGS_CELL_SEEDS ?? 6);
const PIPELINES = ['deep', 'balanced', 'short'] as const;

async function check(model: ReturnType<typeof randomModel>, options: DesignOptions, seed: number) {
  const { configuration } = planDesign(model, options);
  expect(configuration.cellCycles).toBe(options.cellCycles);
  expect(hazards(orderOf(configuration, model))).toEqual([]);
  expectExact(await simulate(configuration, model, { frames: 12, seed, protocol: true }));
  const stalled = await simulate(configuration, model, { frames: 7, stall: 0.3, seed });
  expect(stalled.firstMismatch).toBeNull();
  expect(stalled.complaints).toEqual([]);
}

describe('a lane whose cells overlap', () => {
  test.each(Array.from({ length: SEEDS }, (_, n) => n + 1))(
    'random networks, seed %i: exact, in the cycles predicted, with and without stalls',
    async (seed) => {
      const shape = randomShape(seed + 40, undefined, 'lstm');
      const pipeline = PIPELINES[seed % 3];
      // the lane that takes one cell at a time begins at 18, 10 and 6 cycles
      const cellCycles = [4, 5, 4, 9, 5, 17][seed % 6];
      const { macs } = shape.options;
      await check(shape.model(seed), { ...shape.options, macs, pipeline, cellCycles }, seed);
    },
  );

  const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
  const half = { k: 1, n: 2 };
  const patterns = [{ kind: 'hcgs' as const, blocks: [8, 4], keep: [half, half] }];
  const base: RandomOptions = {
    ...{ inputs: 12, hidden: [8, 12], outputs: 3, sharing: 'shared', seed: 3, words, patterns },
  };
  test.each([
    ['no output layer, initial states', { outputs: 0, initialState: true }, { emit: 'last' }],
    ['outputs of last frames', {}, { emit: 'last', macs: 8 }],
    ['streams', { initialState: true }, { streams: 3, macs: 8 }],
    ['streams without an output layer', { outputs: 0 }, { streams: 2, macs: 16 }],
    ['one cell in a layer', { hidden: [1, 1, 1], patterns: [null] }, { macs: 64, tileRows: 1 }],
  ] satisfies readonly (readonly [string, Partial<RandomOptions>, Partial<DesignOptions>])[])(
    '%s',
    async (_, network: Partial<RandomOptions>, options: Partial<DesignOptions>) => {
      const own = { name: 'dut', macs: 32, cellCycles: 4, ...options };
      await check(randomModel({ ...base, ...network }), own, 5);
    },
  );

  test.each([
    ['lstm-peephole', '--cell-cycles: expected 1 for cells of this kind, and of several, got 4'],
    ['gru', '--cell-cycles: expected 1 for cells of this kind, and of several, got 4'],
  ] as const)('is refused for cells of %s', (cell, message) => {
    const model = randomModel({ ...base, cell });
    expect(() => planDesign(model, { name: 'dut', cellCycles: 4 })).toThrow(message);
  });

  test('is refused with queues of rows', () => {
    const options = { name: 'dut', cellCycles: 4, array: 'queues', macs: 16 } as const;
    expect(() => planDesign(randomModel(base), options)).toThrow('sets with --cell-cycles 4');
  });
});
