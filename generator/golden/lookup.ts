import { type OfTableInput, sigmoidOf, tanhOf } from '../network/arithmetic.js';
import type { ActivationTables, TableScheme } from '../network/model.js';
import { magnitudeBits } from '../network/table-scheme.js';

/** Both activation functions, worked out once for every table input u: value[u + offset]. */
export interface Lookups {
  readonly scheme: TableScheme;
  /** What is added to the first table input to be entry 0. */
  readonly offset: number;
  readonly sigmoid: Int32Array;
  readonly tanh: Int32Array;
}

const known = new WeakMap<ActivationTables, Lookups>();

/** Calls the functions of `arithmetic` for every input, so a lookup is equal to them by construction; once for each tables. */
export function lookups(tables: ActivationTables): Lookups {
  const own = known.get(tables) ?? build(tables);
  known.set(tables, own);
  return own;
}

function build(tables: ActivationTables): Lookups {
  const { scheme } = tables;
  const offset = 2 ** magnitudeBits(scheme);
  const all = (f: OfTableInput) => {
    const values = new Int32Array(2 * offset);
    for (let i = 0; i < values.length; i++) values[i] = f(i - offset);
    return values;
  };
  return {
    scheme,
    offset,
    sigmoid: all(sigmoidOf(tables.sigmoid, scheme)),
    tanh: all(tanhOf(tables.tanh, scheme)),
  };
}
