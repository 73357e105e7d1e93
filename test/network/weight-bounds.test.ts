import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { CELLS } from '../../generator/network/cells/registry.js';
import type { Model, SparseMatrix } from '../../generator/network/model.js';
import { type Pass, programOf } from '../../generator/network/program.js';
import { randomModel } from '../../generator/network/random.js';
import { bitsHolding, signedBits, structuralBounds } from '../../generator/network/sum-bounds.js';
import { weightBounds } from '../../generator/network/weight-bounds.js';
import { models, startedModels } from '../support/networks.js';
import { stackOf, withStack } from '../support/stack.js';

/** Sums of all rows of a matrix for one vector of activations. */
function sumsOf({ codes, columns }: SparseMatrix, x: readonly number[]): number[] {
  return Array.from({ length: codes.length / columns }, (_, row) =>
    x.reduce((sum, value, k) => sum + value * (codes[row * columns + k] as number), 0),
  );
}

/** Activations that make one row of a matrix as large as possible, or as small. */
function worstFor(matrix: SparseMatrix, row: number, bits: number, sign: 1 | -1): number[] {
  const limit = 2 ** (bits - 1);
  return Array.from({ length: matrix.columns }, (_, k) => {
    const code = matrix.codes[row * matrix.columns + k] as number;
    return sign * code > 0 ? limit - 1 : -limit;
  });
}

/** The extreme sums of the layers of a model, row by row with the activations that give them. */
function extremes(model: Model) {
  const { activation } = model.words;
  const { layers: recurrent, output } = stackOf(model);
  const layers = recurrent.map(({ x, h, bias, initial }, l) => {
    const align = (programOf(model).passes[l] as Pass).align;
    const first = initial?.bias ?? null;
    return { sides: [x, h], shifts: [align.x, align.h], bias, first, shift: align.bias };
  });
  if (output !== null) {
    const { weights, bias } = output;
    const align = (programOf(model).passes.at(-1) as Pass).align;
    layers.push({ sides: [weights], shifts: [align.x], bias, first: null, shift: align.bias });
  }
  return layers.map(({ sides, shifts, bias, first, shift }) => {
    const rows = [...bias].map((code, row) => {
      const at = (sign: 1 | -1) =>
        sides.map((side) => sumsOf(side, worstFor(side, row, activation, sign))[row] as number);
      const total = (sums: readonly number[]) =>
        sums.reduce((sum, value, s) => sum + value * 2 ** (shifts[s] as number), code * 2 ** shift);
      // of the first frame, in which h is zero
      const start = [-1, 1].map((sign) =>
        first === null
          ? 0
          : (first[row] as number) * 2 ** shift +
            (at(sign as 1 | -1)[0] as number) * 2 ** (shifts[0] as number),
      );
      const [least, most] = [total(at(-1)), total(at(1))];
      return { low: at(-1), high: at(1), aligned: [least, most, ...start] };
    });
    return {
      sides: sides.map((_, s) => ({
        low: Math.min(0, ...rows.map((row) => row.low[s] as number)),
        high: Math.max(0, ...rows.map((row) => row.high[s] as number)),
      })),
      aligned: {
        low: Math.min(0, ...rows.flatMap((row) => row.aligned)),
        high: Math.max(0, ...rows.flatMap((row) => row.aligned)),
      },
    };
  });
}

const RUNS = { numRuns: 40 };

describe('the range of the sums with the weights that a model has', () => {
  it('of rows of zeros is zero, without a sign', () => {
    const random = fc.sample(models, { numRuns: 1, seed: 1 })[0] as Model;
    const zero = <T extends SparseMatrix>(matrix: T): T => ({
      ...matrix,
      codes: matrix.codes.map(() => 0),
    });
    const layers = stackOf(random).layers.map((layer) => ({
      ...layer,
      x: zero(layer.x),
      h: zero(layer.h),
    }));
    for (const { x, h } of weightBounds(withStack(random, { layers, output: null }))) {
      expect([x, h]).toEqual([
        { low: 0, high: 0 },
        { low: 0, high: 0 },
      ]);
    }
  });

  it('is what the worst activations of the worst row give', () => {
    fc.assert(
      fc.property(startedModels, (model) => {
        const expected = extremes(model);
        weightBounds(model).forEach(({ x, h, aligned }, l) => {
          expect([x, ...(h === null ? [] : [h])]).toEqual(expected[l]?.sides);
          expect(aligned).toEqual(expected[l]?.aligned);
        });
      }),
      RUNS,
    );
  });

  it('holds every sum of random activations, and lies within the structural bound', () => {
    fc.assert(
      fc.property(models, fc.nat(), (model, seed) => {
        const random = new Random(seed);
        const limit = 2 ** (model.words.activation - 1);
        const ranges = weightBounds(model);
        const structural = structuralBounds(model);
        stackOf(model).layers.forEach(({ x }, l) => {
          const values = Array.from({ length: x.columns }, () => random.between(-limit, limit - 1));
          for (const sum of sumsOf(x, values)) {
            expect(sum).toBeGreaterThanOrEqual(ranges[l]?.x.low as number);
            expect(sum).toBeLessThanOrEqual(ranges[l]?.x.high as number);
          }
        });
        ranges.forEach(({ x, h, aligned }, l) => {
          const bound = structural[l] as (typeof structural)[number];
          expect(Math.max(-x.low, x.high)).toBeLessThanOrEqual(bound.x);
          expect(Math.max(-(h?.low ?? 0), h?.high ?? 0)).toBeLessThanOrEqual(bound.h ?? 0);
          expect(Math.max(-aligned.low, aligned.high)).toBeLessThanOrEqual(bound.aligned);
        });
      }),
      RUNS,
    );
  });
});

describe('the bits of a word', () => {
  it.each([
    [0, 0, 1],
    [-1, 0, 1],
    [0, 1, 2],
    [-2, 1, 2],
    [-2, 2, 3],
    [-3, 0, 3],
    [-(2 ** 40), 2 ** 40 - 1, 41],
    [-(2 ** 40) - 1, 0, 42],
    [0, 2 ** 40, 42],
  ])('from %i to %i are %i', (low, high, bits) => {
    expect(bitsHolding(low, high)).toBe(bits);
  });

  it('of both signs hold the magnitude itself', () => {
    expect([1, 7, 8, 2 ** 50 - 1, 2 ** 50].map(signedBits)).toEqual([2, 4, 5, 51, 52]);
  });
});

describe.each(['gru', 'rnn-tanh', 'rnn-relu'] as const)('the sums of %s layers', (cell) => {
  it('stay within the bounds of their channels, which are reached', () => {
    const model = randomModel({
      ...{ cell, inputs: 3, hidden: [4], outputs: 0, sharing: 'shared', seed: 5 },
      ...{ words: { weight: 4, activation: 5, cell: 12, bias: 8 }, patterns: [null] },
    });
    const [pass] = programOf(model).passes as [Pass];
    const [bounds] = weightBounds(model);
    const [x, h] = pass.operands.map(({ matrix }) => matrix) as [SparseMatrix, SparseMatrix];
    const edges = CELLS[cell].channels.flatMap(({ gate, operands }, channel) =>
      Array.from({ length: pass.rows }, (_, k) => {
        const row = gate * pass.rows + k;
        const bias = (pass.bias[channel * pass.rows + k] as number) * 2 ** pass.align.bias;
        return ([-1, 1] as const).map((sign) => {
          const of = (side: SparseMatrix, shift: number) =>
            2 ** shift * (sumsOf(side, worstFor(side, row, 5, sign))[row] as number);
          const ofX = operands === 'h' ? 0 : of(x, pass.align.x);
          return bias + ofX + (operands === 'x' ? 0 : of(h, pass.align.h));
        });
      }),
    );
    const [low, high] = [edges.map(([least]) => least), edges.map(([, most]) => most)];
    expect(bounds?.aligned).toEqual({
      low: Math.min(0, ...(low as number[])),
      high: Math.max(0, ...(high as number[])),
    });
  });
});
