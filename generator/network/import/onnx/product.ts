import { type Attributes, attributesOf } from './attributes.js';
import { type Axes, axesOf, holds } from './axes.js';
import type { Constants } from './constants.js';
import type { Graph } from './graph.js';
import type { Node } from './node.js';
import type { Value } from './tensor.js';

/** Attributes of the operator Gemm. */
export const GEMM_ATTRIBUTES = ['alpha', 'beta', 'transA', 'transB'];

/** A value that is h of a layer. */
export interface Tracked {
  readonly name: string;
  readonly axes: Axes;
}

/** The weights of a product with h, [outputs, inputs], and how to go on. */
export interface Product {
  readonly weights: Value;
  readonly name: string;
  /** Element (output, input) of the weights is at output * row + input * column. */
  readonly row: number;
  readonly column: number;
  readonly outputs: number;
  /** Axis of the result that has the outputs, counted from the end. */
  readonly axis: -1 | -2;
  /** The weights are one row without an axis for its output: the result has none either. */
  readonly vector: boolean;
  /** Factor of the weights. */
  readonly alpha: number;
}

/**
 * Reads `node` as the product of h with a constant matrix: MatMul or Gemm, h being either operand. Null when it is
 * none: another operator, weights that are computed, a product over another axis, weights that differ in the batch.
 */
export function productOf(
  node: Node,
  h: Tracked,
  graph: Graph,
  constants: Constants,
): Product | null {
  if (node.op !== 'MatMul' && node.op !== 'Gemm') return null;
  const [a = '', b = ''] = node.inputs;
  const first = a === h.name;
  const name = first ? b : a;
  if (a === b || (!first && b !== h.name) || !constants.has(name)) return null;
  const gemm = node.op === 'Gemm';
  const attributes = attributesOf(node, gemm ? GEMM_ATTRIBUTES : [], graph);
  const rank = h.axes.axes.length;
  if (gemm && rank !== 2) return null;
  const own = transposed(attributes, first ? 'transA' : 'transB');
  // h[..., feature] * W, or W * h[feature, ...]; transposing h exchanges its two axes
  const contracted = first !== own || rank === 1 ? -1 : -2;
  if (!holds(h.axes, contracted, 'feature')) return null;
  const weights = constants.get(name);
  const leading = weights.shape.slice(0, -2);
  const axes = weights.shape.length;
  if (!weights.type.real || leading.some((n) => n !== 1)) return null;
  if (gemm ? axes !== 2 : axes < 1 || axes > Math.max(2, rank)) return null;
  const [m, n] = axes === 1 ? [weights.shape[0], 1] : weights.shape.slice(-2);
  const [rows, columns] = [m as number, n as number];
  const inputs = h.axes.lengths.feature as number;
  // whether the rows of the matrix are the inputs
  const down = first !== transposed(attributes, first ? 'transB' : 'transA') || axes === 1;
  if ((down ? rows : columns) !== inputs) return null;
  return {
    weights,
    name,
    row: down ? 1 : columns,
    column: down ? columns : 1,
    outputs: down ? columns : rows,
    axis: first || rank === 1 ? -1 : -2,
    vector: axes === 1,
    alpha: gemm ? (attributes.float('alpha') ?? 1) : 1,
  };
}

/**
 * The value that a product with a constant matrix multiplies, null where there is none: two computed values, or another
 * one that is added.
 */
export function factorOf({ op, inputs }: Node, constants: Constants): string | null {
  if (op !== 'MatMul' && op !== 'Gemm') return null;
  const [a = '', b = '', added = ''] = inputs;
  if (added !== '' && !constants.has(added)) return null;
  if (constants.has(a) === constants.has(b)) return null;
  return constants.has(a) ? b : a;
}

/** How many features a product needs of the value that it multiplies. */
export function featuresFor(
  node: Node,
  value: string,
  graph: Graph,
  constants: Constants,
): number | undefined {
  const gemm = node.op === 'Gemm';
  const attributes = attributesOf(node, gemm ? GEMM_ATTRIBUTES : [], graph);
  const [a = '', b = ''] = node.inputs;
  const first = a === value;
  const { shape } = constants.get(first ? b : a);
  const down = first !== transposed(attributes, first ? 'transB' : 'transA') || shape.length === 1;
  return shape.at(down ? -Math.min(2, shape.length) : -1);
}

/** The axes of the product with a value of axes `h`. */
export function sumsAxes(h: Axes, { outputs, axis, vector }: Product): Axes {
  const own = h.axes.length + axis;
  const kept = h.axes.map((parts, i) => (i === own ? (['feature'] as const) : parts));
  const lengths = { ...h.lengths, feature: outputs };
  return axesOf(vector ? kept.filter((_, i) => i !== own) : kept, lengths, h.lastFrame);
}

function transposed(attributes: Attributes, name: string): boolean {
  return attributes.has(name) && (attributes.int(name) ?? 0) !== 0;
}
