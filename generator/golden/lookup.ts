import { sigmoid, TABLE_INPUT_BITS, tanh } from '../network/arithmetic.js';
import type { ActivationTables } from '../network/model.js';

/** First table input; entry 0 of a lookup. */
export const LOOKUP_OFFSET = 2 ** (TABLE_INPUT_BITS - 1);

/** Both activation functions, worked out once for every table input u: value[u + LOOKUP_OFFSET]. */
export interface Lookups {
  readonly sigmoid: Int32Array;
  readonly tanh: Int32Array;
}

/** Calls the functions of `arithmetic` for every input, so a lookup is equal to them by construction. */
export function lookups(tables: ActivationTables): Lookups {
  const all = (f: (u: number) => number) =>
    Int32Array.from({ length: 2 * LOOKUP_OFFSET }, (_, i) => f(i - LOOKUP_OFFSET));
  return {
    sigmoid: all((u) => sigmoid(tables.sigmoid, u)),
    tanh: all((u) => tanh(tables.tanh, u)),
  };
}
