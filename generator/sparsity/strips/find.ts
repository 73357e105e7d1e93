import { UserError } from '../../base/errors.js';
import type { Steps } from '../../base/steps.js';
import { standInBlocks } from '../blocks.js';
import { sidesIn } from '../lists/sides.js';
import type { Mask, MatrixMasks } from '../mask.js';
import type { Added, FindOptions, Fit } from '../pattern.js';
import { bestOf, type Candidate, candidateOf, candidates, type SizesChoice } from './candidates.js';
import { disagreements, disagreementText } from './disagree.js';
import type { StripsShape } from './parse.js';
import { type StripsPattern, wholeMatrix } from './pattern.js';
import { columnsOf, emptyRows, stripMap } from './strip-maps.js';

/** How the zeros of a matrix are taken: sizes of strip blocks, for all gates or for each; or as dense. */
export interface StripsChoice extends SizesChoice {
  readonly kind: 'strips';
}

/** Nothing is added to strips: columns of a strip may be as many as they are. */
export const NOTHING: Added = { facts: {}, text: '-' };

/**
 * Sizes and sharing of every matrix, from its zeros, each matrix by itself. Where the user names no kind, zeros of whole blocks
 * are none of strips: they are a block pattern out of balance, and a user has to know.
 * @throws UserError PATTERN_NOT_FOUND where no strips explain the zeros of a matrix; BAD_USAGE with `fill`
 */
export function* searchStrips(
  matrices: readonly MatrixMasks[],
  { fill, named = false, file }: FindOptions,
): Steps<readonly StripsChoice[]> {
  if (fill) throw noFill();
  const choices: StripsChoice[] = [];
  for (const matrix of matrices) {
    const list = yield* candidates(matrix);
    const best = bestOf(list);
    if (best === null) throw notFound(matrix, nearest(list), file);
    if (!named && isBlocks(matrix, best)) throw blocksOnly(matrix, file);
    const { sharing, height, width, dense } = best;
    choices.push({ kind: 'strips', sharing, height, width, dense });
  }
  return choices;
}

/** The one of the candidates that keeps least; dense is none. */
export function nearest(list: readonly Candidate[]): Candidate {
  const some = list.filter(({ dense }) => !dense);
  return some.reduce((best, own) => (own.kept < best.kept ? own : best));
}

/** The patterns of a choice. */
export function fitStrips(
  { shared, perGate }: MatrixMasks,
  { sharing, dense, ...sizes }: SizesChoice,
): Fit<StripsPattern> {
  if (dense) return { sharing: 'shared', patterns: [wholeMatrix(shared)], added: NOTHING };
  const masks = sharing === 'shared' ? [shared] : perGate;
  return { sharing, patterns: masks.map((mask) => held(mask, sizes)), added: NOTHING };
}

/**
 * Given sizes: one pattern for all gates or one for each, whichever explains the zeros and keeps less, rather one.
 * @throws UserError PATTERN_NOT_FOUND with the first rows that disagree; BAD_USAGE with `fill`
 */
export function fitStripsTo(
  matrix: MatrixMasks,
  shape: StripsShape,
  { fill, file }: FindOptions,
): Fit<StripsPattern> {
  if (fill) throw noFill();
  const { shared, perGate } = matrix;
  const gates = perGate.length;
  const sizes = sidesIn(shared, shape);
  const list = [
    candidateOf([shared], gates, 'shared', sizes),
    ...(gates > 1 ? [candidateOf(perGate, 1, 'per-gate', sizes)] : []),
  ];
  const best = bestOf(list);
  if (best === null) throw notFound(matrix, nearest(list), file);
  return fitStrips(matrix, best);
}

/** The pattern of given sizes that keeps every weight of a mask, and the first position of one that has none. */
function held(mask: Mask, sizes: Pick<SizesChoice, 'height' | 'width'>): StripsPattern {
  const { rows, columns } = mask;
  const empty = emptyRows(mask);
  const map = stripMap(mask, sizes.height, empty);
  const kept = Array.from({ length: map.strips }, (_, strip) => columnsOf(map, strip));
  if (!empty.includes(0)) {
    empty[0] = 0;
    kept[0] = Int32Array.of(0);
  }
  const dropped = empty.includes(1) ? { droppedRows: empty } : {};
  return { kind: 'strips', rows, columns, ...sizes, kept, ...dropped };
}

/** Whether the weights that a candidate keeps stand in whole blocks of 2 x 2, as all patterns of blocks have them. */
export function isBlocks(
  { shared, perGate }: MatrixMasks,
  { sharing, dense }: SizesChoice,
): boolean {
  return !dense && standInBlocks(sharing === 'shared' ? [shared] : perGate);
}

function blocksOnly({ name }: MatrixMasks, file?: string): UserError {
  const message = `${name}: its weights stand in blocks, which are no strips unless --pattern strips says so; hcgs inspect shows the zeros`;
  const [expected, got] = ['columns that are zero in whole strips', 'blocks of weights'];
  return new UserError({ code: 'PATTERN_NOT_FOUND', message, file, field: name, expected, got });
}

function noFill(): UserError {
  const message =
    '--fill is of pattern hcgs: strips keep as many columns as they have, and need no zero blocks';
  return new UserError({ code: 'BAD_USAGE', message, field: '--fill' });
}

function notFound(matrix: MatrixMasks, near: Candidate, file?: string): UserError {
  const { name, shared, perGate } = matrix;
  const { height, width, sharing } = near;
  const masks = sharing === 'shared' ? [shared] : perGate;
  const [first] = disagreements(masks, height);
  const where = first === undefined ? '' : `; ${disagreementText(first, sharing)}`;
  const sizes = `strips of ${height}x${width}`;
  const message = `${name}: ${sizes} do not explain its zeros${where}; hcgs inspect shows the zeros, --dense keeps them`;
  return new UserError({
    code: 'PATTERN_NOT_FOUND',
    message,
    file,
    field: name,
    expected: 'columns that are zero in whole strips, or at most 1 % of zeros beside',
    got: first === undefined ? 'zeros of single weights' : disagreementText(first, sharing),
  });
}
