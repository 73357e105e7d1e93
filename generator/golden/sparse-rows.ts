import type { SparseMatrix } from '../network/model.js';

/** Rows of a matrix as lists of non-zero codes; a zero code adds nothing to an exact sum. */
export interface SparseRows {
  readonly kind: 'sparse';
  readonly rows: number;
  /** Entries of row r: start[r] ... start[r + 1] - 1. */
  readonly start: Int32Array;
  readonly column: Uint16Array;
  /** Codes as doubles, so that products and sums are exact up to 53 bits. */
  readonly code: Float64Array;
}

/** All gates of a matrix one below the other: row = gate * rows + row of the gate. */
export function sparseRows({ codes, columns }: SparseMatrix): SparseRows {
  const rows = codes.length / columns;
  const entries = codes.reduce((count, code) => (code === 0 ? count : count + 1), 0);
  const start = new Int32Array(rows + 1);
  const column = new Uint16Array(entries);
  const code = new Float64Array(entries);
  let at = 0;
  codes.forEach((value, i) => {
    if (i % columns === 0) start[i / columns] = at;
    if (value === 0) return;
    column[at] = i % columns;
    code[at++] = value;
  });
  start[rows] = at;
  return { kind: 'sparse', rows, start, column, code };
}

/** sums[r] += 2^shift * (row r of the matrix times x), exact. */
export function accumulateRows(
  { rows, start, column, code }: SparseRows,
  x: Float64Array,
  shift: number,
  sums: Float64Array,
): void {
  const scale = 2 ** shift;
  for (let row = 0; row < rows; row++) {
    const end = start[row + 1] as number;
    let sum = 0;
    for (let at = start[row] as number; at < end; at++) {
      sum += (code[at] as number) * (x[column[at] as number] as number);
    }
    sums[row] = (sums[row] as number) + sum * scale;
  }
}
