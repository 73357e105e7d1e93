import type { FloatOutput } from '../../float/model.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';
import { type Attributes, attributesOf } from './attributes.js';
import { type Axes, axesOf, holds } from './axes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import { mayMove, movedAxes } from './moves.js';
import type { Node } from './node.js';
import type { Value } from './tensor.js';

/** A fully connected layer and the nodes that it is made of. */
export interface OutputNodes {
  readonly layer: FloatOutput;
  readonly nodes: readonly Node[];
}

/** A value that is h of the last layer, or the sums of the output layer, under other axes. */
export interface Tracked {
  readonly name: string;
  readonly axes: Axes;
}

/** The weights of a product with h, [outputs, inputs], and how to go on. */
interface Product {
  readonly weights: Value;
  readonly name: string;
  /** Element (output, input) of the weights is at output * row + input * column. */
  readonly row: number;
  readonly column: number;
  readonly outputs: number;
  /** Axis of the result that has the outputs, counted from the end. */
  readonly axis: -1 | -2;
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
  if (a === b || !constants.has(name)) return null;
  const gemm = node.op === 'Gemm';
  const attributes = attributesOf(
    node,
    gemm ? ['alpha', 'beta', 'transA', 'transB'] : [],
    graph.file,
  );
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
    alpha: gemm ? (attributes.float('alpha') ?? 1) : 1,
  };
}

/** Reads the output layer that begins with a product: Gemm with its C, or MatMul and the Add that follows. */
export function outputLayer(
  node: Node,
  h: Tracked,
  product: Product,
  graph: Graph,
  constants: Constants,
): OutputNodes {
  const { file } = graph;
  const { weights, outputs, alpha, row, column } = product;
  const inputs = h.axes.lengths.feature as number;
  if (outputs < 1 || outputs > MAX_SIZE || outputs * inputs > MAX_CODES) {
    const expected = `1 to ${MAX_SIZE} outputs`;
    throw onnxError(file, 'TENSOR_SHAPE', node.label, expected, `${outputs}`);
  }
  constants.reserve([outputs, inputs], node.label);
  const values = Float64Array.from({ length: outputs * inputs }, (_, i) => {
    const [output, input] = [Math.floor(i / inputs), i % inputs];
    return alpha * (weights.data[output * row + input * column] as number);
  });
  const bias =
    node.op === 'Gemm'
      ? gemmBias(node, product, graph, constants)
      : addedBias(node, h, product, graph, constants);
  const tensor = { name: product.name, values };
  const sums = {
    name: bias?.name ?? `bias of ${node.label}`,
    values: bias?.values ?? new Float64Array(outputs),
  };
  for (const { name, values: numbers } of [tensor, sums]) {
    const bad = numbers.findIndex((one) => !Number.isFinite(one));
    if (bad < 0) continue;
    const got = `${numbers[bad]} at element ${bad}`;
    throw onnxError(file, 'TENSOR_NOT_FINITE', `${node.label} (${name})`, 'finite numbers', got);
  }
  return {
    layer: { inputs, outputs, weights: tensor, bias: sums },
    nodes: [node, ...(bias?.nodes ?? [])],
  };
}

interface Bias {
  readonly name: string;
  readonly values: Float64Array;
  readonly nodes: readonly Node[];
}

function gemmBias(node: Node, product: Product, graph: Graph, constants: Constants): Bias | null {
  const [, , name = ''] = node.inputs;
  if (name === '') return null;
  const fail = (expected: string, got: string) =>
    onnxError(graph.file, 'OUTPUT_BIAS', `${node.label}.C`, expected, got);
  if (!constants.has(name)) throw fail('a constant', `${name}, which is computed`);
  const values = broadcast(constants.get(name), product.outputs, product.axis, 2);
  if (values === null) throw fail(`${product.outputs} values, the same in every frame`, 'others');
  const beta =
    attributesOf(node, ['alpha', 'beta', 'transA', 'transB'], graph.file).float('beta') ?? 1;
  return { name, values: values.map((value) => beta * value), nodes: [] };
}

/** The constant that the only reader of the sums adds, be it after operators that only move numbers. */
function addedBias(
  node: Node,
  h: Tracked,
  { outputs, axis }: Product,
  graph: Graph,
  constants: Constants,
): Bias | null {
  const nodes: Node[] = [];
  const outputAxis = h.axes.axes.length + axis;
  let axes = axesOf(
    h.axes.axes.map((parts, i) => (i === outputAxis ? ['feature'] : parts)),
    { ...h.axes.lengths, feature: outputs },
  );
  let [name = ''] = node.outputs;
  for (;;) {
    const [reader, ...more] = graph.consumers.get(name) ?? [];
    if (reader === undefined || more.length > 0 || graph.outputs.has(name)) return null;
    if (reader.op === 'Add') {
      const [a = '', b = ''] = reader.inputs;
      const constant = a === name ? b : a;
      if (a === b || !constants.has(constant)) return null;
      attributesOf(reader, [], graph.file);
      const at = axes.axes.findIndex((_, i) => holds(axes, i, 'feature'));
      const where = outputs === 1 ? axes.axes.length - 1 : at;
      if (where < 0) return null;
      const values = broadcast(
        constants.get(constant),
        outputs,
        where - axes.axes.length,
        axes.axes.length,
      );
      return values && { name: constant, values, nodes: [...nodes, reader] };
    }
    if (!mayMove(reader) || reader.inputs[0] !== name) return null;
    const moved = movedAxes(reader, axes, graph, constants);
    if (moved === null) return null;
    axes = moved;
    nodes.push(reader);
    [name = ''] = reader.outputs;
  }
}

/** One value for each output of a constant that is added to all sums, or null when it differs elsewhere. */
function broadcast(value: Value, outputs: number, axis: number, rank: number): Float64Array | null {
  const { shape, data } = value;
  const own = shape.length + axis;
  const fits = shape.every((n, i) => n === 1 || (i === own && n === outputs));
  if (!value.type.real || shape.length > rank || !fits) return null;
  return Float64Array.from(
    { length: outputs },
    (_, i) => (data.length === 1 ? data[0] : data[i]) as number,
  );
}

function transposed(attributes: Attributes, name: string): boolean {
  return attributes.has(name) && (attributes.int(name) ?? 0) !== 0;
}
