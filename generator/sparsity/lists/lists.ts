import type { Mask } from '../mask.js';
import type { PatternData, Size } from '../pattern.js';

/** Which columns each row of a matrix keeps: the data of every kind of pattern that is no geometry of blocks. */
export interface KeptLists extends Size {
  /** Kept columns of row r are `kept[start[r]]` ... `kept[start[r + 1] - 1]`; rows + 1 entries. */
  readonly start: Int32Array;
  /** Kept columns, row by row, ascending in a row. */
  readonly kept: Int32Array;
}

/** A pattern that consists of such lists. */
export interface ListPattern extends PatternData, KeptLists {}

/** Lists from the columns of each row, ascending. */
export function listsFrom(
  { rows, columns }: Size,
  columnsOf: (row: number) => ArrayLike<number>,
): KeptLists {
  const lists = Array.from({ length: rows }, (_, row) => columnsOf(row));
  const start = new Int32Array(rows + 1);
  lists.forEach((list, row) => {
    start[row + 1] = (start[row] as number) + list.length;
  });
  const kept = new Int32Array(start[rows] as number);
  lists.forEach((list, row) => {
    kept.set(list, start[row]);
  });
  return { rows, columns, start, kept };
}

/** Lists of every position that a mask keeps. */
export function listsOfMask({ rows, columns, kept: mask }: Mask): KeptLists {
  const kept = new Int32Array(positionsIn(mask));
  const start = new Int32Array(rows + 1);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    for (let column = 0; column < columns; column++) {
      if (mask[from + column] !== 0) kept[at++] = column;
    }
    start[row + 1] = at;
  }
  return { rows, columns, start, kept };
}

/** Lists of every column. */
export function wholeLists({ rows, columns }: Size): KeptLists {
  const all = Int32Array.from({ length: columns }, (_, column) => column);
  return listsFrom({ rows, columns }, () => all);
}

/** Kept columns of a row, ascending. */
export function columnsOfRow({ start, kept }: KeptLists, row: number): Int32Array {
  return kept.subarray(start[row], start[row + 1]);
}

/** Kept columns of the row that has most. */
export function longestRow({ rows, start }: KeptLists): number {
  let most = 0;
  for (let row = 0; row < rows; row++) {
    most = Math.max(most, (start[row + 1] as number) - (start[row] as number));
  }
  return most;
}

/** Positions that a mask keeps: its ones. */
export function positionsIn(kept: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < kept.length; i++) count += kept[i] as number;
  return count;
}
