import { UserError } from '../../base/errors.js';
import type { BlockMaps } from '../blocks.js';
import { buildPattern } from './build.js';
import { existingPositions } from './count.js';
import type { HcgsPattern } from './pattern.js';
import { isBalanced, type Survey, survey } from './survey.js';

/** Patterns that hold given masks, one per mask, all with the same block sizes and counts. */
export interface Fit {
  readonly patterns: readonly HcgsPattern[];
  readonly survey: Survey;
  /** Zero blocks added where a block row of a mask uses too few, by level; nested ones not counted. */
  readonly filledBlocks: readonly number[];
}

export interface FitOptions {
  /** Name of the matrix in errors. */
  readonly name: string;
  readonly file?: string | undefined;
  /** Add zero blocks where a block row uses too few. */
  readonly fill: boolean;
}

/**
 * The pattern with blocks of the given sizes that holds the masks (one mask that all gates share, or one per
 * gate). Without blocks: dense.
 * @throws UserError PATTERN_UNBALANCED without `fill`, when block rows use different numbers of blocks.
 */
export function fitPatterns(
  masks: readonly BlockMaps[],
  blocks: readonly number[],
  options: FitOptions,
): Fit {
  const found = survey(masks, blocks);
  if (!isBalanced(found) && !options.fill) throw unbalanced(found, options, masks.length);
  return {
    patterns: masks.map((maps) => hold(maps, found)),
    survey: found,
    filledBlocks: found.missing,
  };
}

function hold(maps: BlockMaps, { blocks, keep }: Survey): HcgsPattern {
  const { rows, columns } = maps.mask;
  const pattern = buildPattern({ rows, columns, blocks, keep }, (slot) => {
    const map = maps.at(blocks[slot.level] as number);
    const start = slot.blockRow * map.columns + slot.firstColumn;
    return [...map.used.subarray(start, start + slot.existing).keys()].filter(
      (index) => map.used[start + index] !== 0,
    );
  });
  const innermost = blocks.at(-1);
  if (innermost === undefined) return pattern;
  const filledPositions = existingPositions(pattern) - maps.at(innermost).positions;
  return filledPositions === 0 ? pattern : { ...pattern, filledPositions };
}

/** The error for masks that are no balanced pattern: matrix, block row and the two counts. */
export function unbalanced(
  found: Survey,
  { name, file }: Pick<FitOptions, 'name' | 'file'>,
  masks: number,
  hint = 'use --fill to add zero blocks, or other --blocks: hcgs inspect lists what fits',
): UserError {
  const slot = found.odd[0];
  if (slot === undefined) throw new RangeError('the masks are balanced');
  const { usual } = slot;
  const size = found.blocks[slot.level];
  const gate = masks > 1 ? ` of gate ${slot.mask}` : '';
  const inside =
    slot.level === 0
      ? ''
      : ` inside block column ${slot.parentColumn} of the ${found.blocks[slot.level - 1]}-blocks`;
  const where = `block row ${slot.blockRow}${gate} in blocks of ${size}${inside}`;
  return new UserError({
    code: 'PATTERN_UNBALANCED',
    message: `${name}: ${where} keeps ${blocksText(slot.used)} where others keep ${usual}; ${hint}`,
    file,
    field: name,
    expected: `${blocksText(usual)} in ${where}`,
    got: blocksText(slot.used),
  });
}

function blocksText(count: number): string {
  return count === 1 ? '1 block' : `${count} blocks`;
}
