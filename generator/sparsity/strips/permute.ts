import { type StripsPattern, stripOf } from './pattern.js';

/**
 * The pattern of the matrix with rows and columns in another order: row r of the result is row `rows[r]`, its columns likewise.
 * Strips stay the sets of rows that they were, with their columns renumbered; so any order can be had.
 */
export function permuted(
  pattern: StripsPattern,
  rows: Int32Array,
  columns: Int32Array,
): StripsPattern {
  const { stripOfRow: _, droppedRows, height, ...rest } = pattern;
  const now = new Int32Array(columns.length);
  columns.forEach((old, column) => {
    now[old] = column;
  });
  const kept = pattern.kept.map((list) => list.map((old) => now[old] as number).sort());
  const strips = rows.map((old) => stripOf(pattern, old));
  const moved = strips.some((strip, row) => strip !== Math.floor(row / height));
  return {
    ...rest,
    height,
    kept,
    ...(droppedRows && {
      droppedRows: Uint8Array.from(rows, (old) => droppedRows[old] as number),
    }),
    ...(moved && { stripOfRow: strips }),
  };
}
