import { PATTERNS, type PatternSpec } from '../../sparsity/registry.js';
import { badValue, list, type OptionValues } from './options.js';

/** What is drawn at random for each layer. */
export const drawnOptions = {
  blocks: list('block sizes, outermost first; once, or once per layer; none = dense', 'N,N'),
  keep: list('blocks kept in a block row of each level', 'K/N,K/N'),
};

/** The patterns that they say; null = dense. @throws UserError as `patternLists` */
export function drawnPatterns(
  { blocks, keep }: OptionValues<typeof drawnOptions>,
  layers: number,
): readonly (PatternSpec | null)[] {
  const dense = blocks.length === 0 && keep.length === 0;
  return dense ? [null] : patternLists(blocks, keep, layers);
}

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
  const of = (lists: readonly string[], l: number) => lists[lists.length === 1 ? 0 : l] as string;
  return Array.from({ length: count }, (_, l) =>
    PATTERNS.hcgs.parse.spec({ blocks: of(blocks, l), keep: of(keep, l) }),
  );
}
