import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { PATTERNS } from '../../generator/sparsity/registry.js';
import { refusal } from '../support/refusal.js';
import { densePermuted, filed, orderOf } from './support/lists.js';

const { kernels: KERNELS } = PATTERNS;
type KernelsPattern = ReturnType<typeof KERNELS.dense>;
type Balance = 'binomial' | 'skewed' | 'equal';

const draw = (
  [rows, columns]: readonly [number, number],
  blocks: string,
  rate: string,
  balance: Balance = 'binomial',
  seed = 1,
) =>
  KERNELS.draw({ rows, columns }, KERNELS.parse.spec({ blocks, rate, balance }), new Random(seed));

/** m and n of every block. */
const sizesOf = ({ kernels }: KernelsPattern) =>
  kernels.map(({ rows, columns }) => [rows.length, columns.length]);

const list = (...own: number[]) => Int32Array.from(own);

/** Four blocks of 2 x 3 and their last ones of 2 x 2, 1 x 3 and 1 x 2. */
const SMALL: KernelsPattern = {
  ...{ kind: 'kernels', rows: 3, columns: 5, height: 2, width: 3 },
  kernels: [
    { rows: list(1), columns: list(0, 2) },
    { rows: list(), columns: list() },
    { rows: list(0), columns: list(1) },
    { rows: list(0), columns: list(0, 1) },
  ],
};

describe('kernels', () => {
  test('keep the columns of a block in the rows of it that stay', () => {
    KERNELS.validate(SMALL, 'm');
    const runs = [0, 1, 2].map((row) => KERNELS.runsOfRow(SMALL, row));
    expect(runs).toEqual([
      [],
      [
        [0, 1],
        [2, 1],
      ],
      [
        [1, 1],
        [3, 2],
      ],
    ]);
    expect(KERNELS.counts.kept(SMALL)).toBe(5);
    expect(KERNELS.counts.productsPerRow(SMALL)).toBe(3);
    // four blocks of 2 + 2 bits; three rows of a bit, five columns of two
    expect(KERNELS.counts.indexBits(SMALL)).toBe(4 * 4 + 3 * 1 + 5 * 2);
    expect(KERNELS.report.text(SMALL)).toBe('kernels 2x3, 1 of 4 blocks empty');
    expect(KERNELS.isDense(SMALL)).toBe(false);
    expect(KERNELS.isDense(KERNELS.dense({ rows: 3, columns: 5 }))).toBe(true);
  });

  test('balanced, keep as many rows and columns of every block, of its own size where it is not full', () => {
    const pattern = draw([20, 37], '8x16', '4', 'equal');
    // halves of 8 and 16; of the last 4 rows 2, of the last 5 columns round(2.5) = 3
    const across = (m: number) => [
      [m, 8],
      [m, 8],
      [m, 3],
    ];
    expect(sizesOf(pattern)).toEqual([...across(4), ...across(4), ...across(2)]);
    expect(sizesOf(draw([8, 8], '4x4', '1000', 'equal'))).toEqual(new Array(4).fill([1, 1]));
  });

  test.each(['binomial', 'skewed'] as const)('keep one weight in R: %s', (balance) => {
    const pattern = draw([1024, 1024], '16x16', '9', balance, 3);
    const share = KERNELS.counts.kept(pattern) / 1024 ** 2;
    // 4096 blocks: m n has a deviation of less than its mean, d one of 1 / sqrt(3) of it
    expect(Math.abs(9 * share - 1)).toBeLessThan(5 / Math.sqrt(4096));
    const counts = sizesOf(pattern).map(([m = 0]) => m);
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
    const variance = counts.reduce((sum, m) => sum + (m - mean) ** 2, 0) / counts.length;
    // of 16 rows with p = 1/3: 3.56, but for kernels without columns; root of a density besides: 2.2 more
    if (balance === 'binomial') expect(variance).toBeLessThan(4.5);
    else expect(variance).toBeGreaterThan(5);
  });

  test('have nothing in a block, or rows and columns; one weight in the matrix at least', () => {
    for (const balance of ['binomial', 'skewed'] as const) {
      for (const seed of [1, 2, 3]) {
        const pattern = draw([13, 9], '4x4', '1000000', balance, seed);
        KERNELS.validate(pattern, 'drawn');
        expect(KERNELS.counts.kept(pattern)).toBe(1);
      }
    }
  });

  test.each([
    // per block 12 bits and 5 for each of 2 x 32 / sqrt(R) lines, of 1024 / R weights
    ['13', 1.28],
    ['20', 1.63],
  ])('take the index bits of CSB-RNN: blocks of 32, 1 in %s, %d a weight', (rate, expected) => {
    const pattern = draw([1024, 1024], '32', rate);
    const bits = KERNELS.counts.indexBits(pattern) / KERNELS.counts.kept(pattern);
    console.log(`${rate} times fewer: ${bits.toFixed(3)} index bits per kept weight`);
    expect(Math.abs(bits - expected)).toBeLessThan(0.05);
  });

  test('read sides, a rate and a balance', () => {
    const { parse } = KERNELS;
    const spec = { kind: 'kernels', height: 32, width: 8, rate: 4 };
    expect(parse.spec({ blocks: '32x8', rate: '4' })).toEqual(spec);
    expect(parse.spec({ blocks: '16', rate: '2.5', balance: 'equal' })).toEqual({
      ...{ kind: 'kernels', height: 16, width: 16, rate: 2.5, balance: 'equal' },
    });
    for (const blocks of ['0x4', '4x', '8,4', '65537x4', '']) {
      expect(refusal(() => parse.shape({ blocks }))).toMatchObject({
        ...{ code: 'BLOCKS_INVALID', field: '--blocks', got: `'${blocks}'` },
      });
    }
    expect(refusal(() => parse.spec({ blocks: '4', rate: '0.5' }))).toMatchObject({
      ...{ code: 'RATE_INVALID', field: '--rate' },
    });
    expect(refusal(() => parse.spec({ blocks: '4', rate: '2', balance: 'even' }))).toMatchObject({
      ...{ code: 'BALANCE_INVALID', field: '--balance' },
    });
    expect(draw([6, 12], '32', '4', 'equal')).toMatchObject({ height: 6, width: 12 });
  });

  test('in any order keep what the matrix in that order keeps, twice over, and back', () => {
    const random = new Random(7);
    const pattern = draw([13, 18], '4x8', '3');
    const [rows, columns] = [orderOf(13, 1, random), orderOf(18, 1, random)];
    const once = KERNELS.order.permuted(pattern, rows, columns);
    const twice = KERNELS.order.permuted(once, rows, columns);
    expect(keptMask(twice).kept).toEqual(densePermuted(once, rows, columns));
    const inverse = (order: Int32Array) => order.map((_, at) => order.indexOf(at));
    expect(KERNELS.order.permuted(once, inverse(rows), inverse(columns))).toEqual(pattern);
    const file = filed([once, pattern], 2);
    expect(file.back()).toEqual({ patterns: [once, pattern], codes: file.codes });
    expect(file.tensors.map(({ part }) => part)).toContain('places.columns');
  });
});

describe('validation refuses', () => {
  const kernel = (rows: Int32Array, columns: Int32Array) => ({
    kernels: [{ rows, columns }, ...SMALL.kernels.slice(1)],
  });
  const none = SMALL.kernels.map(() => ({ rows: list(), columns: list() }));
  test.each<[string, Partial<KernelsPattern>, string | number, string | number]>([
    ['a height beyond the rows', { height: 4 }, '1 to 3', 4],
    ['a width of zero', { width: 0 }, '1 to 5', 0],
    ['a kernel too few', { kernels: SMALL.kernels.slice(1) }, 4, 3],
    ['a row beyond its block', kernel(list(2), list(0)), '0 to 1', 2],
    ['a column twice', kernel(list(0), list(1, 1)), '2 to 2', 1],
    ['a column below zero', kernel(list(0), list(-1)), '0 to 2', -1],
    [
      'rows alone',
      kernel(list(0), list()),
      'rows and columns, or none of either',
      '1 rows, 0 columns',
    ],
    ['nothing kept', { kernels: none }, 'at least 1', 0],
    ['places of too few rows', { placeOfRow: list(1, 0) }, 3, 2],
    ['a place twice', { placeOfColumn: list(0, 1, 2, 3, 3) }, '0 to 4, each once', 3],
  ])('%s', (_, change, expected, got) => {
    const error = refusal(() => KERNELS.validate({ ...SMALL, ...change }, 'm', 'f'));
    expect(error).toMatchObject({ code: 'PATTERN_INVALID', field: 'm', file: 'f', expected, got });
  });
});

test('a damaged file is refused by name', () => {
  const { back, tensors, tensorsOf, values } = filed([SMALL], 3);
  expect(tensors).toEqual([
    { part: 'codes', dtype: 'I8', shape: [15] },
    { part: 'counts', dtype: 'U8', shape: [1, 2, 2, 2] },
    { part: 'rows', dtype: 'U8', shape: [3] },
    { part: 'columns', dtype: 'U8', shape: [5] },
  ]);
  const changed = (part: string, at: number, value: number) => {
    const copy = Array.from(values.get(part) ?? []);
    copy[at] = value;
    return refusal(() => back(new Map([[part, copy]])));
  };
  const code = 'MODEL_INVALID';
  const at = { code, field: 'pass.0.x.counts', file: 'm.safetensors' };
  expect(changed('counts', 0, 3)).toMatchObject({ ...at, expected: '0 to 2 rows of block 0' });
  expect(changed('counts', 5, 0)).toMatchObject({
    ...{ ...at, expected: 'rows and columns of block 2, or none of either', got: '1 and 0' },
  });
  expect(changed('counts', 0, 2)).toMatchObject({ ...at, expected: '3 rows of pattern 0', got: 4 });
  expect(changed('counts', 1, 1)).toMatchObject({
    ...{ ...at, expected: '5 columns of pattern 0', got: 4 },
  });
  expect(changed('rows', 0, 2)).toMatchObject({ code: 'PATTERN_INVALID', field: 'pass.0.x' });
  // other kernels of as many rows and columns, of 2 x 3 and 1 x 2: 8 weights
  const others = new Map([
    ['counts', [2, 3, 0, 0, 1, 2, 0, 0]],
    ['rows', [0, 1, 0]],
    ['columns', [0, 1, 2, 0, 1]],
  ]);
  expect(refusal(() => back(others))).toMatchObject({
    ...{ code, field: 'pass.0.x.positions', expected: 5, got: 8 },
  });
  for (const [change, field, expected] of [
    [{ height: 4 }, 'height', '1 to 3'],
    [{ width: 6 }, 'width', '1 to 5'],
    [{ rows: [1, 1] }, 'rows', '1 numbers'],
    [{ positions: [16] }, 'positions', '1 to 15'],
  ] as const) {
    expect(refusal(() => tensorsOf(change))).toMatchObject({
      ...{ code, field: `pass.0.x.${field}`, expected },
    });
  }
});
