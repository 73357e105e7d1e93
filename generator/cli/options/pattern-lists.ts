import { type PatternSpec, parseBlocks, parseKeep } from '../../sparsity/hcgs/parse.js';
import { badValue } from './options.js';

/**
 * Patterns from repeated `--blocks` and `--keep`, each given once, or once per layer. `layers`: how many there are,
 * where that is known.
 * @throws UserError BAD_OPTION_VALUE, BLOCKS_INVALID, BLOCKS_NOT_NESTED or KEEP_INVALID.
 */
export function patternLists(
  blocks: readonly string[],
  keep: readonly string[],
  layers?: number,
): readonly PatternSpec[] {
  const count = Math.max(blocks.length, keep.length);
  for (const [field, { length }] of [
    ['--blocks', blocks],
    ['--keep', keep],
  ] as const) {
    if (length === 1 || (length === count && count === (layers ?? count))) continue;
    throw badValue(
      field,
      `one list, or one for each of ${layers ?? count} layers`,
      `${length} lists`,
    );
  }
  return Array.from({ length: count }, (_, l) => {
    const sizes = parseBlocks(blocks[l] ?? (blocks[0] as string));
    const kept = keep[l] ?? (keep[0] as string);
    const fractions = parseKeep(kept);
    if (fractions.length !== sizes.length) {
      throw badValue('--keep', `${sizes.length} fractions, one per block size`, kept);
    }
    return { blocks: sizes, keep: fractions };
  });
}
