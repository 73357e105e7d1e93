import { affineOf } from './affine.js';
import { attributesOf } from './attributes.js';
import { holds } from './axes.js';
import type { Constants } from './constants.js';
import { denseSignal, signalOf } from './dense.js';
import { type DenseStep, functionOf, joined, scaled } from './functions.js';
import type { Graph } from './graph.js';
import type { DenseSource, Meaning, Signal, Sums } from './meaning.js';
import type { Node } from './node.js';
import { productOf, sumsAxes } from './product.js';

/** A node that computes on one value. */
interface Computed {
  readonly node: Node;
  readonly graph: Graph;
  readonly constants: Constants;
}

/** What an output of a node is, or why it is not taken. */
export type Followed = Meaning | string;

/** What a node makes of h: sums, or h that is scaled and shifted; or why it is not taken. */
export function behindH(step: Computed, h: Signal, name: string): Followed {
  const { node, graph, constants } = step;
  const product = productOf(node, { name, axes: h.axes }, graph, constants);
  const way = { node, before: h.way };
  if (product !== null) {
    const axes = sumsAxes(h.axes, product);
    return { kind: 'sums', dense: { node, h, product }, axes, affine: null, final: null, way };
  }
  const affine = affineOf(node, name, h.axes, h.affine, graph, constants);
  if (affine !== null) return { ...h, affine, way };
  const again = h.from.kind === 'dense' && h.affine === null && functionAgain(step, h, h.from);
  if (again) return again;
  return node.op === 'MatMul' || node.op === 'Gemm'
    ? 'a product over other axes than the cells, or with weights that are computed'
    : 'it changes values';
}

/** What a node makes of sums. */
export function behindSums(step: Computed, sums: Sums, name: string): Followed {
  const { node, graph, constants } = step;
  const way = { node, before: sums.way };
  const behind = `behind the sums of ${sums.dense.node.label}`;
  if (sums.final === null) {
    if (keepsOrder(node, sums, graph)) return { ...sums, final: node, way };
    const affine = affineOf(node, name, sums.axes, sums.affine, graph, constants);
    if (affine !== null) return { ...sums, affine, way };
    const own = node.inputs[0] === name ? functionOf(node, graph, constants) : null;
    if (own !== null) return typeof own === 'string' ? own : behindFunction(node, own, sums);
  }
  const isProduct = node.op === 'MatMul' || node.op === 'Gemm';
  const h = isProduct || sums.final !== null ? signalOf(sums) : null;
  const after = h && behindH(step, h, name);
  if (after !== null && (isProduct || typeof after !== 'string')) return after;
  return sums.final === null ? behind : `${behind} and ${sums.final.op}`;
}

/** h of the layer that is those sums and the function of the node. */
function behindFunction(node: Node, own: DenseStep, sums: Sums): Signal {
  const { before, function: of } = own;
  const way = { node, before: sums.way };
  if (before === undefined) return denseSignal(sums, of, way);
  const n = sums.axes.lengths.feature as number;
  const { affine } = sums;
  const both = { ...scaled(before, affine, n), shiftName: affine?.shiftName ?? null, node };
  return denseSignal({ ...sums, affine: both }, of, way);
}

/** A function of what another has given, where both are one: ReLU and a clip. */
function functionAgain({ node, graph, constants }: Computed, h: Signal, from: DenseSource) {
  const own = functionOf(node, graph, constants);
  if (own === null || typeof own === 'string' || own.before) return null;
  const both = joined(from.function, own.function);
  if (both === null) return null;
  const way = { node, before: h.way, picked: from.way };
  return { ...denseSignal(from.sums, both, way), axes: h.axes };
}

/** Whether the node makes probabilities of the sums of each frame: the largest one stays the largest. */
function keepsOrder(node: Node, { axes }: Sums, graph: Graph): boolean {
  if (node.op === 'Sigmoid') {
    attributesOf(node, [], graph);
    return true;
  }
  if (node.op !== 'Softmax' && node.op !== 'LogSoftmax') return false;
  const given = attributesOf(node, ['axis'], graph).int('axis');
  if (axes.lengths.feature === 1) return false;
  if (graph.opset >= 13) return holds(axes, given ?? -1, 'feature');
  // before, it was over all axes from that one on
  const rank = axes.axes.length;
  const from = given ?? 1;
  return from >= -rank && from < rank && axes.axes.slice(from).flat().join() === 'feature';
}
