import type { BlockScores } from '../magnitude.js';
import { buildPattern } from './build.js';
import type { HcgsPattern } from './pattern.js';

/**
 * Chooses a pattern by a score: in every block row of every kept block the `keep` blocks with the largest score,
 * level by level, outermost first; of equal scores the lowest column. Chosen among the blocks that exist in the
 * unpadded matrix where these are enough; else all of these are kept, and padding blocks after them.
 */
export function choosePattern(
  size: { readonly rows: number; readonly columns: number },
  blocks: readonly number[],
  keep: readonly number[],
  scores: (blockSize: number) => BlockScores,
): HcgsPattern {
  const levels = blocks.map(scores);
  return buildPattern({ rows: size.rows, columns: size.columns, blocks, keep }, (slot) => {
    const { columns, score } = levels[slot.level] as BlockScores;
    const start = slot.blockRow * columns + slot.firstColumn;
    return largest(score.subarray(start, start + slot.existing), keep[slot.level] as number);
  });
}

/** Indices of the `count` largest values, ascending; of equal values the first. */
function largest(values: Float64Array, count: number): readonly number[] {
  return [...values.keys()]
    .sort((a, b) => (values[b] as number) - (values[a] as number) || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}
