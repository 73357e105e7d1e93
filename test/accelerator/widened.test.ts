import { describe, expect, test } from 'vitest';
import { planDesign, predictModel } from '../../generator/accelerator/index.js';
import type { DesignOptions } from '../../generator/accelerator/plan/options.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { STANDARD_WORDS } from '../support/kws.js';
import { expectExact, simulate } from '../support/simulate.js';

function network(options: Partial<RandomOptions>) {
  return randomModel({
    ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed: 1 },
    words: STANDARD_WORDS,
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
    ...options,
  });
}

describe('a design with room for another model', () => {
  test.each<[string, Partial<RandomOptions>, Partial<RandomOptions>, Partial<DesignOptions>]>([
    ['fewer kinds of cells, short ones', { cell: ['gru', 'rnn-tanh'] }, { cell: 'rnn-tanh' }, {}],
    ['another kind of cells', { cell: 'lstm' }, { cell: 'gru' }, {}],
    ['states of its own', {}, { initialState: true, seed: 4 }, {}],
    [
      'more layers and inputs, denser',
      { hidden: [8] },
      { inputs: 9, hidden: [16, 8, 8], patterns: [{ kind: 'hcgs', blocks: [], keep: [] }] },
      {},
    ],
    ['masks per gate', {}, { sharing: 'per-gate', seed: 2 }, {}],
    [
      'bits in its lists',
      { patterns: [{ kind: 'rows', rate: 4 }] },
      { seed: 2, hidden: [24, 12] },
      { array: 'queues' },
    ],
    [
      'smaller blocks',
      { patterns: [{ kind: 'hcgs', blocks: [8], keep: [{ k: 1, n: 2 }] }] },
      {},
      {},
    ],
  ])('%s: exact, in the cycles predicted for each', async (_title, first, second, options) => {
    const [one, other] = [network(first), network(second)];
    const { configuration: c } = planDesign(one, {
      ...{ name: 'dut', macs: 16, keepOrder: true, fit: [{ model: other }] },
      ...options,
    });
    for (const model of [one, other]) {
      const result = await simulate(c, model, { frames: 24 });
      expectExact(result, false);
      expect(result.steady?.cyclesPerFrame).toBe(predictModel(c, model).cyclesPerFrame);
    }
  });

  test('names the file of one that needs another structure', () => {
    const other = network({ words: { ...STANDARD_WORDS, activation: 12 } });
    const fit = [{ model: other, file: 'other.safetensors' }];
    expect(() => planDesign(network({}), { name: 'dut', macs: 16, fit })).toThrow(
      expect.objectContaining({
        report: expect.objectContaining({ code: 'SHAPE_CONTRACT', file: 'other.safetensors' }),
      }),
    );
  });
});
