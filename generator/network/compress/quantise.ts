import { UserError } from '../../base/errors.js';
import { sat } from '../arithmetic.js';
import type { Reals } from '../float/reals.js';
import { type FixedPoint, roundToCode } from '../frames.js';
import { MAX_FRACTION } from '../limits.js';
import { type Distribution, distributionOf } from './distribution.js';

/** How a tensor was quantised and what that cost. */
export interface TensorReport {
  readonly name: string;
  readonly bits: number;
  /** Fraction bits; for weights the exponent e, value = code * 2^-e. */
  readonly fraction: number;
  /** Values that are not zero in the source. */
  readonly values: number;
  /** Values clamped to the largest or smallest code. */
  readonly saturated: number;
  /** Largest absolute error against float. */
  readonly maxError: number;
  /** Root mean square error over the values that are not zero in the source. */
  readonly rmsError: number;
}

/** The finest point that `fractionHolding` chooses, whatever small values were seen. */
export const FINEST_FRACTION = 24;

/**
 * Codes of `values`, rounded half up and saturated, with a report.
 * @throws UserError QUANTISE_RANGE when the format is beyond what the program represents.
 */
export function quantise(
  name: string,
  values: Reals,
  format: FixedPoint,
): { readonly codes: Int32Array; readonly report: TensorReport } {
  const codes = new Int32Array(values.length);
  return { codes, report: quantiseInto(codes, name, values, format) };
}

/** The same into `codes`, whose words have to hold the format. @throws UserError QUANTISE_RANGE */
export function quantiseInto(
  codes: Int16Array | Int32Array,
  name: string,
  values: Reals,
  { bits, fraction }: FixedPoint,
): TensorReport {
  if (Math.abs(fraction) > MAX_FRACTION) {
    const expected = `values that ${bits} bits with ${-MAX_FRACTION} to ${MAX_FRACTION} fraction bits hold`;
    const message = `${name}: expected ${expected}, got ${fraction} fraction bits`;
    throw new UserError({ code: 'QUANTISE_RANGE', message, field: name, expected, got: fraction });
  }
  let [nonZero, saturated, maxError, squares] = [0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const rounded = roundToCode(value, fraction);
    const code = sat(rounded, bits);
    codes[i] = code;
    if (value !== 0) nonZero++;
    if (code !== rounded) saturated++;
    const error = Math.abs(code * 2 ** -fraction - value);
    maxError = Math.max(maxError, error);
    squares += error * error;
  }
  const rmsError = nonZero === 0 ? 0 : Math.sqrt(squares / nonZero);
  return { name, bits, fraction, values: nonZero, saturated, maxError, rmsError };
}

/** How the exponent of weights is chosen that no exponent holds exactly; a number is a percentage. */
export type WeightRange = 'least-squares' | 'max' | number;

/** Exponents that were worked out, by matrix, word length and range: sweeps and searches ask again and again. */
const known = new WeakMap<Reals, Map<string, number>>();

/** `weightExponent`, worked out once for the same array; it must not change. */
export function exponentOf(values: Reals, bits: number, range?: WeightRange): number {
  const own = known.get(values) ?? new Map<string, number>();
  known.set(values, own);
  const key = `${bits} ${range}`;
  const exponent = own.get(key) ?? weightExponent(values, bits, range);
  own.set(key, exponent);
  return exponent;
}

/**
 * Exponent e of weights, value = code * 2^-e: the smallest e that holds every weight exactly. Where there is none:
 * `least-squares`: the e with the least squared error, saturation included, ties to the larger range; `max`: the
 * largest e at which no weight saturates; a percentage: at which that share of the non-zero weights does not, up to
 * the 0.1 % of `Distribution.percentile`. All zeros: the range [-1, 1).
 */
export function weightExponent(
  values: Reals,
  bits: number,
  range: WeightRange = 'least-squares',
): number {
  const weights = nonZeroOf(values);
  if (weights.length === 0) return bits - 1;
  const exact = weights.reduce(
    (e, value) => Math.max(e, lowestBit(value)),
    Number.NEGATIVE_INFINITY,
  );
  if (weights.every((value) => sat(value * 2 ** exact, bits) === value * 2 ** exact)) return exact;
  if (range === 'least-squares') return leastSquares(weights, bits);
  return rangeFraction(distributionOf(weights), bits, range, MAX_FRACTION);
}

/** The values that are not zero, in their order. */
function nonZeroOf(values: Reals): Float64Array {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) count++;
  const own = new Float64Array(count);
  let next = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) own[next++] = values[i] as number;
  return own;
}

function leastSquares(weights: Float64Array, bits: number): number {
  // from the range in which the largest weight is one step, to where almost everything saturates
  const largest = weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const first = -Math.floor(Math.log2(largest)) - 1;
  let best = { exponent: first, error: Number.POSITIVE_INFINITY };
  for (let exponent = first; exponent <= first + bits + 16; exponent++) {
    const error = squaredError(weights, { bits, fraction: exponent });
    if (error < best.error) best = { exponent, error };
  }
  return best.exponent;
}

/** The largest fraction count at which nothing within the range saturates; a number is a percentage. */
export function rangeFraction(
  seen: Distribution,
  bits: number,
  range: 'max' | number = 'max',
  finest = FINEST_FRACTION,
): number {
  const { low, high } = seen;
  if (range === 'max') return fractionHolding([low, high], bits, finest);
  const limit = seen.percentile(range);
  return fractionHolding([Math.max(low, -limit), Math.min(high, limit)], bits, finest);
}

/**
 * The largest fraction count at which no value saturates, at most `finest`; all zeros: the range [-1, 1).
 */
export function fractionHolding(
  values: Iterable<number>,
  bits: number,
  finest = FINEST_FRACTION,
): number {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === 0 && high === 0) return Math.min(bits - 1, finest);
  const holds = (fraction: number) =>
    [low, high].every((value) => {
      const code = roundToCode(value, fraction);
      return sat(code, bits) === code;
    });
  let fraction = bits - Math.floor(Math.log2(Math.max(-low, high))) + 1;
  while (!holds(fraction)) fraction--;
  return Math.min(fraction, finest);
}

function squaredError(values: Reals, { bits, fraction }: FixedPoint): number {
  const step = 2 ** -fraction;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const error = sat(roundToCode(value, fraction), bits) * step - value;
    squares += error * error;
  }
  return squares;
}

/** The smallest e for which value * 2^e is an integer; value is not zero. */
function lowestBit(value: number): number {
  let e = 52 - Math.floor(Math.log2(Math.abs(value)));
  while (Number.isInteger(value * 2 ** (e - 1))) e--;
  return e;
}
