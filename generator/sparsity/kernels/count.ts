import { longestRow } from '../lists/lists.js';
import type { Sides } from '../lists/sides.js';
import { bitsFor } from '../lists/walk.js';
import type { PatternCounts } from '../pattern.js';
import { type KernelsPattern, listsOf } from './pattern.js';

/** Weights in kernels. Nothing is padded or filled: they are what hardware stores. */
export function keptPositions({ kernels }: Pick<KernelsPattern, 'kernels'>): number {
  return kernels.reduce((sum, { rows, columns }) => sum + rows.length * columns.length, 0);
}

/** Whether every weight is kept. */
export function isWhole(pattern: KernelsPattern): boolean {
  return keptPositions(pattern) === pattern.rows * pattern.columns;
}

/** Blocks that keep nothing. */
export function emptyBlocks({ kernels }: KernelsPattern): number {
  return kernels.filter(({ rows }) => rows.length === 0).length;
}

/** Kept rows, and kept columns, of all blocks together. */
export function listLengths({ kernels }: KernelsPattern): {
  readonly rows: number;
  readonly columns: number;
} {
  return {
    rows: kernels.reduce((sum, { rows }) => sum + rows.length, 0),
    columns: kernels.reduce((sum, { columns }) => sum + columns.length, 0),
  };
}

/**
 * Bits of the index of so many blocks, as CSB-RNN has it: the numbers m and n of each, of ceil(log2(height + 1)) and
 * ceil(log2(width + 1)) bits, and ceil(log2 height) bits for each kept row, ceil(log2 width) for each kept column.
 */
export function bitsOfLists(
  { height, width }: Sides,
  blocks: number,
  lists: { readonly rows: number; readonly columns: number },
): number {
  const counts = blocks * (bitsFor(height + 1) + bitsFor(width + 1));
  return counts + lists.rows * bitsFor(height) + lists.columns * bitsFor(width);
}

/** Bits of the index of a pattern. */
export function indexBits(pattern: KernelsPattern): number {
  return bitsOfLists(pattern, pattern.kernels.length, listLengths(pattern));
}

export const kernelsCounts: PatternCounts<KernelsPattern> = {
  ...{ kept: keptPositions, existing: keptPositions, stored: keptPositions },
  filled: () => 0,
  indexBits,
  productsPerRow: (pattern) => longestRow(listsOf(pattern)),
};
