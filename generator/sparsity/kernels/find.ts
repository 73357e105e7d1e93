import { UserError } from '../../base/errors.js';
import { atOnce, type Steps } from '../../base/steps.js';
import { standInBlocks } from '../blocks.js';
import { cheapest } from '../kept-zeros.js';
import { NOTHING_ADDED } from '../lists/hold.js';
import { positionsIn } from '../lists/lists.js';
import { sidesIn } from '../lists/sides.js';
import type { MatrixMasks } from '../mask.js';
import type { FindOptions, Fit } from '../pattern.js';
import { type Candidate, candidateOf, candidates, type SidesChoice } from './candidates.js';
import { kernelsIn } from './in-mask.js';
import type { KernelsShape } from './parse.js';
import { type KernelsPattern, wholeMatrix } from './pattern.js';

/** How the zeros of a matrix are taken: sides of its blocks, for all gates or for each; or as dense. */
export interface KernelsChoice extends SidesChoice {
  readonly kind: 'kernels';
}

/**
 * Sides and sharing of every matrix, from its zeros, each matrix by itself; of one of them at least, kernels have to say more than
 * they would of zeros anywhere. Where the user names no kind, zeros of whole blocks are none of kernels: they are a block pattern
 * out of balance, and a user has to know.
 * @throws UserError PATTERN_NOT_FOUND where no kernels explain the zeros of a matrix; BAD_USAGE with `fill`
 */
export function* searchKernels(
  matrices: readonly MatrixMasks[],
  { fill, named = false, file }: FindOptions,
): Steps<readonly KernelsChoice[]> {
  if (fill) throw noFill();
  const chosen: Candidate[] = [];
  for (const matrix of matrices) {
    const list = yield* candidates(matrix, named);
    const best = cheapest(list);
    if (best === null) throw notFound(matrix, nearest(list), file);
    if (!named && isBlocks(matrix, best)) throw blocksOnly(matrix, file);
    chosen.push(best);
  }
  if (!named && !chosen.some(({ says }) => says)) throw saysNothing(matrices, file);
  return chosen.map(({ sharing, height, width, dense }) => ({
    ...{ kind: 'kernels', sharing, height, width, dense },
  }));
}

/** The one of the candidates that keeps least; dense is none. */
export function nearest(list: readonly Candidate[]): Candidate {
  const some = list.filter(({ dense }) => !dense);
  return some.reduce((best, own) => (own.kept < best.kept ? own : best));
}

/** Whether the weights that a candidate keeps stand in whole blocks of 2 x 2, as all patterns of blocks have them. */
export function isBlocks(
  { shared, perGate }: MatrixMasks,
  { sharing, dense }: SidesChoice,
): boolean {
  return !dense && standInBlocks(sharing === 'shared' ? [shared] : perGate);
}

/** The patterns of a choice. */
export function fitKernels(
  { shared, perGate }: MatrixMasks,
  { sharing, dense, height, width }: SidesChoice,
): Fit<KernelsPattern> {
  const added = NOTHING_ADDED;
  if (dense) return { sharing: 'shared', patterns: [wholeMatrix(shared)], added };
  const masks = sharing === 'shared' ? [shared] : perGate;
  return { sharing, patterns: masks.map((mask) => kernelsIn(mask, { height, width })), added };
}

/**
 * Given sides: one pattern for all gates or one for each, whichever explains the zeros in fewer bits.
 * @throws UserError PATTERN_NOT_FOUND; BAD_USAGE with `fill`
 */
export function fitKernelsTo(
  matrix: MatrixMasks,
  shape: KernelsShape,
  { fill, file }: FindOptions,
): Fit<KernelsPattern> {
  if (fill) throw noFill();
  const { shared, perGate } = matrix;
  const sides = sidesIn(shared, shape);
  const list = (
    perGate.length === 1 ? (['shared'] as const) : (['shared', 'per-gate'] as const)
  ).map((sharing) => atOnce(candidateOf(matrix, sharing, sides, true)));
  const best = cheapest(list);
  if (best === null) throw notFound(matrix, nearest(list), file);
  return fitKernels(matrix, best);
}

/** Weights of all gates. */
export function weightsIn({ perGate }: MatrixMasks): number {
  return perGate.reduce((sum, { kept }) => sum + positionsIn(kept), 0);
}

function noFill(): UserError {
  const message =
    '--fill is of pattern hcgs: kernels keep as many rows and columns as they have, and need no zero blocks';
  return new UserError({ code: 'BAD_USAGE', message, field: '--fill' });
}

function notFound(matrix: MatrixMasks, near: Candidate, file?: string): UserError {
  const { name } = matrix;
  const { height, width, kept } = near;
  const got = `${kept - weightsIn(matrix)} zeros in ${kept} positions that they keep`;
  const message = `${name}: kernels in blocks of ${height}x${width} do not explain its zeros, ${got}; hcgs inspect shows the zeros, --dense keeps them`;
  const expected = 'rows and columns of blocks that are zero, and at most 1 % of zeros beside';
  return new UserError({ code: 'PATTERN_NOT_FOUND', message, file, field: name, expected, got });
}

function blocksOnly({ name }: MatrixMasks, file?: string): UserError {
  const message = `${name}: its weights stand in blocks, which are no kernels unless --pattern kernels says so; hcgs inspect shows the zeros`;
  const [expected, got] = ['rows and columns that are zero in blocks', 'blocks of weights'];
  return new UserError({ code: 'PATTERN_NOT_FOUND', message, file, field: name, expected, got });
}

function saysNothing(matrices: readonly MatrixMasks[], file?: string): UserError {
  const names = matrices.map(({ name }) => name).join(', ');
  const message = `${names}: kernels would describe zeros anywhere as well, so these are none unless --pattern kernels says so`;
  const expected = 'a matrix that kernels describe better than zeros anywhere';
  const got = 'none';
  const field = matrices[0]?.name;
  return new UserError({ code: 'PATTERN_NOT_FOUND', message, file, field, expected, got });
}
