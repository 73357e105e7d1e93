import { type Linear, linearOf, sum } from './linear.js';
import { pairs } from './match.js';
import type { Values } from './values.js';

/** A value that a gate weighs element by element. */
export interface Peephole {
  readonly weights: Float64Array;
  /** The value that is weighed. */
  readonly of: string;
  /** The constant with the weights. */
  readonly name: string;
}

/** What goes into a gate: sums, and of an LSTM with peepholes the weighed state besides. */
export interface GateSums {
  readonly linear: Linear;
  readonly peephole: Peephole | null;
}

/** More additions than a gate has. */
const DEEPEST = 16;

/** What goes into a gate, or null where that is more than sums with one weighed value. */
export function gateSums(name: string, values: Values, deepest = DEEPEST): GateSums | null {
  const linear = linearOf(name, values);
  if (linear !== null) return { linear, peephole: null };
  const node = values.node(name);
  for (const [rest, weighed] of deepest === 0 ? [] : pairs(node, 'Add')) {
    const own = linearOf(rest, values);
    if (own === null) continue;
    const peephole = peepholeOf(weighed, own.width, values);
    if (peephole !== null) return { linear: own, peephole };
    const inner = gateSums(weighed, values, deepest - 1);
    const both = inner && sum(inner.linear, own);
    if (inner !== null && both !== null) return { linear: both, peephole: inner.peephole };
  }
  return null;
}

/** A product with a constant vector of that length. */
function peepholeOf(name: string, width: number, values: Values): Peephole | null {
  for (const [weights, of] of pairs(values.node(name), 'Mul')) {
    const constant = values.constant(weights);
    if (constant === null || values.isConstant(of)) continue;
    const { shape, data, type } = constant;
    const vector = shape.slice(0, -1).every((length) => length === 1);
    if (!vector || !type.real || data.length !== width) continue;
    return { weights: data, of: values.plain(of), name: weights };
  }
  return null;
}
