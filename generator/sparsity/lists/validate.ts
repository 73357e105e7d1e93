import { unexpected } from '../../base/errors.js';
import type { KeptLists, ListPattern } from './lists.js';

/** Where a pattern stands, for errors. */
export interface Place {
  readonly field: string;
  readonly file?: string | undefined;
}

/** @throws UserError PATTERN_INVALID: what of the pattern, and the two values that disagree */
export function invalid(
  { field, file }: Place,
  what: string,
  expected: string | number,
  got: string | number,
): never {
  throw unexpected({ code: 'PATTERN_INVALID', file, field, expected, got }, `${field}: ${what}`);
}

/**
 * Checks that rows follow one another and that each of them has columns of the matrix, ascending.
 * @throws UserError PATTERN_INVALID
 */
export function validateLists(pattern: ListPattern, place: Place): void {
  const { rows, columns, start, kept } = pattern;
  const natural = (value: number) => Number.isSafeInteger(value) && value >= 1;
  if (!natural(rows)) invalid(place, 'rows', 'at least 1', rows);
  if (!natural(columns)) invalid(place, 'columns', 'at least 1', columns);
  if (start.length !== rows + 1) invalid(place, 'starts of rows', rows + 1, start.length);
  if (start[0] !== 0) invalid(place, 'start of row 0', 0, start[0] as number);
  const end = start[rows] as number;
  if (end !== kept.length) invalid(place, 'kept columns', end, kept.length);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [start[row] as number, start[row + 1] as number];
    if (to < from) invalid(place, `start of row ${row + 1}`, `at least ${from}`, to);
    let before = -1;
    for (let at = from; at < to; at++) {
      const column = kept[at] as number;
      if (column <= before || column >= columns) {
        const expected = `a column from ${before + 1} to ${columns - 1}`;
        invalid(place, `kept column ${at - from} of row ${row}`, expected, column);
      }
      before = column;
    }
  }
}

/** Checks that each row keeps as many columns as the first one, at least one. @throws UserError PATTERN_INVALID */
export function validateBalance(pattern: ListPattern, place: Place): void {
  const counts = rowCounts(pattern);
  const perRow = counts[0] as number;
  if (perRow < 1) invalid(place, 'columns kept in row 0', 'at least 1', perRow);
  const odd = counts.findIndex((count) => count !== perRow);
  if (odd >= 0) invalid(place, `columns kept in row ${odd}`, perRow, counts[odd] as number);
}

/** Columns that each row keeps. */
export function rowCounts({ rows, start }: KeptLists): Int32Array {
  return Int32Array.from(
    { length: rows },
    (_, row) => (start[row + 1] as number) - (start[row] as number),
  );
}
