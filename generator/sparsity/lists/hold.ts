import { UserError } from '../../base/errors.js';
import { type Mask, type MatrixMasks, UNEXPLAINED_ZEROS } from '../mask.js';
import type { FindOptions, Fit, MatrixPatterns, Shared } from '../pattern.js';
import { type ListPattern, positionsIn } from './lists.js';

/** Why masks are not of a kind: the first place whose count is not the usual one. */
export interface Unlike {
  /** How many masks, and which of them, e.g. which gate. */
  readonly masks: number;
  readonly mask: number;
  /** E.g. `row 3`. */
  readonly where: string;
  /** Zero where most places keep nothing. */
  readonly usual: number;
  readonly got: number;
  /** Places like it, and how many places there are. */
  readonly odd: number;
  readonly places: number;
}

/** The patterns of masks that are to be alike, one per mask; or why there are none. */
export type Hold<P> = (masks: readonly Mask[]) => readonly P[] | Unlike;

/** How a kind of pattern holds the zeros of a matrix. */
export interface Holding<P> {
  readonly hold: Hold<P>;
  /** Positions that one pattern for all gates may keep, by those that one per gate keeps: 1 = no more. */
  readonly slack: number;
  /** A pattern that keeps everything, for a matrix of hardly any zeros; null: such a matrix is held as any other. */
  readonly whole: ((mask: Mask) => P) | null;
}

/** Whether a matrix has so few zeros in all gates together that it is taken for a dense one. */
export function isNearlyWhole({ shared: { kept } }: MatrixMasks): boolean {
  return kept.length - positionsIn(kept) <= UNEXPLAINED_ZEROS * kept.length;
}

/**
 * One pattern for all gates, or one each, whichever keeps less; rather one. `sharing`: only that. Where neither holds the zeros: why
 * the nearer one does not.
 */
export function heldIn<P extends ListPattern>(
  matrix: MatrixMasks,
  { hold, slack, whole }: Holding<P>,
  sharing?: Shared['sharing'],
): MatrixPatterns<P> | Unlike {
  const { shared, perGate } = matrix;
  const one = sharing === 'per-gate' ? null : hold([shared]);
  const each = sharing === 'shared' || perGate.length === 1 ? null : hold(perGate);
  const found: MatrixPatterns<P>[] = [];
  if (isHeld(one)) found.push({ sharing: 'shared', patterns: one });
  if (isHeld(each)) found.push({ sharing: 'per-gate', patterns: each });
  const [first, second] = found;
  if (first !== undefined && second !== undefined) {
    const kept = ({ patterns }: MatrixPatterns<P>) =>
      (perGate.length / patterns.length) * patterns.reduce((sum, own) => sum + own.kept.length, 0);
    return kept(first) <= slack * kept(second) ? first : second;
  }
  if (first !== undefined) return first;
  if (whole !== null && isNearlyWhole(matrix)) {
    return { sharing: 'shared', patterns: [whole(shared)] };
  }
  return nearest(
    [one, each].filter((reason): reason is Unlike => reason !== null && !isHeld(reason)),
  );
}

/** The reason with the smallest share of odd places. */
export function nearest(reasons: readonly Unlike[]): Unlike {
  return reasons.reduce((a, b) => (b.odd / b.places < a.odd / a.places ? b : a));
}

function isHeld<P>(held: readonly P[] | Unlike | null): held is readonly P[] {
  return Array.isArray(held);
}

/** Whether a matrix is held. */
export function isFit<P>(held: MatrixPatterns<P> | Unlike): held is MatrixPatterns<P> {
  return 'patterns' in held;
}

/** What is held, as a fit that adds nothing. @throws UserError of that code, which says why nothing is */
export function fitted<P>(
  held: MatrixPatterns<P> | Unlike,
  matrix: MatrixMasks,
  what: string,
  code: 'PATTERN_NOT_FOUND' | 'PATTERN_UNBALANCED',
  { file }: FindOptions,
): Fit<P> {
  if (isFit(held)) return { ...held, added: NOTHING_ADDED };
  const { masks, mask, where, usual, got } = held;
  const { name, perGate } = matrix;
  const together = perGate.length === 1 ? '' : ' of all gates together';
  const place = `${where}${masks > 1 ? ` of gate ${mask}` : together}`;
  const others = usual === 0 ? 'at least 1 is needed' : `others keep ${usual}`;
  throw new UserError({
    code,
    message: `${name}: ${place} keeps ${got} where ${others}: ${what}; hcgs inspect lists what fits`,
    file,
    field: name,
    expected: `${usual === 0 ? 'at least 1' : usual} in ${place}`,
    got,
  });
}

/** What a fit adds to the zeros of a network: these kinds add nothing. */
export const NOTHING_ADDED = { facts: {}, text: '-' } as const;

/** Compares counts of places of masks, `counts[mask][place]`: null where all are the same, and `least` or more. */
export function unlike(
  counts: readonly Int32Array[],
  least: number,
  name: (place: number) => string,
): Unlike | null {
  const times = new Map<number, number>();
  for (const own of counts) for (const count of own) times.set(count, (times.get(count) ?? 0) + 1);
  const [[usual = 0] = []] = [...times].sort(([a, n], [b, m]) => m - n || b - a);
  const places = counts.reduce((sum, { length }) => sum + length, 0);
  const isOdd = (count: number) => count !== usual || count < least;
  const odd = counts.reduce((sum, own) => sum + own.filter(isOdd).length, 0);
  if (odd === 0) return null;
  const mask = counts.findIndex((own) => own.some(isOdd));
  const place = counts[mask]?.findIndex(isOdd) ?? 0;
  const got = counts[mask]?.[place] ?? 0;
  return { masks: counts.length, mask, where: name(place), usual, got, odd, places };
}
