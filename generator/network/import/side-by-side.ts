import type { Reals } from '../float/reals.js';

/** A matrix on layers side by side. */
export interface Arranged {
  /** Numbers of the layers, ascending, each once. */
  readonly sources: readonly number[];
  /** [row][column], the columns of the first layer first. */
  readonly values: Reals;
}

/**
 * Brings the columns of a matrix [row][column] into the order of the layers that they stand for; columns of a layer that is
 * there twice are added. `numbers` and `widths`: of the layers, as its columns have them.
 */
export function sideBySide(
  matrix: Reals,
  numbers: readonly number[],
  widths: readonly number[],
): Arranged {
  const sources = [...new Set(numbers)].sort((a, b) => a - b);
  if (numbers.length === sources.length && numbers.every((n, i) => n === sources[i])) {
    return { sources, values: matrix };
  }
  const widthOf = (source: number) => widths[numbers.indexOf(source)] as number;
  const offset = (source: number) =>
    sources.slice(0, sources.indexOf(source)).reduce((sum, one) => sum + widthOf(one), 0);
  const before = widths.reduce((sum, width) => sum + width, 0);
  const after = sources.reduce((sum, one) => sum + widthOf(one), 0);
  const rows = matrix.length / before;
  const values = new Float64Array(rows * after);
  let column = 0;
  for (const [i, source] of numbers.entries()) {
    const to = offset(source);
    for (let own = 0; own < (widths[i] as number); own++, column++) {
      for (let row = 0; row < rows; row++) {
        const at = row * after + to + own;
        values[at] = (values[at] as number) + (matrix[row * before + column] as number);
      }
    }
  }
  return { sources, values };
}
