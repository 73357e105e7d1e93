import { UserError } from '../../base/errors.js';
import type { Steps } from '../../base/steps.js';
import {
  fitted,
  type Holding,
  heldIn,
  isFit,
  nearest,
  type Unlike,
  unlike,
} from '../lists/hold.js';
import { listsOfMask } from '../lists/lists.js';
import { isWhole } from '../lists/walk.js';
import type { MatrixMasks } from '../mask.js';
import type { FindOptions, Fit, MatrixPatterns, Shared } from '../pattern.js';
import { type BanksPattern, banksIn, banksOf, countsIn, wholeBanks } from './pattern.js';

/** What a user states about the zeros: the bank size, or nothing. */
export interface BanksShape {
  readonly kind: 'banks';
  readonly bank: number | null;
}

/** How the zeros of a matrix are taken. */
export interface BanksChoice extends Shared {
  readonly kind: 'banks';
  readonly bank: number;
}

/** Bank sizes that are tried, the most specific first. */
export const BANK_SIZES = [8, 16, 32, 64, 128, 256] as const;

const WHAT = 'no bank-balanced sparsity';

function holding(bank: number): Holding<BanksPattern> {
  return {
    hold: (masks) => {
      const patterns = masks.map((mask) => banksOf(bank, listsOfMask(mask)));
      return unlikeIn(patterns, bank) ?? patterns;
    },
    slack: 1,
    whole: (size) => wholeBanks(size, bank),
  };
}

/** Where banks of patterns have other counts than most: full banks among each other, and last ones among each other. */
export function unlikeIn(patterns: readonly BanksPattern[], bank: number): Unlike | null {
  const [first] = patterns as readonly [BanksPattern];
  const across = banksIn(first, bank);
  const full = Math.floor(first.columns / bank);
  const counts = patterns.map((pattern) => countsIn(pattern, bank));
  const odd = unlike(
    counts.map((own) => banksOfRows(own, across, 0, full)),
    1,
    (place) => `bank ${place % full} of row ${Math.floor(place / full)} in banks of ${bank}`,
  );
  if (odd !== null || across === full) return odd;
  return unlike(
    counts.map((own) => banksOfRows(own, across, full, across)),
    full === 0 ? 1 : 0,
    (row) => `the last bank of row ${row} in banks of ${bank}`,
  );
}

/** Of counts [row][bank] those of banks `first` to `end` - 1, row by row. */
function banksOfRows(counts: Int32Array, across: number, first: number, end: number): Int32Array {
  if (first === 0 && end === across) return counts;
  const rows = counts.length / across;
  const own = new Int32Array(rows * (end - first));
  for (let row = 0; row < rows; row++) {
    const from = row * across;
    own.set(counts.subarray(from + first, from + end), row * (end - first));
  }
  return own;
}

/** The patterns of the smallest bank size that holds the zeros; where none does, why the nearest one does not. */
export function heldInBanks(
  matrix: MatrixMasks,
  sizes: readonly number[] = BANK_SIZES,
  sharing?: Shared['sharing'],
): MatrixPatterns<BanksPattern> | Unlike {
  const reasons: Unlike[] = [];
  for (const size of sizes) {
    const held = heldIn(matrix, holding(size), sharing);
    if (isFit(held)) return held;
    reasons.push(held);
  }
  return nearest(reasons);
}

/** Whether patterns are cut into more than one bank, and drop something: else they say no more than row balance. */
export function saysBanks({ patterns: [first] }: MatrixPatterns<BanksPattern>): boolean {
  return first !== undefined && banksIn(first, first.bank) > 1 && !isWhole(first);
}

/** The smallest bank size of every matrix, one of which has more than one bank. @throws UserError PATTERN_NOT_FOUND */
export function* searchBanks(
  matrices: readonly MatrixMasks[],
  options: FindOptions,
): Steps<readonly BanksChoice[]> {
  const fits: Fit<BanksPattern>[] = [];
  for (const matrix of matrices) {
    yield;
    fits.push(fitted(heldInBanks(matrix), matrix, WHAT, 'PATTERN_NOT_FOUND', options));
  }
  if (!fits.some(saysBanks)) throw oneBank(matrices, options);
  return fits.map(({ sharing, patterns: [first] }) => ({
    ...{ kind: 'banks', sharing, bank: (first as BanksPattern).bank },
  }));
}

/** The patterns of a choice. @throws UserError PATTERN_UNBALANCED */
export function fitBanks(
  matrix: MatrixMasks,
  { bank, sharing }: BanksChoice,
  options: FindOptions,
): Fit<BanksPattern> {
  const held = heldInBanks(matrix, [bank], sharing);
  return fitted(held, matrix, WHAT, 'PATTERN_UNBALANCED', options);
}

/** Banks of the size that a user states, or of the smallest that holds the zeros. @throws UserError PATTERN_UNBALANCED */
export function fitBanksTo(
  matrix: MatrixMasks,
  { bank }: BanksShape,
  options: FindOptions,
): Fit<BanksPattern> {
  const held = heldInBanks(matrix, bank === null ? BANK_SIZES : [bank]);
  return fitted(held, matrix, WHAT, 'PATTERN_UNBALANCED', options);
}

function oneBank(matrices: readonly MatrixMasks[], { file }: FindOptions): UserError {
  const names = matrices.map(({ name }) => name).join(', ');
  const expected = 'a matrix with zeros in two or more banks';
  return new UserError({
    code: 'PATTERN_NOT_FOUND',
    message: `${names}: no matrix has zeros and more than one bank: ${WHAT}`,
    ...{ file, field: matrices[0]?.name, expected, got: 'at most one bank in a row' },
  });
}
