import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { runGolden } from '../../generator/golden/run.js';
import { alignSums } from '../../generator/network/arithmetic.js';
import { modelBytes, parseModel } from '../../generator/network/compressed-model.js';
import type { SparseMatrix } from '../../generator/network/model.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { modelSummary } from '../../generator/network/summary.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { codesFor } from '../support/directed.js';
import { hcgsOf } from '../support/hcgs-of.js';
import { refusal } from '../support/refusal.js';
import { stackOf } from '../support/stack.js';

const base: RandomOptions = {
  inputs: 128,
  hidden: [128, 128],
  patterns: [
    {
      kind: 'hcgs' as const,
      blocks: [32, 4],
      keep: [
        { k: 4, n: 16 },
        { k: 2, n: 8 },
      ],
    },
  ],
  sharing: 'shared',
  outputs: 0,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
};

describe('a random network', () => {
  it('is the same for the same seed and another for another', () => {
    expect(modelBytes(randomModel(base))).toEqual(modelBytes(randomModel(base)));
    expect(modelBytes(randomModel({ ...base, seed: 2 }))).not.toEqual(
      modelBytes(randomModel(base)),
    );
  });

  it('keeps the published number of weights', () => {
    const published = { ...base, inputs: 512, hidden: [512, 512, 512] };
    expect(modelSummary(randomModel(published))).toMatchObject({
      weights: 6_291_456,
      keptWeights: 393_216,
    });
  });

  it('counts 4 of 16 of 14 blocks as 4, and not the padding', () => {
    const { layers } = modelSummary(randomModel({ ...base, inputs: 440 }));
    expect(layers[0]?.x).toMatchObject({ keep: [4, 2] });
    expect(layers[0]?.x.stored).toBe(4 * 128 * 4 * 2 * 4);
    expect(layers[0]?.x.kept).toBeLessThanOrEqual(layers[0]?.x.stored ?? 0);
  });

  it('uses every weight code, in every gate', () => {
    const [layer] = stackOf(randomModel(base)).layers;
    const gate = (layer?.x.codes.length ?? 0) / 4;
    for (let g = 0; g < 4; g++) {
      const codes = new Set(layer?.x.codes.slice(g * gate, (g + 1) * gate));
      expect(codes.size).toBe(64);
    }
  });

  it('may have a pattern for each gate and for each layer', () => {
    const patterns = [{ kind: 'hcgs' as const, blocks: [], keep: [] }, ...base.patterns];
    const { layers } = stackOf(randomModel({ ...base, patterns, sharing: 'per-gate' }));
    expect(hcgsOf(layers[0]?.x.patterns[0]).blocks).toEqual([]);
    expect(layers[1]?.x.patterns).toHaveLength(4);
    const [first, second] = (layers[1]?.x.patterns ?? []).map(hcgsOf);
    expect(first?.indices).not.toEqual(second?.indices);
  });

  it('has gate sums with a standard deviation near 2, and some saturation', () => {
    const model = randomModel(base);
    const random = new Random(9);
    const codes = Int32Array.from({ length: 60 * 128 }, () => random.between(-4096, 4095));
    const { layers: own } = stackOf(model);
    const squares = own.map(() => ({ sum: 0, count: 0 }));
    const frames = { lengths: Int32Array.of(30, 30), inputs: 128, codes, saturated: 0 };
    const { saturations } = runGolden(model, frames, ({ layers }) => {
      layers.forEach(({ sums }, l) => {
        const { x, h, biasFraction } = own[l] as (typeof own)[number];
        const points = { x: 12 + x.exponent, h: 12 + h.exponent, bias: biasFraction };
        const step = 2 ** -alignSums(points, model.tables.scheme.inputFraction).fraction;
        const total = squares[l] as { sum: number; count: number };
        for (const s of sums) total.sum += (s * step) ** 2;
        total.count += sums.length;
      });
    });
    for (const { sum, count } of squares) {
      expect(Math.sqrt(sum / count)).toBeGreaterThan(1.3);
      expect(Math.sqrt(sum / count)).toBeLessThan(2.8);
    }
    expect(saturations.gateInput + saturations.cell).toBeGreaterThan(0);
  });

  it('refuses as many lists as there are no layers, and word lengths out of range', () => {
    const three = [base.patterns, base.patterns, base.patterns].flat();
    expect(refusal(() => randomModel({ ...base, patterns: three })).code).toBe('RANDOM_SHAPE');
    const words = { ...base.words, weight: 17 };
    expect(refusal(() => randomModel({ ...base, words }))).toMatchObject({
      code: 'WORD_LENGTH',
      field: '--weight-bits',
      got: 17,
    });
  });
});

describe('a random network of both directions', () => {
  const small: RandomOptions = {
    ...{ inputs: 6, hidden: [8, 4], outputs: 3, sharing: 'per-gate', seed: 5 },
    patterns: [
      {
        kind: 'hcgs',
        blocks: [4, 2],
        keep: [
          { k: 1, n: 2 },
          { k: 1, n: 2 },
        ],
      },
    ],
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    bidirectional: 'concat',
  };
  const reads = ({ passes }: ReturnType<typeof randomModel>) =>
    passes.map(({ operands }) => operands.map(({ vectors, age }) => [vectors, age]));

  /** What a pass reads as x is multiplied by. */
  const matrixOf = ({ passes }: ReturnType<typeof randomModel>, n: number): SparseMatrix => {
    const [x] = passes[n]?.operands ?? [];
    if (x === undefined) throw new Error(`no pass ${n}`);
    return x.matrix;
  };

  it.each(['lstm', 'gru', 'rnn-tanh', 'rnn-relu', 'lstm-peephole', 'gru-relu'] as const)(
    'has %s layers that read both directions below',
    (cell) => {
      const model = randomModel({ ...small, cell });
      expect(model.passes.map(({ direction }) => direction)).toEqual([
        ...[undefined, 'backward', undefined, 'backward', undefined],
      ]);
      expect(reads(model)).toEqual([
        ...[
          [
            [[0], 0],
            [[1], 1],
          ],
          [
            [[0], 0],
            [[2], 1],
          ],
        ],
        ...[
          [
            [[1, 2], 0],
            [[3], 1],
          ],
          [
            [[1, 2], 0],
            [[4], 1],
          ],
        ],
        [[[3, 4], 0]],
      ]);
      expect(parseModel(modelBytes(model), 'm')).toEqual(model);
    },
  );

  it.each([
    ['gru-before', undefined],
    ['lstm', [2]],
  ] as const)('has both passes of a %s layer in its direction', (cell, projection) => {
    const model = randomModel({ ...small, cell, projection, hidden: [4] });
    expect(model.passes.map(({ direction }) => direction)).toEqual([
      ...[undefined, undefined, 'backward', 'backward', undefined],
    ]);
    expect(model.passes[4]?.operands[0]?.vectors).toEqual([2, 4]);
  });

  it('reads a sum with two equal halves of a matrix', () => {
    const model = randomModel({ ...small, bidirectional: 'sum' });
    for (const n of [2, 3, 4]) {
      const { columns, codes, patterns } = matrixOf(model, n);
      const half = columns / 2;
      for (let first = 0; first < codes.length; first += columns) {
        const row = codes.subarray(first, first + columns);
        expect(row.subarray(0, half)).toEqual(row.subarray(half));
      }
      for (const { kept, rows } of patterns.map(keptMask)) {
        for (let row = 0; row < rows; row++) {
          const own = kept.subarray(row * columns, (row + 1) * columns);
          expect(own.subarray(0, half)).toEqual(own.subarray(half));
        }
      }
      expect(new Set(codes).size).toBeGreaterThan(2);
    }
  });

  it('computes the sum of both directions', () => {
    const sum = randomModel({ ...small, bidirectional: 'sum', hidden: [4] });
    const frames = codesFor(sum, [5, 3], new Random(8));
    const got = runGolden(sum, frames);
    const shown: Int32Array[] = [];
    runGolden(sum, frames, ({ layers: [f, b] }) => {
      shown.push((f?.value ?? new Int32Array()).map((h, k) => h + (b?.value[k] ?? 0)));
    });
    const matrix = matrixOf(sum, 2);
    const { bias, biasFraction } = sum.passes[2] as { bias: Int32Array; biasFraction: number };
    const point = Math.max(12 + matrix.exponent, biasFraction);
    shown.forEach((h, t) => {
      const wanted = [0, 1, 2].map((row) => {
        const codes = matrix.codes.subarray(row * 8, row * 8 + 4);
        const product = h.reduce((total, value, k) => total + value * (codes[k] as number), 0);
        const scaled = product * 2 ** (point - 12 - matrix.exponent);
        return scaled + (bias[row] as number) * 2 ** (point - biasFraction);
      });
      expect([...got.outputs.subarray(3 * t, 3 * t + 3)]).toEqual(wanted);
    });
  });

  it('has fully connected layers in one direction', () => {
    const cell = ['lstm', 'dense-tanh', 'gru'] as const;
    const model = randomModel({ ...small, cell, hidden: [4, 4, 4] });
    expect(model.passes.map(({ direction }) => direction ?? 'forward')).toEqual([
      ...['forward', 'backward', 'forward', 'forward', 'backward', 'forward'],
    ]);
    expect(reads(model)[3]).toEqual([
      [[3], 0],
      [[4], 1],
    ]);
  });

  it.each<[string, Partial<RandomOptions>, string, string | number]>([
    ['nothing behind the last layer', { outputs: 0 }, 'a layer behind both directions', 'none'],
    [
      'no recurrent layer',
      { cell: 'dense-tanh', bidirectional: 'sum' },
      'a recurrent layer',
      'none',
    ],
    [
      'blocks across both directions',
      { hidden: [6, 4], bidirectional: 'sum' },
      'values of each direction that blocks of 4 divide',
      6,
    ],
  ])('is refused with %s', (_, change, expected, got) => {
    const report = refusal(() => randomModel({ ...small, ...change }));
    const { bidirectional = 'concat' } = change;
    expect(report).toMatchObject({ code: 'RANDOM_SHAPE', got });
    expect(report.field).toBe(`--bidirectional ${bidirectional}`);
    expect(report.expected).toContain(expected);
  });

  it('takes blocks across both directions where they stand side by side', () => {
    const { passes } = randomModel({ ...small, hidden: [6, 4] });
    expect(passes[2]?.operands[0]?.matrix.columns).toBe(12);
  });
});
