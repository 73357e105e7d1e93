import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { BlockMaps } from '../../generator/sparsity/blocks.js';
import { existingPositions, keptPositions } from '../../generator/sparsity/hcgs/count.js';
import { drawPattern, keptCounts } from '../../generator/sparsity/hcgs/draw.js';
import { fitPatterns } from '../../generator/sparsity/hcgs/fit.js';
import { type HcgsPattern, keptBlocksOfRow } from '../../generator/sparsity/hcgs/pattern.js';
import { searchPatterns } from '../../generator/sparsity/hcgs/search.js';
import { validatePattern } from '../../generator/sparsity/hcgs/validate.js';
import type { Mask } from '../../generator/sparsity/mask.js';
import { patterns } from '../support/networks.js';
import { refusal } from '../support/refusal.js';

const strict = { name: 'w', file: 'net.safetensors', fill: false };

/** Every position of the kept blocks. */
function maskOf(pattern: HcgsPattern): Mask {
  const { rows, columns } = pattern;
  const kept = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const { width, firstColumns } = keptBlocksOfRow(pattern, row);
    for (const first of firstColumns) {
      for (let c = first; c < Math.min(first + width, columns); c++) kept[row * columns + c] = 1;
    }
  }
  return { rows, columns, kept };
}

function draw(rows: number, columns: number, blocks: number[], keep: number[], seed: number) {
  return drawPattern({ rows, columns }, blocks, keep, new Random(seed));
}

function matrix(mask: Mask, name = 'w', group = 0) {
  const shared = new BlockMaps(mask);
  return { name, group, shared, perGate: [shared, shared, shared, shared] };
}

/** The mask without the block of `size` at the first used position of `row`. */
function without({ rows, columns, kept }: Mask, size: number, row: number): Mask {
  const copy = kept.slice();
  const start = Math.floor(row / size) * size;
  const used = copy.subarray(row * columns, (row + 1) * columns).indexOf(1);
  const first = Math.floor(used / size) * size;
  for (let r = start; r < Math.min(rows, start + size); r++)
    copy.fill(0, r * columns + first, r * columns + first + size);
  return { rows, columns, kept: copy };
}

describe('fitting a pattern to a mask', () => {
  it('finds a drawn pattern again, whatever the sizes', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, patterns, fc.nat(), (rows, columns, { blocks, keep }, seed) => {
        const counts = keptCounts(columns, blocks, keep);
        const drawn = drawPattern({ rows, columns }, blocks, counts, new Random(seed));
        const mask = maskOf(drawn);
        const fit = fitPatterns([new BlockMaps(mask)], blocks, strict);
        const [found] = fit.patterns as [HcgsPattern];
        validatePattern(found, 'found');
        expect(maskOf(found)).toEqual(mask);
        expect(found.filledPositions).toBeUndefined();
        expect(keptPositions(found)).toBe(keptPositions(drawn));
      }),
    );
  });

  it('names the matrix, the block row and both counts when a row keeps too few', () => {
    const mask = without(maskOf(draw(32, 64, [16, 4], [2, 2], 5)), 4, 21);
    const report = refusal(() => fitPatterns([new BlockMaps(mask)], [16, 4], strict));
    expect(report).toMatchObject({ code: 'PATTERN_UNBALANCED', field: 'w', got: '1 block' });
    expect(report.message).toMatch(
      /^w: block row 5 in blocks of 4 .*keeps 1 block where others keep 2/,
    );
  });

  it('names the block row that keeps too many', () => {
    const mask = maskOf(draw(32, 32, [4], [2], 5));
    const row = mask.kept.subarray(12 * 32, 13 * 32);
    row[row.indexOf(0)] = 1;
    const report = refusal(() => fitPatterns([new BlockMaps(mask)], [4], strict));
    expect(report.message).toMatch(/block row 3 in blocks of 4 keeps 3 blocks where others keep 2/);
  });

  it('names the gate when each gate has its own mask', () => {
    const masks = [1, 2, 3, 4].map((seed) => maskOf(draw(16, 16, [4], [1], seed)));
    masks[2] = without(masks[2] as Mask, 4, 0);
    const maps = masks.map((mask) => new BlockMaps(mask));
    expect(refusal(() => fitPatterns(maps, [4], strict)).message).toMatch(/row 0 of gate 2/);
  });

  it('adds zero blocks with --fill, and does not count them as kept', () => {
    const whole = draw(32, 62, [16, 4], [2, 2], 5);
    const mask = without(maskOf(whole), 4, 21);
    const fit = fitPatterns([new BlockMaps(mask)], [16, 4], { ...strict, fill: true });
    const [found] = fit.patterns as [HcgsPattern];
    validatePattern(found, 'filled');
    expect(fit.filledBlocks).toEqual([0, 1]);
    expect(found.filledPositions).toBeGreaterThan(0);
    expect(keptPositions(found)).toBe(mask.kept.reduce((a, b) => a + b, 0));
    expect(existingPositions(found)).toBe(keptPositions(found) + (found.filledPositions ?? 0));
  });
});

describe('searching for a pattern', () => {
  const search = (matrices: Parameters<typeof searchPatterns>[0], fill = false) =>
    searchPatterns(matrices, { fill, file: 'net.safetensors' });
  const shared = (blocks: number[]) => ({ blocks, sharing: 'shared' });

  it.each<[number[], number[]]>([
    [
      [32, 4],
      [2, 2],
    ],
    [
      [16, 4],
      [3, 1],
    ],
    [[8], [3]],
    [
      [64, 16, 4],
      [1, 2, 2],
    ],
    [
      [32, 2],
      [1, 3],
    ],
  ])('finds blocks %j keeping %j', (blocks, keep) => {
    const masks = [11, 12].map((seed) => maskOf(draw(128, 128, blocks, keep, seed)));
    expect(search(masks.map((mask) => matrix(mask)))).toEqual([shared(blocks), shared(blocks)]);
  });

  it('takes a matrix without zeros as dense', () => {
    const mask = { rows: 6, columns: 10, kept: new Uint8Array(60).fill(1) };
    expect(search([matrix(mask)])).toEqual([shared([])]);
  });

  it('takes at most one per cent of zeros in a dense matrix', () => {
    const kept = new Uint8Array(2000).fill(1);
    for (let i = 0; i < 20; i++) kept[i * 97] = 0;
    expect(search([matrix({ rows: 50, columns: 40, kept })])).toEqual([shared([])]);
    kept[1999] = 0;
    const report = refusal(() => search([matrix({ rows: 50, columns: 40, kept })]));
    expect(report.code).toBe('PATTERN_NOT_FOUND');
  });

  it('prefers one list of block sizes for all layers that keep no more with it', () => {
    const a = matrix(maskOf(draw(96, 96, [8], [3], 1)), 'a', 0);
    const b = matrix(maskOf(draw(96, 96, [32, 4], [2, 3], 3)), 'b', 1);
    expect(search([a, b]).map((choice) => choice.blocks)).toEqual([[4], [4]]);
  });

  it('gives a layer its own block sizes when one list would keep more', () => {
    // the second matrix fits no list at all, but has few enough zeros to be dense
    const a = matrix(maskOf(draw(60, 60, [4], [3], 1)), 'a', 0);
    const kept = new Uint8Array(60 * 60).fill(1);
    for (const [row, column] of [
      [3, 2],
      [2, 2],
      [3, 3],
      [2, 3],
    ] as const)
      kept[row * 60 + column] = 0;
    const b = matrix({ rows: 60, columns: 60, kept }, 'b', 1);
    expect(search([a, b]).map((choice) => choice.blocks)).toEqual([[4], []]);
  });

  it('does not try block sizes that are no power of two', () => {
    const report = refusal(() => search([matrix(maskOf(draw(60, 60, [5], [3], 2)), 'b')]));
    expect(report).toMatchObject({ code: 'PATTERN_NOT_FOUND', field: 'b' });
  });

  it('names no blocks as large as the matrix as the nearest pattern', () => {
    const mask = without(maskOf(draw(16, 16, [4], [2], 7)), 4, 2);
    const { message } = refusal(() => search([matrix(mask, 'w')]));
    expect(message).toMatch(/nearest pattern: blocks (8,)?4;/);
  });

  it('finds one pattern per gate where the gates differ', () => {
    const masks = [1, 2, 3, 4].map((seed) => maskOf(draw(64, 64, [16, 4], [2, 1], seed)));
    const union = masks[0]?.kept.map((_, i) => (masks.some((m) => m.kept[i] === 1) ? 1 : 0));
    const perGate = masks.map((mask) => new BlockMaps(mask));
    const all = new BlockMaps({ rows: 64, columns: 64, kept: union as Uint8Array });
    expect(search([{ name: 'w', group: 0, shared: all, perGate }])).toEqual([
      { blocks: [16, 4], sharing: 'per-gate' },
    ]);
  });

  it('refuses a damaged pattern instead of taking a coarser one, and fills it when asked', () => {
    const damaged = without(maskOf(draw(128, 128, [16, 4], [2, 1], 9)), 4, 40);
    const report = refusal(() => search([matrix(damaged)]));
    expect(report).toMatchObject({ code: 'PATTERN_NOT_FOUND', field: 'w', got: '0 blocks' });
    expect(report.message).toMatch(/block row 10 .*nearest pattern: blocks 16,4/);
    expect(search([matrix(damaged)], true)).toEqual([shared([16, 4])]);
  });

  it('refuses zeros without structure, with matrix, block row and counts', () => {
    const random = new Random(4);
    const kept = Uint8Array.from({ length: 64 * 64 }, () => random.below(2));
    const report = refusal(() => search([matrix({ rows: 64, columns: 64, kept })]));
    expect(report.message).toMatch(/^w: block row \d+ .* keeps \d+ blocks? where others keep \d+/);
  });
});
