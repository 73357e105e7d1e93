import { unexpected } from '../../base/errors.js';
import { largest } from '../lists/choose.js';
import { keptAtRate } from '../lists/parse.js';
import { sidesIn } from '../lists/sides.js';
import type { GateValues } from '../magnitude.js';
import { chooseAnywhere } from './anywhere.js';
import type { KernelsSpec } from './parse.js';
import { type Block, type KernelsPattern, kernelsFrom } from './pattern.js';

/**
 * Chooses a pattern by the weights, over the gates that share it. With balance `equal`, the default, each block keeps
 * max(1, round(rows / sqrt(R))) rows and as many columns likewise: the rows of largest norm over all columns, then the columns of
 * largest norm over these rows, then again the rows of largest norm over these columns. Of equal ones the first.
 * `binomial`: see `chooseAnywhere`.
 * @throws UserError BALANCE_INVALID for `skewed`, which is of random draws
 */
export function chooseKernels(values: GateValues, spec: KernelsSpec): KernelsPattern {
  const { rate, balance = 'equal' } = spec;
  if (balance === 'skewed') {
    const expected = 'equal or binomial, as skewed is of random draws';
    const field = '--balance';
    throw unexpected({ code: 'BALANCE_INVALID', field, expected, got: `'${balance}'` });
  }
  const squares = squaresOf(values);
  const sides = sidesIn(values, spec);
  if (balance === 'binomial') return chooseAnywhere(squares, values, sides, rate);
  const kept = (of: number) => keptAtRate(of, Math.sqrt(rate));
  return kernelsFrom(values, sides, (block) => {
    const { height, width } = block;
    const sums = blockSums(squares, values.columns, block);
    const first = largest(sums.rows(all(width)), kept(height));
    const columns = largest(sums.columns(first), kept(width));
    return { rows: largest(sums.rows(columns), kept(height)), columns };
  });
}

/** Sum of w² over all gates, [row][column]. */
function squaresOf({ rows, columns, gates }: GateValues): Float64Array {
  const squares = new Float64Array(rows * columns);
  for (const values of gates) {
    for (let at = 0; at < squares.length; at++) {
      squares[at] = (squares[at] as number) + (values[at] as number) ** 2;
    }
  }
  return squares;
}

/** Sums of the rows of a block over some of its columns, and of its columns over some of its rows. */
function blockSums(squares: Float64Array, across: number, { row, column, height, width }: Block) {
  const at = (r: number, c: number) => squares[(row + r) * across + column + c] as number;
  return {
    rows: (columns: Int32Array) =>
      Float64Array.from({ length: height }, (_, r) =>
        columns.reduce((sum, c) => sum + at(r, c), 0),
      ),
    columns: (rows: Int32Array) =>
      Float64Array.from({ length: width }, (_, c) => rows.reduce((sum, r) => sum + at(r, c), 0)),
  };
}

const all = (count: number) => Int32Array.from({ length: count }, (_, at) => at);
