import type { FloatMatrix } from './model.js';

/** Non-zero weights by row. */
export interface Rows {
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

/** The rows of all gates of a matrix, one behind the other. */
export function rowsOf({ values }: Pick<FloatMatrix, 'values'>, columns: number): Rows {
  const rows = values.length / columns;
  const start = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    let end = start[row] as number;
    for (let i = row * columns; i < (row + 1) * columns; i++) if (values[i] !== 0) end++;
    start[row + 1] = end;
  }
  const used = start[rows] as number;
  const column = new Int32Array(used);
  const value = new Float64Array(used);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    column[at] = i % columns;
    value[at++] = values[i] as number;
  }
  return { start, column, value };
}

/** sums[r] += row r times x. */
export function multiplyAdd(
  { start, column, value }: Rows,
  x: Float64Array,
  sums: Float64Array,
): void {
  for (let row = 0; row < sums.length; row++) {
    let sum = sums[row] as number;
    const end = start[row + 1] as number;
    for (let at = start[row] as number; at < end; at++) {
      sum += (value[at] as number) * (x[column[at] as number] as number);
    }
    sums[row] = sum;
  }
}
