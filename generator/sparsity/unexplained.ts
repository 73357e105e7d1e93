import { UserError } from '../base/errors.js';
import { LISTS, type MatrixMasks, type PatternChoice } from './candidates.js';
import { unbalanced } from './fit.js';
import type { BlockMaps } from './mask.js';
import { type Survey, survey } from './survey.js';

/** Share of zeros that a matrix may have where no pattern explains them. */
export const UNEXPLAINED_ZEROS = 0.01;

/**
 * Refuses block sizes that keep a matrix whole, as if it were dense, although too much of it is zero.
 * @throws UserError PATTERN_NOT_FOUND
 */
export function checkDense(matrix: MatrixMasks, found: Survey, masks: number, file?: string): void {
  if (found.positions < masks * matrix.shared.mask.kept.length) return;
  checkZeros(matrix, { blocks: [], sharing: 'shared' }, file);
}

/**
 * Refuses a choice that leaves too many zeros unexplained, and names the nearest pattern. Counted are zeros of
 * a dense matrix, and zero blocks of 2 x 2 inside the kept blocks of a pattern: single zero codes are no sign
 * of a pattern, and a coarser pattern that happens to be balanced must not stand in for a damaged one.
 * @throws UserError PATTERN_NOT_FOUND
 */
export function checkZeros(matrix: MatrixMasks, choice: PatternChoice, file?: string): void {
  const masks = choice.sharing === 'shared' ? [matrix.shared] : matrix.perGate;
  const finest = choice.blocks.length === 0 ? 1 : 2;
  const kept = sum(masks.map((maps) => positionsOf(maps, choice.blocks.at(-1))));
  const used = sum(masks.map((maps) => maps.at(finest).positions));
  if (kept - used <= UNEXPLAINED_ZEROS * kept) return;
  const near = nearest(matrix);
  const share = `${((100 * (kept - used)) / kept).toFixed(1)} %`;
  if (near === null) {
    throw new UserError({
      code: 'PATTERN_NOT_FOUND',
      message: `${matrix.name}: ${share} of it is zero, and no block pattern explains that; use --dense`,
      file,
      field: matrix.name,
      expected: 'zeros in balanced blocks, or at most 1 % of zeros',
      got: `${share} zeros`,
    });
  }
  const hint = `nearest pattern: blocks ${near.found.blocks.join(',')}; use --blocks with --fill, or --dense`;
  const error = unbalanced(near.found, { name: matrix.name, file }, near.masks, hint);
  throw new UserError({ ...error.report, code: 'PATTERN_NOT_FOUND' });
}

/** The unbalanced list with the fewest positions to keep, those of odd block rows counted whole. */
function nearest({ shared, perGate }: MatrixMasks): { found: Survey; masks: number } | null {
  let best: { found: Survey; masks: number; cost: number } | null = null;
  const { rows, columns } = shared.mask;
  for (const blocks of LISTS.slice(1)) {
    // a level of one block for the whole matrix says nothing
    if ((blocks[0] as number) >= Math.max(rows, columns)) continue;
    for (const masks of perGate.length > 1 ? [[shared], perGate] : [[shared]]) {
      const found = survey(masks, blocks);
      if (found.odd.length === 0) continue;
      const oddRows = sum(found.odd.map((slot) => found.blocks[slot.level] as number));
      // one pattern for all gates is the usual case, so a pattern per gate has to be clearly nearer
      const own = found.positions / masks.length + oddRows * columns;
      const cost = masks.length > 1 ? 1.1 * own : own;
      if (best === null || cost < best.cost) best = { found, masks: masks.length, cost };
    }
  }
  return best;
}

function positionsOf(maps: BlockMaps, size: number | undefined): number {
  return size === undefined ? maps.mask.kept.length : maps.at(size).positions;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
