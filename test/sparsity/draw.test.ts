import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import {
  existingPositions,
  indexBits,
  keptPositions,
  storedPositions,
} from '../../generator/sparsity/hcgs/count.js';
import { drawPattern, keptCounts } from '../../generator/sparsity/hcgs/draw.js';
import { type HcgsPattern, keptBlocksOfRow } from '../../generator/sparsity/hcgs/pattern.js';
import { validatePattern } from '../../generator/sparsity/hcgs/validate.js';
import { patterns } from '../support/networks.js';
import { refusal } from '../support/refusal.js';

const size = fc.integer({ min: 1, max: 40 });
const seeds = fc.integer({ min: 0, max: 2 ** 40 });

describe('a drawn pattern', () => {
  it('is valid and keeps the same number of columns in every row', () => {
    fc.assert(
      fc.property(size, size, patterns, seeds, (rows, columns, { blocks, keep }, seed) => {
        const counts = keptCounts(columns, blocks, keep);
        const pattern = drawPattern({ rows, columns }, blocks, counts, new Random(seed));
        validatePattern(pattern, 'drawn');
        let existing = 0;
        for (let row = 0; row < rows; row++) {
          const { width, firstColumns } = keptBlocksOfRow(pattern, row);
          expect(firstColumns).toHaveLength(counts.reduce((a, b) => a * b, 1));
          for (const first of firstColumns) {
            existing += Math.max(0, Math.min(width, columns - first));
          }
        }
        expect(existingPositions(pattern)).toBe(existing);
        expect(keptPositions(pattern)).toBe(existing);
      }),
    );
  });

  it('prefers blocks that exist: padding is kept only where too few exist', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), seeds, (columns, seed) => {
        // outer blocks of 8 hold four inner blocks of 2; two are kept
        const pattern = drawPattern({ rows: 8, columns }, [8, 2], [1, 2], new Random(seed));
        const last = Math.ceil(columns / 8) - 1;
        for (let row = 0; row < 8; row += 2) {
          const outside = keptBlocksOfRow(pattern, row).firstColumns.filter((c) => c >= columns);
          const inLast = pattern.indices[0]?.[0] === last;
          const existing = inLast ? Math.ceil((columns - 8 * last) / 2) : 4;
          expect(outside).toHaveLength(Math.max(0, 2 - existing));
        }
      }),
    );
  });

  it('has the lowest indices in padding rows', () => {
    const pattern = drawPattern({ rows: 5, columns: 32 }, [8, 2], [2, 2], new Random(7));
    // block row 3 of level 1 covers rows 6 and 7, which do not exist: two parents, two blocks each
    expect([...(pattern.indices[1] as Int32Array).slice(3 * 4)]).toEqual([0, 1, 0, 1]);
  });

  it('is uniform over the blocks of a row', () => {
    const times = new Array<number>(5).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      const { indices } = drawPattern({ rows: 2, columns: 10 }, [2], [2], new Random(seed));
      for (const index of indices[0] as Int32Array) times[index] = (times[index] as number) + 1;
    }
    for (const n of times) expect(Math.abs(n - 800)).toBeLessThan(5 * Math.sqrt(480));
  });
});

describe('counts of the published 512 x 512 pattern, blocks 32,4, keep 4/16,2/8', () => {
  const pattern = drawPattern({ rows: 512, columns: 512 }, [32, 4], [4, 2], new Random(1));

  it('keep one weight in sixteen and need 3328 index bits', () => {
    expect(keptPositions(pattern)).toBe(16_384);
    expect(storedPositions(pattern)).toBe(16_384);
    expect(indexBits(pattern)).toBe(3328);
  });
});

describe('validation refuses', () => {
  const good = drawPattern({ rows: 8, columns: 8 }, [4, 2], [1, 1], new Random(3));
  const broken = (change: Partial<HcgsPattern>) =>
    refusal(() => validatePattern({ ...good, ...change }, 'm', 'f')).code;
  const indices = (level: number, change: (list: Int32Array) => void) => {
    const copies = good.indices.map((list) => list.slice());
    change(copies[level] as Int32Array);
    return { indices: copies };
  };

  it.each<[string, Partial<HcgsPattern>]>([
    ['a count of zero', { keep: [0, 1] }],
    ['more blocks than there are', { keep: [3, 1] }],
    ['a missing count', { keep: [1] }],
    ['a missing index list', { indices: good.indices.slice(0, 1) }],
    ['a short index list', { indices: [good.indices[0] as Int32Array, new Int32Array(3)] }],
    ['an index that is too large', indices(1, (list) => list.set([2]))],
    ['a negative index', indices(0, (list) => list.set([-1]))],
    ['no rows', { rows: 0 }],
    ['fill that is larger than the pattern', { filledPositions: 1000 }],
  ])('%s', (_, change) => expect(broken(change)).toBe('PATTERN_INVALID'));

  it('indices that are not ascending', () => {
    const two = drawPattern({ rows: 4, columns: 8 }, [4], [2], new Random(3));
    const swapped = { ...two, indices: [Int32Array.of(1, 0)] };
    expect(refusal(() => validatePattern(swapped, 'm'))).toMatchObject({ expected: 'above 1' });
  });

  it('blocks that do not nest', () => expect(broken({ blocks: [4, 3] })).toBe('BLOCKS_NOT_NESTED'));
});
