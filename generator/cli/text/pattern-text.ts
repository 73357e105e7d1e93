import type { SparseMatrix } from '../../network/model.js';
import type { Pass } from '../../network/program.js';
import {
  isDense,
  type LayerSummary,
  type MatrixSummary,
  patternText,
} from '../../network/summary.js';

/** One matrix in a line, e.g. `128 x 64: blocks 16,4 keep 1,1, shared, 2048 of 32768 weights, e = 4`. */
export function patternLine(matrix: SparseMatrix, summary: MatrixSummary): string {
  const { rows, columns, sharing, kept, weights, exponent } = summary;
  const pattern = patternText(matrix) + (isDense(matrix) ? '' : `, ${sharing}`);
  return `${rows} x ${columns}: ${pattern}, ${kept} of ${weights} weights, e = ${exponent}`;
}

/** The matrices of the operands of a layer, a line each: `x 128 x 64: ...`. */
export function operandLines(
  operands: Pass['operands'],
  { x, h }: Pick<LayerSummary, 'x' | 'h'>,
): readonly string[] {
  return operands.map(({ matrix }, o) =>
    o === 0 ? `x ${patternLine(matrix, x)}` : `h ${patternLine(matrix, h as MatrixSummary)}`,
  );
}
