import type { Random } from '../../base/random.js';
import { buildPattern } from './build.js';
import { type KeepFraction, keptCount } from './parse.js';
import type { HcgsPattern } from './pattern.js';

/** Kept counts of all levels of a matrix with `columns` columns, from fractions of a block row. */
export function keptCounts(
  columns: number,
  blocks: readonly number[],
  keep: readonly KeepFraction[],
): readonly number[] {
  return blocks.map((size, level) => {
    const outer = blocks[level - 1] ?? columns;
    return keptCount(keep[level] as KeepFraction, Math.ceil(outer / size));
  });
}

/**
 * Draws a pattern: the kept blocks of every block row of every kept block uniformly without replacement,
 * independently of each other. Drawn among the blocks that exist in the unpadded matrix where these are
 * enough; else all of these are kept, and padding blocks after them.
 */
export function drawPattern(
  size: { readonly rows: number; readonly columns: number },
  blocks: readonly number[],
  keep: readonly number[],
  random: Random,
): HcgsPattern {
  return buildPattern({ rows: size.rows, columns: size.columns, blocks, keep }, (slot) =>
    random.sample(Math.min(keep[slot.level] as number, slot.existing), slot.existing),
  );
}
