import type { FloatTensor } from './model.js';

/** Non-zero weights by row. */
export interface Rows {
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

/** The rows of all gates of a matrix, one behind the other. */
export function rowsOf({ values }: FloatTensor, columns: number): Rows {
  const used = [...values.keys()].filter((i) => values[i] !== 0);
  const start = new Int32Array(values.length / columns + 1);
  for (const i of used) {
    const next = Math.floor(i / columns) + 1;
    start[next] = (start[next] as number) + 1;
  }
  for (let row = 1; row < start.length; row++) {
    start[row] = (start[row] as number) + (start[row - 1] as number);
  }
  return {
    start,
    column: Int32Array.from(used, (i) => i % columns),
    value: Float64Array.from(used, (i) => values[i] as number),
  };
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
