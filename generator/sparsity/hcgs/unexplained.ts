import { UserError } from '../../base/errors.js';
import { atOnce } from '../../base/steps.js';
import type { BlockMaps } from '../blocks.js';
import { UNEXPLAINED_ZEROS } from '../mask.js';
import type { MatrixBlocks, SizesChoice } from './candidates.js';
import { unbalanced } from './fit.js';
import { nearPatterns } from './near.js';
import type { Survey } from './survey.js';

/** Where a reader learns more. */
const INSPECT = 'hcgs inspect shows the zeros and what is near them';

/**
 * Refuses block sizes that keep a matrix whole, as if it were dense, although too much of it is zero.
 * @throws UserError PATTERN_NOT_FOUND
 */
export function checkDense(
  matrix: MatrixBlocks,
  found: Survey,
  masks: number,
  file?: string,
): void {
  if (found.positions < masks * matrix.shared.mask.kept.length) return;
  checkZeros(matrix, { blocks: [], sharing: 'shared' }, file);
}

/** Whether a choice explains the zeros of a matrix well enough to be taken for its pattern. */
export function explains(matrix: MatrixBlocks, choice: SizesChoice): boolean {
  return unexplained(matrix, choice) <= UNEXPLAINED_ZEROS;
}

/** Share of the kept positions of a choice that are zeros (dense) or in zero blocks of 2 x 2 (a pattern). */
function unexplained(matrix: MatrixBlocks, { blocks, sharing }: SizesChoice): number {
  const masks = sharing === 'shared' ? [matrix.shared] : matrix.perGate;
  const kept = sum(masks.map((maps) => positionsOf(maps, blocks.at(-1))));
  const used = sum(masks.map((maps) => maps.at(blocks.length === 0 ? 1 : 2).positions));
  return (kept - used) / Math.max(1, kept);
}

/**
 * Refuses a choice that leaves too many zeros unexplained, and names the nearest pattern. Counted are zeros of
 * a dense matrix, and zero blocks of 2 x 2 inside the kept blocks of a pattern: single zero codes are no sign
 * of a pattern, and a coarser pattern that happens to be balanced must not stand in for a damaged one.
 * @throws UserError PATTERN_NOT_FOUND
 */
export function checkZeros(matrix: MatrixBlocks, choice: SizesChoice, file?: string): void {
  if (explains(matrix, choice)) return;
  const share = `${(100 * unexplained(matrix, choice)).toFixed(1)} %`;
  const [near] = atOnce(nearPatterns(matrix, 1));
  if (near === undefined) {
    throw new UserError({
      code: 'PATTERN_NOT_FOUND',
      message: `${matrix.name}: ${share} of it is zero, and no block pattern explains that; ${INSPECT}, --dense keeps the zeros`,
      file,
      field: matrix.name,
      expected: 'zeros in balanced blocks, or at most 1 % of zeros',
      got: `${share} zeros`,
    });
  }
  const hint = `nearest pattern: blocks ${near.blocks.join(',')}; use --blocks with --fill, or --dense; ${INSPECT}`;
  const masks = near.sharing === 'shared' ? 1 : matrix.perGate.length;
  const error = unbalanced(near.survey, { name: matrix.name, file }, masks, hint);
  throw new UserError({ ...error.report, code: 'PATTERN_NOT_FOUND' });
}

function positionsOf(maps: BlockMaps, size: number | undefined): number {
  return size === undefined ? maps.mask.kept.length : maps.at(size).positions;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
