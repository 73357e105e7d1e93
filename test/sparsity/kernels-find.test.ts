import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { atOnce } from '../../generator/base/steps.js';
import { describeZeros, findPatterns } from '../../generator/sparsity/find.js';
import { figuresOf, usedLines } from '../../generator/sparsity/kernels/in-mask.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import { type Mask, type MatrixMasks, union } from '../../generator/sparsity/mask.js';
import { PATTERNS, type PatternSpec } from '../../generator/sparsity/registry.js';
import { refusal } from '../support/refusal.js';
import { found, masksOf } from './support/lists.js';

const { kernels: KERNELS } = PATTERNS;
type KernelsPattern = ReturnType<typeof KERNELS.dense>;
const SIZE = { rows: 128, columns: 96 };

const draw = (texts: Readonly<Record<string, string>>, seed = 1, size = SIZE) =>
  KERNELS.draw(size, KERNELS.parse.spec(texts), new Random(seed));

const matrixOf = (perGate: readonly Mask[]): MatrixMasks => ({
  ...{ name: 'w', group: 0, perGate, shared: union(perGate) },
});

/** The masks with so many of a thousand weights zero by chance. */
function shortWords({ perGate }: MatrixMasks, zeros: number): MatrixMasks {
  const random = new Random(5);
  return matrixOf(
    perGate.map((mask) => ({
      ...mask,
      kept: mask.kept.map((one) => one & Number(random.below(1000) >= zeros)),
    })),
  );
}

/** Masks of gates whose weights stand anywhere; `of(row)`: their share in thousandths. */
function anywhere(gates: number, seed: number, of: (row: number) => number): MatrixMasks {
  const random = new Random(seed);
  return matrixOf(
    Array.from({ length: gates }, () => ({
      ...SIZE,
      kept: Uint8Array.from({ length: SIZE.rows * SIZE.columns }, (_, at) =>
        Number(random.below(1000) < of(Math.floor(at / SIZE.columns))),
      ),
    })),
  );
}

/** The kind that a search takes for the zeros of a matrix, and the one that describes them. */
function kindsOf(matrix: MatrixMasks): readonly (string | undefined)[] {
  const [choice] = atOnce(findPatterns([matrix], { fill: false }));
  const { findings } = atOnce(describeZeros(matrix, undefined));
  return [choice?.kind, findings[0]?.kind];
}

describe('kernels in the zeros of a matrix', () => {
  test.each([
    ['8', '4', 'binomial'],
    ['16', '13', 'binomial'],
    ['32', '8', 'equal'],
    ['64', '8', 'skewed'],
  ])('are found, shared and per gate: blocks of %s, 1 in %s, %s', (blocks, rate, balance) => {
    const each = [1, 2, 3].map((seed) => draw({ blocks, rate, balance }, seed));
    for (const patterns of [each.slice(0, 1), each]) {
      const matrix = masksOf(patterns, 3);
      expect(kindsOf(matrix)).toEqual(['kernels', 'kernels']);
      expect(found('kernels', matrix)[0]).toMatchObject({
        ...{ sharing: patterns.length === 1 ? 'shared' : 'per-gate', patterns },
      });
    }
  });

  test('are found beside weights that happen to be zero', () => {
    const patterns = [1, 2, 3].map((seed) => draw({ blocks: '32', rate: '8' }, seed));
    const [own] = found('kernels', shortWords(masksOf(patterns, 3), 16));
    expect(own).toMatchObject({ sharing: 'per-gate', patterns });
  });

  test.each([2, 10, 50, 100, 300, 700, 970])(
    'are not there where %i in a thousand weights stand anywhere, or in some rows more than in others',
    (share) => {
      for (const gates of [1, 4]) {
        const random = new Random(share);
        const skewed = Array.from({ length: SIZE.rows }, () => 2 * share * random.unit());
        for (const of of [() => share, (row: number) => skewed[row] as number]) {
          expect(kindsOf(anywhere(gates, share + gates, of))).not.toContain('kernels');
        }
      }
    },
  );

  test('are there for the user who names them, however few they are', () => {
    const matrix = anywhere(1, 3, () => 1);
    const named = atOnce(KERNELS.find.search([matrix], { fill: false, named: true }));
    expect(named).toMatchObject([{ kind: 'kernels', dense: false }]);
    const error = refusal(() => found('kernels', matrix));
    expect(error).toMatchObject({ code: 'PATTERN_NOT_FOUND', field: 'w', file: 'net' });
  });

  test('may be beside matrices that are whole, too small to tell, or nothing but zeros', () => {
    const sizes = [SIZE, { rows: 128, columns: 1 }];
    const [one, thin] = sizes.map((size) =>
      masksOf([draw({ blocks: '16', rate: '4' }, 2, size)], 2),
    ) as [MatrixMasks, MatrixMasks];
    const full = masksOf([KERNELS.dense(SIZE)], 2);
    const zeros = matrixOf([{ ...SIZE, kept: new Uint8Array(SIZE.rows * SIZE.columns) }]);
    const matrices = [one, thin, full, zeros];
    const choices = atOnce(KERNELS.find.search(matrices, { fill: false }));
    expect(choices.map(({ dense }) => dense)).toEqual([false, false, true, false]);
    const last = choices[3] as (typeof choices)[0];
    const [none] = KERNELS.find.fit(zeros, last, { fill: false }).patterns;
    KERNELS.validate(none as KernelsPattern, 'zeros');
    expect(KERNELS.counts.kept(none as KernelsPattern)).toBe(1);
  });

  test('are not there beside others where a matrix is large enough to tell', () => {
    const [rows, columns] = [512, 512];
    const random = new Random(6);
    // single weights in nearly all of the blocks of 8 x 8 that have some, so that few zeros are between them
    const kept = Uint8Array.from({ length: rows * columns }, () => Number(random.below(400) === 0));
    const matrices = [
      masksOf([draw({ blocks: '16', rate: '4' })], 1),
      { ...matrixOf([{ rows, columns, kept }]), name: 'large' },
    ];
    const search = (named: boolean) =>
      atOnce(KERNELS.find.search(matrices, { fill: false, named }));
    expect(refusal(() => search(false))).toMatchObject({
      code: 'PATTERN_NOT_FOUND',
      field: 'large',
    });
    expect(search(true)).toMatchObject([{ height: 16 }, { height: 8 }]);
  });

  test('are measured by what zeros anywhere keep in vain: the mean of many', () => {
    const random = new Random(9);
    const [sides, size] = [
      { height: 8, width: 5 },
      { rows: 60, columns: 61 },
    ];
    let [beyond, expected] = [0, 0];
    for (let n = 0; n < 60; n++) {
      const kept = Uint8Array.from({ length: size.rows * size.columns }, () =>
        Number(random.below(100) < 4),
      );
      const own = figuresOf(usedLines({ ...size, kept }, sides));
      [beyond, expected] = [beyond + own.beyond, expected + own.expected];
    }
    expect(beyond / expected).toBeGreaterThan(0.95);
    expect(beyond / expected).toBeLessThan(1.05);
  });

  test('are not blocks out of balance, unless the user names them', () => {
    const random = new Random(4);
    const blocks = Array.from({ length: 16 * 12 }, () => Number(random.below(3) === 0));
    const kept = Uint8Array.from({ length: SIZE.rows * SIZE.columns }, (_, at) => {
      const [row, column] = [Math.floor(at / SIZE.columns), at % SIZE.columns];
      return blocks[12 * (row >> 3) + (column >> 3)] as number;
    });
    const matrix = matrixOf([{ ...SIZE, kept }]);
    expect(kindsOf(matrix)).not.toContain('kernels');
    expect(refusal(() => found('kernels', matrix)).message).toContain('weights stand in blocks');
    const named = atOnce(KERNELS.find.search([matrix], { fill: false, named: true }));
    expect(named).toMatchObject([{ kind: 'kernels', height: 8, width: 8 }]);
  });

  test('are refused with the zeros that they would keep', () => {
    const error = refusal(() =>
      found(
        'kernels',
        anywhere(2, 1, () => 300),
      ),
    );
    expect(error).toMatchObject({ code: 'PATTERN_NOT_FOUND', field: 'w', file: 'net' });
    expect(error.message).toMatch(
      /kernels in blocks of 8x8 do not explain its zeros, \d+ zeros in \d+ positions that they keep/,
    );
    const near = atOnce(
      KERNELS.find.zeros(
        anywhere(2, 1, () => 300),
        undefined,
      ),
    );
    expect(near.kind).toBe('near');
  });
});

test.each<[PatternSpec]>([
  [
    {
      kind: 'hcgs',
      blocks: [16, 4],
      keep: [
        { k: 1, n: 2 },
        { k: 1, n: 2 },
      ],
    },
  ],
  [{ kind: 'strips', height: 16, width: 32, columnRate: 4, rowRate: 2 }],
  [{ kind: 'banks', bank: 8, rate: 4 }],
  [{ kind: 'rows', rate: 8 }],
  [{ kind: 'mask', rate: 10, balance: 'binomial' }],
  [{ kind: 'mask', rate: 10, balance: 'skewed' }],
])('zeros of %j stay what they were', (spec) => {
  const kind = patternKind(spec);
  for (const gates of [1, 4]) {
    const patterns = Array.from({ length: gates }, (_, g) => kind.draw(SIZE, spec, new Random(g)));
    expect(kindsOf(masksOf(patterns, gates))).toEqual([spec.kind, spec.kind]);
  }
});

describe('sides that a user states', () => {
  const one = draw({ blocks: '24x40', rate: '6' }, 4);
  const fit = (matrix: MatrixMasks, blocks: string, fill = false) =>
    KERNELS.find.fitTo(matrix, KERNELS.parse.shape({ blocks }), { fill, file: 'f' });

  test('hold the pattern that has them, and are refused where they do not', () => {
    expect(fit(masksOf([one], 3), '24x40')).toMatchObject({ sharing: 'shared', patterns: [one] });
    const error = refusal(() => fit(masksOf([one], 3), '48x40'));
    expect(error).toMatchObject({ code: 'PATTERN_NOT_FOUND', field: 'w', file: 'f' });
  });

  test('need no zero blocks', () => {
    for (const act of [
      () => fit(masksOf([one], 1), '24x40', true),
      () => atOnce(KERNELS.find.search([masksOf([one], 1)], { fill: true })),
    ]) {
      expect(refusal(act)).toMatchObject({ code: 'BAD_USAGE', field: '--fill' });
    }
  });
});

test('zeros are described as the search takes them', () => {
  const pattern = draw({ blocks: '16', rate: '6' }, 3);
  const matrix = shortWords(masksOf([pattern], 3), 20);
  const [own] = found('kernels', matrix);
  const { kind, findings } = atOnce(describeZeros(matrix, own?.choice));
  const kept = 3 * KERNELS.counts.kept(pattern);
  const weights = matrix.perGate.reduce(
    (sum, mask) => sum + mask.kept.reduce((a, b) => a + b, 0),
    0,
  );
  expect(kind).toBe('exact');
  expect(findings).toMatchObject([
    {
      ...{ kind: 'kernels', height: 16, width: 16, sharing: 'shared', kept },
      ...{ beyond: kept - weights, indexBits: KERNELS.counts.indexBits(pattern) },
    },
  ]);
  expect(kept).toBeGreaterThan(weights);
});
