import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { packedRows } from '../../generator/golden/packed-rows.js';
import { sparseRows } from '../../generator/golden/sparse-rows.js';
import { accumulate, type Weights, weightsOf } from '../../generator/golden/weighted-sums.js';
import type { SparseMatrix } from '../../generator/network/model.js';
import { models } from '../support/networks.js';
import { stackOf } from '../support/stack.js';

function sumsOf(weights: Weights, x: Float64Array, shift: number, start: Float64Array): number[] {
  const sums = start.slice();
  accumulate(weights, x, shift, sums);
  return [...sums];
}

/** A dense matrix of one gate with every code the same, in eight rows of which the last one is zero. */
function uniform(columns: number, code: number): SparseMatrix {
  const codes = new Int16Array(8 * columns).fill(code, 0, 7 * columns);
  const pattern = { kind: 'hcgs', rows: 8, columns, blocks: [], keep: [], indices: [] } as const;
  return { rows: 8, columns, sharing: 'shared', patterns: [pattern], exponent: 0, codes };
}

describe('packed rows', () => {
  it('have the sums of sparse rows, over patterns, sharing and word lengths', () => {
    let packed = 0;
    fc.assert(
      fc.property(models, fc.nat(), fc.integer({ min: 0, max: 6 }), (model, seed, shift) => {
        const random = new Random(seed);
        const half = 2 ** (model.words.activation - 1);
        const { layers, output } = stackOf(model);
        const matrices = layers.flatMap(({ x, h }) => [x, h]);
        for (const matrix of [...matrices, ...(output === null ? [] : [output.weights])]) {
          const fast = packedRows(matrix, model.words.activation);
          if (fast === null) continue;
          packed++;
          const code = () => (random.below(4) === 0 ? -half : random.between(-half, half - 1));
          const x = Float64Array.from({ length: matrix.columns }, code);
          const rows = matrix.codes.length / matrix.columns;
          const start = Float64Array.from({ length: rows }, () => random.between(-9999, 9999));
          const slow = sumsOf(sparseRows(matrix), x, shift, start);
          expect(sumsOf(fast, x, shift, start)).toEqual(slow);
        }
      }),
      { numRuns: 300 },
    );
    expect(packed).toBeGreaterThan(100);
  });

  it('are exact up to the largest sums that they are made for', () => {
    const columns = 2 ** 12 - 1; // times a code of 2 and an x of 2^12: one step short of 2^25
    for (const code of [2, -2]) {
      const matrix = uniform(columns, code);
      const weights = packedRows(matrix, 13);
      if (weights === null) throw new Error('not packed');
      const x = new Float64Array(columns).fill(-(2 ** 12));
      const sum = -code * columns * 2 ** 12;
      const expected = [...new Array<number>(7).fill(sum), 0];
      expect(sumsOf(weights, x, 0, new Float64Array(8))).toEqual(expected);
    }
  });

  it('give way to sparse rows where two sums do not fit in a double', () => {
    const matrix = uniform(2 ** 12, 2);
    expect(packedRows(matrix, 13)).toBeNull();
    expect(packedRows(matrix, 12)).not.toBeNull();
    const weights = weightsOf(matrix, 13);
    expect(weights.kind).toBe('sparse');
    const x = new Float64Array(2 ** 12).fill(-(2 ** 12));
    expect(sumsOf(weights, x, 0, new Float64Array(8))[6]).toBe(-(2 ** 25));
  });
});
