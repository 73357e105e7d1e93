import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import { type Balance, parseSpec } from '../../generator/sparsity/strips/parse.js';
import type { StripsPattern } from '../../generator/sparsity/strips/pattern.js';
import { STRIPS } from '../../generator/sparsity/strips/strips.js';
import { refusal } from '../support/refusal.js';
import { drawnStrips, stripsCases } from './support/strips.js';

const draw = (
  [rows, columns]: readonly [number, number],
  blocks: string,
  rate: string,
  balance: Balance,
  seed = 1,
) => STRIPS.draw({ rows, columns }, parseSpec({ blocks, rate, balance }), new Random(seed));

/** Kept columns of every strip block, strip by strip. */
const blockCounts = ({ kept, columns, width }: StripsPattern) =>
  kept.flatMap((list) =>
    Array.from({ length: Math.ceil(columns / width) }, (_, block) => {
      const inside = (column: number) => Math.floor(column / width) === block;
      return list.filter(inside).length;
    }),
  );

describe('drawn strips', () => {
  test('are valid, and their counts are those of a dense mask', () => {
    fc.assert(
      fc.property(stripsCases, (own) => {
        const pattern = drawnStrips(own);
        STRIPS.validate(pattern, 'drawn');
        const { kept } = keptMask(pattern);
        const perRow = Array.from({ length: pattern.rows }, (_, row) =>
          kept
            .subarray(row * pattern.columns, (row + 1) * pattern.columns)
            .reduce((a, b) => a + b, 0),
        );
        const positions = perRow.reduce((a, b) => a + b, 0);
        expect(STRIPS.counts.kept(pattern)).toBe(positions);
        expect(STRIPS.counts.stored(pattern)).toBe(positions);
        expect(STRIPS.counts.existing(pattern)).toBe(positions);
        expect(STRIPS.counts.filled(pattern)).toBe(0);
        expect(STRIPS.counts.productsPerRow(pattern)).toBe(Math.max(...perRow));
        expect(STRIPS.isDense(pattern)).toBe(positions === kept.length);
      }),
    );
  });

  test('keep as many columns in every strip block where they are balanced', () => {
    const pattern = draw([64, 100], '16x32', '8', 'equal');
    // 32 / 8 = 4 columns; the last column block has 4 columns: max(1, round(0.5)) = 1
    expect(blockCounts(pattern)).toEqual([4, 4, 4, 1, 4, 4, 4, 1, 4, 4, 4, 1, 4, 4, 4, 1]);
    expect(STRIPS.counts.kept(pattern)).toBe(64 * 13);
  });

  test('round what is kept to the nearest whole number', () => {
    const pattern = draw([10, 10], '10x10', '4,4', 'equal');
    // 2.5 is 3, 10 / 3 is 3
    expect(STRIPS.counts.kept(pattern)).toBe(3 * 3);
    expect(STRIPS.counts.kept(draw([10, 10], '10x10', '3,6', 'equal'))).toBe(3 * 2);
  });

  test('keep one column at least', () => {
    for (const balance of ['equal', 'binomial', 'skewed'] as const) {
      const pattern = draw([8, 64], '2x8', '1000', balance);
      expect(blockCounts(pattern)).toEqual(new Array(32).fill(1));
    }
  });

  test('keep columns with the probability of the rate', () => {
    for (const balance of ['binomial', 'skewed'] as const) {
      const pattern = draw([1024, 1024], '4x256', '8', balance, 3);
      const share = STRIPS.counts.kept(pattern) / 1024 ** 2;
      // skewed: 1024 strip blocks, a density of standard deviation 1/8/sqrt(3) each
      expect(Math.abs(share - 1 / 8)).toBeLessThan(5 * (1 / 8 / Math.sqrt(3 * 1024)));
    }
  });

  test('have densities that spread twice as wide where they are skewed', () => {
    const spread = (balance: Balance) => {
      const counts = blockCounts(draw([1024, 1024], '4x256', '8', balance, 3));
      const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
      return Math.sqrt(counts.reduce((sum, own) => sum + (own - mean) ** 2, 0) / counts.length);
    };
    expect(spread('equal')).toBe(0);
    expect(spread('binomial')).toBeCloseTo(Math.sqrt((256 * 7) / 64), 0);
    // uniform from 0 to 64, and binomial upon it
    expect(spread('skewed')).toBeGreaterThan(64 / Math.sqrt(12));
    expect(spread('skewed')).toBeLessThan(22);
  });

  test('drop whole rows of the matrix', () => {
    const pattern = draw([10, 16], '4x8', '2,2.5', 'equal');
    expect(pattern.droppedRows).toHaveLength(10);
    expect(pattern.droppedRows?.reduce((a, b) => a + b, 0)).toBe(6);
    const dropped = [...(pattern.droppedRows ?? [])].indexOf(1);
    expect(STRIPS.runsOfRow(pattern, dropped)).toEqual([]);
    expect(STRIPS.counts.kept(pattern)).toBe(4 * 8);
    expect(draw([10, 16], '4x8', '2', 'equal')).not.toHaveProperty('droppedRows');
    expect(draw([10, 16], '4x8', '2,1', 'equal')).not.toHaveProperty('droppedRows');
  });

  test('take sizes beyond the matrix as the whole of it', () => {
    const pattern = draw([6, 12], '32x256', '3', 'equal');
    expect(pattern).toMatchObject({ height: 6, width: 12 });
    expect(pattern.kept.map(({ length }) => length)).toEqual([4]);
  });

  test('are the same for one seed, and others for another', () => {
    const seeded = (seed: number) => draw([32, 64], '8x16', '4,1.5', 'skewed', seed);
    expect(seeded(7)).toEqual(seeded(7));
    expect(seeded(8)).not.toEqual(seeded(7));
  });
});

test('index bits are ceil(log2 width) for a kept column of a strip, and one for each row where rows are dropped', () => {
  // 4 strips of 4 x 8 columns
  expect(STRIPS.counts.indexBits(draw([64, 128], '16x32', '4', 'equal'))).toBe(4 * 32 * 5);
  expect(STRIPS.counts.indexBits(draw([64, 128], '16x32', '4,2', 'equal'))).toBe(4 * 32 * 5 + 64);
  expect(STRIPS.counts.indexBits(draw([64, 100], '64x100', '4', 'equal'))).toBe(25 * 7);
});

test('neighbouring kept columns are one run', () => {
  const kept = [Int32Array.of(0, 1, 2, 5, 7, 8), Int32Array.of()];
  const pattern: StripsPattern = {
    ...{ kind: 'strips', rows: 4, columns: 9, height: 2, width: 3, kept },
    droppedRows: Uint8Array.of(0, 1, 0, 0),
  };
  expect([0, 1, 2, 3].map((row) => STRIPS.runsOfRow(pattern, row))).toEqual([
    [
      [0, 3],
      [5, 1],
      [7, 2],
    ],
    [],
    [],
    [],
  ]);
  expect(STRIPS.counts.productsPerRow(pattern)).toBe(6);
});

test('in another order it keeps what the dense matrix in that order has', () => {
  fc.assert(
    fc.property(stripsCases, fc.nat(), (own, seed) => {
      const pattern = drawnStrips(own);
      const { rows, columns } = pattern;
      const random = new Random(seed);
      const shuffled = (length: number) => {
        const list = Int32Array.from({ length }, (_, i) => i);
        for (let i = length - 1; i > 0; i--) {
          const j = random.below(i + 1);
          [list[i], list[j]] = [list[j] as number, list[i] as number];
        }
        return list;
      };
      const orders = [0, 1].map(() => [shuffled(rows), shuffled(columns)] as const);
      let [moved, mask] = [pattern, keptMask(pattern).kept];
      // twice: what is in another order already can be put into the next one
      for (const [rowOrder, columnOrder] of orders) {
        moved = STRIPS.order.permuted(moved, rowOrder, columnOrder);
        const before = mask;
        mask = mask.map((_, at) => {
          const [row, column] = [Math.floor(at / columns), at % columns];
          return before[
            (rowOrder[row] as number) * columns + (columnOrder[column] as number)
          ] as number;
        });
        STRIPS.validate(moved, 'moved');
        expect(keptMask(moved).kept).toEqual(mask);
        expect(STRIPS.counts.kept(moved)).toBe(STRIPS.counts.kept(pattern));
        expect(STRIPS.sizes(moved)).toBe(STRIPS.sizes(pattern));
      }
      const still = [rows, columns].map((length) => Int32Array.from({ length }, (_, i) => i));
      expect(STRIPS.order.permuted(pattern, ...(still as [Int32Array, Int32Array]))).toEqual(
        pattern,
      );
    }),
  );
  expect(STRIPS.order.unit(draw([8, 8], '2x4', '2', 'equal'))).toBe(1);
});

describe('validation refuses', () => {
  const good = draw([10, 12], '4x6', '2,2', 'equal');
  const moved = STRIPS.order.permuted(
    good,
    Int32Array.from({ length: 10 }, (_, row) => 9 - row),
    Int32Array.from({ length: 12 }, (_, column) => column),
  );
  const list = (...columns: number[]) => Int32Array.from(columns);
  const kept = (first: Int32Array) => ({ kept: [first, ...good.kept.slice(1)] });
  test.each<[string, Partial<StripsPattern>, string | number, string | number]>([
    ['a height of zero', { height: 0 }, '1 to 10', 0],
    ['a height beyond the rows', { height: 11 }, '1 to 10', 11],
    ['a width beyond the columns', { width: 13 }, '1 to 12', 13],
    ['a list too few', { kept: good.kept.slice(1) }, 3, 2],
    ['a column beyond the matrix', kept(list(3, 12)), '0 to 11', 12],
    ['a column below zero', kept(list(-1)), '0 to 11', -1],
    ['a column twice', kept(list(3, 3)), 'above 3', 3],
    ['marks of too few rows', { droppedRows: new Uint8Array(9).fill(1) }, 10, 9],
    ['a mark of 2', { droppedRows: new Uint8Array(10).fill(2) }, '0 or 1', 2],
    ['marks of no row', { droppedRows: new Uint8Array(10) }, 'none where no row is', 'marks'],
    ['nothing kept', { droppedRows: new Uint8Array(10).fill(1) }, 'at least 1', 0],
    ['a strip that is none', { stripOfRow: new Int32Array(10).fill(3) }, '0 to 2', 3],
    ['strips of other sizes', { stripOfRow: new Int32Array(10) }, 4, 10],
    ['strips of too few rows', { stripOfRow: new Int32Array(9) }, 10, 9],
  ])('%s', (_, change, expected, got) => {
    const error = refusal(() => STRIPS.validate({ ...good, ...change }, 'm', 'f'));
    expect(error).toMatchObject({ code: 'PATTERN_INVALID', field: 'm', file: 'f', expected, got });
  });

  test('nothing of a pattern in order', () => {
    STRIPS.validate(good, 'm');
    STRIPS.validate(moved, 'm');
    expect(moved.stripOfRow).toEqual(Int32Array.of(2, 2, 1, 1, 1, 1, 0, 0, 0, 0));
  });
});

describe('a compressed-model file', () => {
  const place = { name: 'pass.0.x', file: 'm.safetensors' };
  const packed = (own: Parameters<typeof drawnStrips>[0], gates: number, moved: boolean) => {
    const random = new Random(own.seed);
    const shared = gates === 1 || own.seed % 2 === 0;
    const patterns = Array.from({ length: shared ? 1 : gates }, (_, gate) => {
      const drawn = drawnStrips({ ...own, seed: own.seed + gate });
      const back = Int32Array.from({ length: own.rows }, (_, row) => own.rows - 1 - row);
      const same = Int32Array.from({ length: own.columns }, (_, column) => column);
      return moved ? STRIPS.order.permuted(drawn, back, same) : drawn;
    });
    const size = own.rows * own.columns;
    const codes = Int16Array.from({ length: gates * size }, (_, at) => {
      const pattern = patterns[shared ? 0 : Math.floor(at / size)] as StripsPattern;
      return keptMask(pattern).kept[at % size] === 0 ? 0 : random.between(-32, 31);
    });
    const { rows, columns } = own;
    const matrix = { gates, rows, columns, patterns: patterns.length, weightBits: 6 };
    return { patterns, codes, matrix };
  };
  const one = { rows: 9, columns: 13, height: 4, width: 5, columnRate: 2, rowRate: 1.5, seed: 2 };
  const { patterns, codes, matrix } = packed({ ...one, balance: 'binomial' }, 3, false);
  const described = STRIPS.file.describe(patterns);
  const values = STRIPS.file.encode(patterns, codes, matrix, place.name);

  test('gives patterns and codes back', () => {
    fc.assert(
      fc.property(stripsCases, fc.constantFrom(1, 3), fc.boolean(), (own, gates, moved) => {
        const all = packed(own, gates, moved);
        const { file } = patternKind(all.patterns[0] as StripsPattern);
        const json = file.description.parse(
          JSON.parse(JSON.stringify(file.describe(all.patterns))),
        );
        const tensors = file.encode(all.patterns, all.codes, all.matrix, 'm');
        const plan = file.tensors(json, all.matrix, { name: 'm' });
        expect(plan.map(({ part }) => part)).toEqual([...tensors.keys()]);
        for (const { part, shape } of plan) {
          expect(tensors.get(part)).toHaveLength(shape.reduce((a, b) => a * b, 1));
        }
        const back = file.decode(json, tensors, all.matrix, { name: 'm' });
        expect(back).toEqual({ patterns: all.patterns, codes: all.codes });
      }),
      { numRuns: 60 },
    );
  });

  test('holds no code that a pattern does not keep', () => {
    const stray = codes.slice();
    stray[keptMask(patterns[0] as StripsPattern).kept.indexOf(0)] = 1;
    expect(() => STRIPS.file.encode(patterns, stray, matrix, 'm')).toThrow(
      'm has codes outside of what its strips keep',
    );
  });

  test.each<[string, object, string, string | number]>([
    ['height', { height: 10 }, 'height', '1 to 9'],
    ['width', { width: 14 }, 'width', '1 to 13'],
    ['as many counts as patterns', { columns: [1, 1] }, 'columns', '1 numbers'],
    ['columns', { columns: [40] }, 'columns', '1 to 39'],
    ['positions', { positions: [118] }, 'positions', '1 to 117'],
    ['some positions', { positions: [0] }, 'positions', '1 to 117'],
  ])('is refused for its %s', (_, change, part, expected) => {
    const broken = { ...described, ...change };
    const error = refusal(() => STRIPS.file.tensors(broken, matrix, place));
    const field = `pass.0.x.${part}`;
    expect(error).toMatchObject({ code: 'MODEL_INVALID', field, expected, file: place.file });
  });

  const damaged = (part: string, change: (list: Int32Array) => void, json = described) => {
    const list = Int32Array.from(values.get(part) ?? []);
    change(list);
    return refusal(() =>
      STRIPS.file.decode(json, new Map([...values, [part, list]]), matrix, place),
    );
  };

  test('is refused where its lists do not agree', () => {
    const code = 'MODEL_INVALID';
    expect(damaged('counts', (list) => list.fill(0, 0, 1))).toMatchObject({
      ...{ code, field: 'pass.0.x.counts' },
    });
    const [first = 0, second = 0] = Int32Array.from(values.get('counts') ?? []);
    expect(damaged('counts', (list) => list.set([first + second + 1, -1]))).toMatchObject({
      ...{ code, field: 'pass.0.x.counts' },
    });
    const far = { code, field: 'pass.0.x.counts', expected: '0 to 5 in strip 0, column block 0' };
    const [all = 0] = described.columns;
    expect(damaged('counts', (list) => list.fill(0).fill(all, 0, 1))).toMatchObject(far);
    expect(damaged('columns', (list) => list.fill(5, 0, 1))).toMatchObject({
      ...{ code, field: 'pass.0.x.columns', expected: '0 to 4 at 0', got: 5 },
    });
    const last = (values.get('columns')?.length ?? 0) - 1;
    expect(damaged('columns', (list) => list.fill(3, last))).toMatchObject({
      ...{ code, field: 'pass.0.x.columns', expected: `0 to 2 at ${last}`, got: 3 },
    });
    expect(damaged('columns', (list) => list.set(list.slice(0, 2).reverse()))).toMatchObject({
      ...{ code: 'PATTERN_INVALID', field: 'pass.0.x' },
    });
    expect(damaged('dropped', (list) => list.fill(2, 1))).toMatchObject({
      ...{ code, field: 'pass.0.x.dropped', expected: 'no bits beyond row 8', got: 1 },
    });
    expect(damaged('dropped', (list) => list.fill(0))).toMatchObject({
      ...{ code, field: 'pass.0.x.positions', expected: described.positions[0] },
    });
  });
});

describe('options', () => {
  test('give sizes, rates and a balance', () => {
    expect(parseSpec({ blocks: '32x256', rate: '16,2.5', balance: 'skewed' })).toEqual({
      ...{ kind: 'strips', height: 32, width: 256, columnRate: 16, rowRate: 2.5 },
      balance: 'skewed',
    });
    expect(parseSpec({ blocks: ' 4 x 8 ', rate: '1' })).toEqual({
      ...{ kind: 'strips', height: 4, width: 8, columnRate: 1, rowRate: 1 },
    });
    expect(STRIPS.parse.shape({ blocks: '4x8' })).toEqual({ kind: 'strips', height: 4, width: 8 });
  });

  test.each([
    [{ blocks: '32', rate: '2' }, 'BLOCKS_INVALID', '--blocks'],
    [{ blocks: '32,256', rate: '2' }, 'BLOCKS_INVALID', '--blocks'],
    [{ blocks: '0x4', rate: '2' }, 'BLOCKS_INVALID', '--blocks'],
    [{ blocks: '4x65537', rate: '2' }, 'BLOCKS_INVALID', '--blocks'],
    [{ rate: '2' }, 'BLOCKS_INVALID', '--blocks'],
    [{ blocks: '4x4' }, 'BAD_OPTION_VALUE', '--rate'],
    [{ blocks: '4x4', rate: '0.5' }, 'BAD_OPTION_VALUE', '--rate'],
    [{ blocks: '4x4', rate: '2,0' }, 'BAD_OPTION_VALUE', '--rate'],
    [{ blocks: '4x4', rate: '2,2,2' }, 'BAD_OPTION_VALUE', '--rate'],
    [{ blocks: '4x4', rate: '-2' }, 'BAD_OPTION_VALUE', '--rate'],
    [{ blocks: '4x4', rate: '2', balance: 'even' }, 'BAD_OPTION_VALUE', '--balance'],
  ])('%j is refused', (texts, code, field) => {
    expect(refusal(() => parseSpec(texts))).toMatchObject({ code, field });
  });
});
