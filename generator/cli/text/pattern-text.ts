import type { MatrixSummary } from '../../network/summary.js';

/** One matrix in a line, e.g. `128 x 64: blocks 16,4 keep 1,1, shared, 2048 of 32768 weights, e = 4`. */
export function patternLine(matrix: MatrixSummary): string {
  const { rows, columns, blocks, keep, sharing, kept, weights, exponent } = matrix;
  const pattern =
    blocks.length === 0 ? 'dense' : `blocks ${blocks.join()} keep ${keep.join()}, ${sharing}`;
  return `${rows} x ${columns}: ${pattern}, ${kept} of ${weights} weights, e = ${exponent}`;
}
