import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { runGolden } from '../../generator/golden/run.js';
import { SumWatch } from '../../generator/golden/sum-peaks.js';
import type { Frames } from '../../generator/network/frames.js';
import type { SparseMatrix } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';
import { equalLengths } from '../../generator/network/utterances.js';
import { startedModels } from '../support/networks.js';
import { stackOf } from '../support/stack.js';

function largest({ codes, columns }: SparseMatrix, x: ArrayLike<number>): number {
  const sums = Array.from({ length: codes.length / columns }, (_, row) =>
    Array.from(x).reduce((sum, value, k) => sum + value * (codes[row * columns + k] as number), 0),
  );
  return Math.max(...sums.map(Math.abs));
}

/** Models of one layer of another cell and an output layer. */
const others = fc
  .record({
    cell: fc.constantFrom('gru' as const, 'rnn-tanh' as const, 'rnn-relu' as const),
    seed: fc.nat({ max: 1000 }),
    initialState: fc.boolean(),
  })
  .map((options) =>
    randomModel({
      ...{ ...options, inputs: 4, hidden: [5, 3], outputs: 2, sharing: 'shared', patterns: [null] },
      words: { weight: 5, activation: 8, cell: 12, bias: 10 },
    }),
  );

describe('the largest sums of a run', () => {
  it('are those of both sides of every layer, and of the aligned sums', () => {
    fc.assert(
      fc.property(fc.oneof(startedModels, others), fc.nat(), (model, seed) => {
        const random = new Random(seed);
        const half = 2 ** (model.words.activation - 1);
        const inputs = stackOf(model).layers[0]?.inputs as number;
        const [utterances, frames] = [2, 3];
        const codes = Int32Array.from({ length: utterances * frames * inputs }, () =>
          random.between(-half, half - 1),
        );
        const lengths = equalLengths(utterances, frames);
        const input: Frames = { lengths, inputs, codes, saturated: 0 };
        const watch = new SumWatch(model, input);
        const { layers, output: head } = stackOf(model);
        const expected = layers.map(() => ({ x: 0, h: 0, aligned: 0 }));
        const output = { x: 0, h: null, aligned: 0 };
        let before: Int32Array[] = layers.map(({ cells }) => new Int32Array(cells));
        runGolden(model, input, (frame, index) => {
          watch.visit(frame, index);
          if (index % frames === 0) before = layers.map(({ cells }) => new Int32Array(cells));
          let below: Int32Array = codes.slice(index * inputs, (index + 1) * inputs);
          frame.layers.forEach(({ sums, value }, l) => {
            const layer = layers[l] as (typeof layers)[number];
            const peak = expected[l] as (typeof expected)[number];
            peak.x = Math.max(peak.x, largest(layer.x, below));
            peak.h = Math.max(peak.h, largest(layer.h, before[l] as Int32Array));
            peak.aligned = Math.max(peak.aligned, ...sums.map(Math.abs));
            below = value;
          });
          before = frame.layers.map(({ value }) => value);
          if (head !== null) {
            output.x = Math.max(output.x, largest(head.weights, below));
            output.aligned = Math.max(output.aligned, ...frame.outputs.map(Math.abs));
          }
        });
        expect(watch.peaks()).toEqual([...expected, ...(head === null ? [] : [output])]);
      }),
      { numRuns: 60 },
    );
  });
});
