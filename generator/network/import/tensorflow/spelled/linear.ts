import type { LoweredNode } from '../lowered.js';
import type { Values } from './values.js';

/** A product of vectors that are joined with columns of a constant matrix. */
export interface Term {
  /** The vectors, one after the other. */
  readonly sources: readonly string[];
  /** The matrix [rows, columns], of which `width` columns from `from` on count. */
  readonly matrix: { readonly name: string; readonly rows: number; readonly columns: number };
  readonly data: Float64Array;
  readonly from: number;
}

/** Sums of products and constants. */
export interface Linear {
  readonly width: number;
  readonly terms: readonly Term[];
  readonly bias: Float64Array;
  /** Constants that are in the bias. */
  readonly biases: readonly string[];
}

/** More products or nodes than a gate has. */
const MOST_TERMS = 16;
const DEEPEST = 32;

/** A value as products with constant matrices and constants, or null where it is more than that. */
export function linearOf(name: string, values: Values, deepest = DEEPEST): Linear | null {
  if (deepest === 0) return null;
  const constant = values.constant(name);
  if (constant !== null) {
    const { shape, data, type } = constant;
    const vector = shape.slice(0, -1).every((length) => length === 1);
    if (!vector || !type.real || data.length === 0) return null;
    return { width: data.length, terms: [], bias: data, biases: [name] };
  }
  const node = values.node(name);
  if (node === null) return null;
  const [a = '', b = ''] = node.inputs;
  const inner = (input: string) => linearOf(input, values, deepest - 1);
  switch (node.op) {
    case 'Add': {
      // the second one only where the first is sums: a value that many additions share would be followed again and again
      const first = inner(a);
      return first && sum(first, inner(b));
    }
    case 'MatMul': {
      const K = values.constant(b);
      const [rows = 0, columns = 0, ...more] = K?.shape ?? [];
      if (K === null || more.length > 0 || rows < 1 || columns < 1 || !K.type.real) return null;
      const matrix = { name: b, rows, columns };
      const term: Term = { sources: joined(a, values), matrix, data: K.data, from: 0 };
      return { width: columns, terms: [term], bias: new Float64Array(columns), biases: [] };
    }
    case 'Split':
    case 'tf.SplitV':
    case 'tflite.SPLIT_V':
    case 'Slice': {
      const whole = inner(a);
      return whole && cut(node, name, whole, values);
    }
    case 'Reshape':
    case 'Squeeze': {
      const whole = inner(a);
      return whole && isOneRow(node, whole.width, values) ? whole : null;
    }
    default:
      return null;
  }
}

/**
 * Whether a node leaves the features of [1, features] as they are, under other axes of length 1: a batch of one then. Squeeze
 * without axes leaves a larger batch as it is.
 */
function isOneRow({ op, inputs }: LoweredNode, width: number, values: Values): boolean {
  if (op === 'Squeeze' && inputs.length === 1) return width > 1;
  const list = values.constant(inputs[1] ?? '')?.data;
  if (!list) return false;
  if (op === 'Squeeze') return list.every((axis) => axis === 0);
  return list.at(-1) === width && list.slice(0, -1).every((length) => length === 1);
}

/** What a node that cuts the features takes of a whole; null where it is no such node. */
export function cut(node: LoweredNode, name: string, whole: Linear, values: Values): Linear | null {
  const [, b = ''] = node.inputs;
  switch (node.op) {
    case 'tf.SplitV':
    case 'tflite.SPLIT_V': {
      const [sizes, axis] = [values.constant(b)?.data, values.number(node.inputs[2] ?? '')];
      if (!sizes || !isLast(axis)) return null;
      const known = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
      const own = [...sizes].map((size) => (size === -1 ? whole.width - known : size));
      const index = values.output(name);
      const start = own.slice(0, index).reduce((x, y) => x + y, 0);
      const odd =
        own.some((size) => size < 0) || [...sizes].filter((size) => size === -1).length > 1;
      return odd ? null : part(whole, start, own[index] ?? 0);
    }
    case 'Split': {
      if (!isLast(node.attributes.axis)) return null;
      const sizes = b === '' ? null : values.constant(b)?.data;
      const count = node.outputs.length;
      const own = sizes ? [...sizes] : new Array<number>(count).fill(whole.width / count);
      const index = values.output(name);
      const start = own.slice(0, index).reduce((x, y) => x + y, 0);
      return part(whole, start, own[index] ?? 0);
    }
    case 'Slice': {
      const [starts, ends, axes, steps] = node.inputs
        .slice(1)
        .map((input) => values.constant(input)?.data);
      if (!starts || !ends || !axes) return null;
      if (starts.length !== 1 || !isLast(axes[0]) || (steps?.[0] ?? 1) !== 1) return null;
      const at = (place: number) =>
        Math.min(Math.max(place < 0 ? place + whole.width : place, 0), whole.width);
      const [start, end] = [at(starts[0] as number), at(ends[0] as number)];
      return part(whole, start, end - start);
    }
    default:
      return null;
  }
}

/** Whether an axis of a value [batch, features] is that of the features. */
export const isLast = (axis: unknown): boolean => axis === 1 || axis === -1;

/** The vectors that a value joins. */
function joined(name: string, values: Values): readonly string[] {
  const node = values.node(name);
  if (node?.op !== 'Concat' || !isLast(node.attributes.axis)) return [values.plain(name)];
  return node.inputs.map((input) => values.plain(input));
}

/** Both together; null where a sum is more than a gate has. */
export function sum(a: Linear | null, b: Linear | null): Linear | null {
  if (a === null || b === null) return null;
  if (a.width < b.width || (a.terms.length === 0 && a.width === b.width)) [a, b] = [b, a];
  const [long, short] = [a, b];
  // one number is added to all
  if (short.width !== long.width && (short.width !== 1 || short.terms.length > 0)) return null;
  const terms = [...long.terms, ...short.terms];
  if (terms.length > MOST_TERMS) return null;
  const bias = long.bias.map(
    (value, i) => value + (short.bias[short.width === 1 ? 0 : i] as number),
  );
  return { width: long.width, terms, bias, biases: [...long.biases, ...short.biases] };
}

function part(whole: Linear, start: number, width: number): Linear | null {
  if (!Number.isInteger(start) || !Number.isInteger(width) || width < 1) return null;
  if (start < 0 || start + width > whole.width) return null;
  return {
    ...whole,
    width,
    terms: whole.terms.map((term) => ({ ...term, from: term.from + start })),
    bias: whole.bias.slice(start, start + width),
  };
}
