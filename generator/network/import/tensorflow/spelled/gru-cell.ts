import type { LoweredNode } from '../lowered.js';
import type { Gate } from '../recurrent-operator.js';
import { constantsOf, gateOf, inputsOf, type Step } from './cell.js';
import { cut, type Linear, linearOf } from './linear.js';
import { of, pairs } from './match.js';
import type { Values } from './values.js';

/** One step of a GRU, whatever operators it is made of. */
export interface GruCell extends Step {
  readonly kind: 'gru';
  readonly gates: Readonly<Record<'r' | 'z' | 'n', Gate>>;
  /** Where its reset gate stands: before the product of the recurrent matrix, or behind it. */
  readonly reset: 'before' | 'after';
}

/** h = z h' + (1 - z) tanh(n). */
interface Shape {
  readonly h: string;
  readonly before: string;
  readonly z: string;
  readonly n: string;
}

/** Sums of n: with those of h apart where the reset gate weighs them. */
interface New {
  readonly r: string;
  readonly sums: Linear;
  readonly ofH: Linear | null;
}

/** The step whose h a node computes, or null where it is none. */
export function gruShapeOf(node: LoweredNode, values: Values): Shape | null {
  for (const [kept, added] of pairs(node, 'Add')) {
    for (const [z, before] of pairs(values.node(kept), 'Mul')) {
      for (const [rest, candidate] of pairs(values.node(added), 'Mul')) {
        const sub = values.node(rest);
        const [one = '', taken = ''] = sub?.inputs ?? [];
        const n = of(candidate, 'Tanh', values);
        if (sub?.op !== 'Sub' || values.number(one) !== 1 || n === null) continue;
        if (values.plain(taken) !== values.plain(z)) continue;
        return { h: node.outputs[0] ?? '', before: values.plain(before), z, n };
      }
    }
  }
  return null;
}

/**
 * The step with the numbers of its gates, where z and r read x and h alone, and n reads x and r h (the GRUCell of TensorFlow),
 * or adds r times a product of h. `h` is the value of h of the step before. Null where it is anything else.
 */
export function gruCellOf(shape: Shape, h: string, values: Values): GruCell | null {
  if (shape.before !== h) return null;
  const z = sigmoidOf(shape.z, values);
  const found = newBefore(shape.n, h, values) ?? newAfter(shape.n, h, values);
  const r = found && sigmoidOf(found.r, values);
  if (z === null || found === null || r === null) return null;
  const { sums, ofH } = found;
  const all = [z, r, sums, ...(ofH ? [ofH] : [])];
  const cells = z.width;
  const x = [...sources([z, r])].find((source) => source !== h);
  const inner = [...sources([sums])].filter((source) => source !== x);
  const fits =
    x !== undefined &&
    all.every(({ width }) => width === cells) &&
    [...sources([z, r])].every((source) => source === x || source === h) &&
    sources([sums]).has(x) &&
    (ofH === null ? inner.length === 1 : inner.length === 0);
  const inputs = fits ? inputsOf(all, x, cells) : null;
  if (x === undefined || inputs === null) return null;
  values.reserve(3 * cells * (inputs + cells + 2), shape.h);
  const gate = (own: Linear): Gate => gateOf(own, x, inputs, cells);
  const whole = gate(sums);
  const product = ofH && gate(ofH);
  return {
    kind: 'gru',
    h: shape.h,
    c: '',
    before: { h, c: '' },
    x,
    inputs,
    cells,
    gates: {
      r: gate(r),
      z: gate(z),
      n: product === null ? whole : { ...whole, h: product.h, hBias: product.bias },
    },
    reset: ofH === null ? 'before' : 'after',
    ...constantsOf(all, values),
  };
}

const sources = (all: readonly Linear[]): ReadonlySet<string> =>
  new Set(all.flatMap(({ terms }) => terms.flatMap((term) => term.sources)));

/** The sums of which a value is the sigmoid, also where that is cut afterwards. */
function sigmoidOf(name: string, values: Values): Linear | null {
  const own = of(name, 'Sigmoid', values);
  if (own !== null) return linearOf(own, values);
  const node = values.node(name);
  const inner = node && of(node.inputs[0] ?? '', 'Sigmoid', values);
  const whole = inner === null ? null : linearOf(inner, values);
  return node && whole && cut(node, name, whole, values);
}

/** n as sums of products of x and of r h. */
function newBefore(name: string, h: string, values: Values): New | null {
  const sums = linearOf(name, values);
  if (sums === null) return null;
  for (const source of sources([sums])) {
    for (const [r, state] of pairs(values.node(source), 'Mul')) {
      if (values.plain(state) === h) return { r, sums, ofH: null };
    }
  }
  return null;
}

/** n as sums of products of x, and r times one of h. */
function newAfter(name: string, h: string, values: Values): New | null {
  for (const [ofX, weighed] of pairs(values.node(name), 'Add')) {
    for (const [r, product] of pairs(values.node(weighed), 'Mul')) {
      const [sums, ofH] = [linearOf(ofX, values), linearOf(product, values)];
      if (sums === null || ofH === null) continue;
      const own = sources([ofH]);
      if (own.size === 1 && own.has(h)) return { r, sums, ofH };
    }
  }
  return null;
}
