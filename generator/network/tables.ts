import { type OfTableInput, sigmoidOf, tanhOf } from './arithmetic.js';
import type { ActivationTable, ActivationTables } from './model.js';
import { functionsOf, type TableFunctions, USUAL_FUNCTIONS } from './table-functions.js';
import {
  magnitudeBits,
  schemeOf,
  segmentBits,
  TABLE_BITS,
  type TableScheme,
  tableOne,
} from './table-scheme.js';

/**
 * Table of an odd-symmetric function: linear segments, y0[k] = round(2^N * f(start of segment k)),
 * slope[k] = y0[k + 1] - y0[k]. No entry lies near a rounding tie (a test says so), so every machine gets the same
 * integers although Math.exp and Math.tanh may differ in the last bit.
 */
export function tableOf(f: (x: number) => number, scheme: TableScheme): ActivationTable {
  const { segments } = scheme;
  const points = Int32Array.from({ length: segments + 1 }, (_, k) =>
    Math.round(tableOne(scheme) * f(segmentStart(k, scheme))),
  );
  return {
    y0: points.slice(0, segments),
    slope: Int32Array.from(
      { length: segments },
      (_, k) => (points[k + 1] as number) - (points[k] as number),
    ),
  };
}

/** Where segment `k` begins, as a real number. */
export function segmentStart(k: number, scheme: TableScheme): number {
  return k * 2 ** (segmentBits(scheme) - scheme.inputFraction);
}

const known = new Map<string, ActivationTables>();

/** The tables whose values have `bits` fraction bits, the same object each time. @throws RangeError beyond TABLE_BITS */
export function tablesFor(
  bits: number = TABLE_BITS.usual,
  functions: TableFunctions = USUAL_FUNCTIONS,
): ActivationTables {
  const scheme = schemeOf(bits);
  const { sigmoid, tanh } = functionsOf(functions);
  const key = JSON.stringify([bits, functions.sigmoid, functions.tanh]);
  const own = known.get(key) ?? {
    scheme,
    sigmoid: tableOf(sigmoid, scheme),
    tanh: tableOf(tanh, scheme),
  };
  known.set(key, own);
  return own;
}

/** Largest difference from the real functions over every table input, as a real number. */
export function tableErrors(
  tables: ActivationTables,
  functions: TableFunctions = USUAL_FUNCTIONS,
): {
  readonly sigmoid: number;
  readonly tanh: number;
} {
  const { scheme } = tables;
  const { sigmoid, tanh } = functionsOf(functions);
  return {
    sigmoid: largestError(sigmoidOf(tables.sigmoid, scheme), sigmoid, scheme),
    tanh: largestError(tanhOf(tables.tanh, scheme), tanh, scheme),
  };
}

function largestError(table: OfTableInput, f: (x: number) => number, scheme: TableScheme): number {
  const limit = 2 ** magnitudeBits(scheme);
  let largest = 0;
  for (let u = -limit; u < limit; u++) {
    const error = Math.abs(table(u) / tableOne(scheme) - f(u / 2 ** scheme.inputFraction));
    if (error > largest) largest = error;
  }
  return largest;
}
