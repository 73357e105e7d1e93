import {
  sigmoid,
  TABLE_INPUT_BITS,
  TABLE_INPUT_FRACTION,
  TABLE_ONE,
  TABLE_SEGMENT_BITS,
  TABLE_SEGMENTS,
  tanh,
} from './arithmetic.js';
import type { ActivationTable, ActivationTables } from './model.js';

/** The two functions that the tables stand for. */
export const exactSigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
export const exactTanh = (x: number): number => Math.tanh(x);

/**
 * Default table of an odd-symmetric function: 128 linear segments over [0, 8),
 * y0[k] = round(4096 * f(k / 16)), slope[k] = y0[k + 1] - y0[k]. No entry lies near a rounding tie (a test
 * says so), so every machine gets the same integers although Math.exp and Math.tanh may differ in the last bit.
 */
export function tableOf(f: (x: number) => number): ActivationTable {
  const points = Int32Array.from({ length: TABLE_SEGMENTS + 1 }, (_, k) =>
    Math.round(TABLE_ONE * f(segmentStart(k))),
  );
  return {
    y0: points.slice(0, TABLE_SEGMENTS),
    slope: Int32Array.from(
      { length: TABLE_SEGMENTS },
      (_, k) => (points[k + 1] as number) - (points[k] as number),
    ),
  };
}

/** Where segment `k` begins, as a real number. */
export function segmentStart(k: number): number {
  return (k * 2 ** TABLE_SEGMENT_BITS) / 2 ** TABLE_INPUT_FRACTION;
}

export const DEFAULT_SIGMOID: ActivationTable = tableOf(exactSigmoid);
export const DEFAULT_TANH: ActivationTable = tableOf(exactTanh);
export const DEFAULT_TABLES: ActivationTables = { sigmoid: DEFAULT_SIGMOID, tanh: DEFAULT_TANH };

/** Largest difference from the real functions over every table input, as a real number. */
export function tableErrors(tables: ActivationTables): {
  readonly sigmoid: number;
  readonly tanh: number;
} {
  return {
    sigmoid: largestError((u) => sigmoid(tables.sigmoid, u), exactSigmoid),
    tanh: largestError((u) => tanh(tables.tanh, u), exactTanh),
  };
}

function largestError(table: (u: number) => number, f: (x: number) => number): number {
  const limit = 2 ** (TABLE_INPUT_BITS - 1);
  let largest = 0;
  for (let u = -limit; u < limit; u++) {
    const error = Math.abs(table(u) / TABLE_ONE - f(u / 2 ** TABLE_INPUT_FRACTION));
    if (error > largest) largest = error;
  }
  return largest;
}
