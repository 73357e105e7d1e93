import { isDropped, type StripsPattern, stripOf } from './pattern.js';

/** Positions in kept columns of rows that are not dropped. Nothing is padded or filled: they are what hardware stores. */
export function keptPositions(pattern: StripsPattern): number {
  const { kept } = pattern;
  return rowsLeft(pattern).reduce(
    (sum, rows, strip) => sum + rows * (kept[strip] as Int32Array).length,
    0,
  );
}

/** Rows of each strip that are not dropped. */
export function rowsLeft(pattern: StripsPattern): Int32Array {
  const left = new Int32Array(pattern.kept.length);
  for (let row = 0; row < pattern.rows; row++) {
    if (isDropped(pattern, row)) continue;
    const strip = stripOf(pattern, row);
    left[strip] = (left[strip] as number) + 1;
  }
  return left;
}

/** Rows of the matrix that are dropped. */
export function droppedCount({ droppedRows }: Pick<StripsPattern, 'droppedRows'>): number {
  return droppedRows?.reduce((sum, dropped) => sum + dropped, 0) ?? 0;
}

/**
 * Bits of the index lists: ceil(log2 width) for each kept column of a strip, one list for all of its rows (BSPC of RTMobile), and
 * one bit for each row of the matrix where rows are dropped.
 */
export function indexBits({ kept, width, rows, droppedRows }: StripsPattern): number {
  const entries = kept.reduce((sum, { length }) => sum + length, 0);
  return entries * Math.ceil(Math.log2(width)) + (droppedRows === undefined ? 0 : rows);
}

/** Products that a row adds up at most: the columns of the strip that keeps the most of them. */
export function productsPerRow(pattern: StripsPattern): number {
  const { kept } = pattern;
  return rowsLeft(pattern).reduce(
    (most, rows, strip) => (rows === 0 ? most : Math.max(most, (kept[strip] as Int32Array).length)),
    0,
  );
}
