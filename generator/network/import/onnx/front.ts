import { UserError } from '../../../base/errors.js';
import { affineInput } from './affine.js';
import type { Axes } from './axes.js';
import type { Constants } from './constants.js';
import { signalOf } from './dense.js';
import { meaningsAfter } from './follow.js';
import { isFunction } from './functions.js';
import type { Graph } from './graph.js';
import { LengthLists } from './lists.js';
import type { FramesSource, Meaning, Signal } from './meaning.js';
import { mayMove } from './moves.js';
import type { Node } from './node.js';
import { possibleAxes } from './possible-axes.js';
import { factorOf, featuresFor } from './product.js';

/** Nodes that lead from an input of the graph to a value, the first of which reads it. */
export interface Path {
  readonly from: string;
  readonly nodes: readonly Node[];
  /** The first product of a fully connected layer among them, and the value that it multiplies. */
  readonly product: { readonly node: Node; readonly of: string } | null;
}

/** A path under some axes of the input of the graph. */
export interface Arrived {
  readonly axes: Axes;
  /** What all values on the path are, the input among them. */
  readonly meanings: ReadonlyMap<string, Meaning>;
  /** The value at its end, for who computes on; null where it is none. */
  readonly end: Signal | null;
}

/** Operators at the end of a network, which make probabilities of sums. */
const FINAL = new Set(['LogSoftmax', 'Sigmoid', 'Softmax']);

/**
 * Follows a value back through operators that move numbers, do the same to each feature, or are a part of a fully
 * connected layer. `from` is the value where that ends: an input of the graph, one that another operator computes, or `stop`.
 */
export function pathTo(name: string, graph: Graph, constants: Constants, stop?: string): Path {
  const nodes: Node[] = [];
  let at = name;
  let product: Path['product'] = null;
  while (at !== stop) {
    const producer = graph.producers.get(at);
    const before = producer && producer.output === 0 ? followedInput(producer.node, constants) : '';
    if (producer === undefined || before === '') break;
    const { node } = producer;
    nodes.push(node);
    if (factorOf(node, constants) !== null) product = { node, of: before };
    at = before;
  }
  return { from: at, nodes: nodes.reverse(), product };
}

/** The input of a node that is on a path through it; empty where there is none. */
export function followedInput(node: Node, constants: Constants): string {
  const plain = mayMove(node) || isFunction(node) || FINAL.has(node.op);
  const before = plain
    ? node.inputs[0]
    : (factorOf(node, constants) ?? affineInput(node, constants));
  return before === undefined || before === null || constants.has(before) ? '' : before;
}

/** What is at the end of a path, for each way to read the axes of its input; `inputs`: features that its end has. */
export function* arrivals(
  { from, nodes, product }: Path,
  inputs: number | undefined,
  source: FramesSource,
  graph: Graph,
  constants: Constants,
): Generator<Arrived> {
  const features = product ? featuresFor(product.node, product.of, graph, constants) : inputs;
  if (features === undefined) return;
  for (const axes of possibleAxes(from, features, graph)) {
    const start: Signal = { kind: 'h', from: source, axes, affine: null, way: null };
    const meanings = follow(from, start, nodes, graph, constants);
    const last = nodes.at(-1)?.outputs[0] ?? from;
    const end = meanings?.get(last);
    if (meanings === null || end === undefined) continue;
    const signal = end.kind === 'sums' ? signalOf(end) : end.kind === 'h' ? end : null;
    yield { axes, meanings, end: signal };
  }
}

/** What all values on the path are, or null where these axes contradict a node. */
function follow(
  name: string,
  start: Signal,
  nodes: readonly Node[],
  graph: Graph,
  constants: Constants,
): ReadonlyMap<string, Meaning> | null {
  const meanings = new Map<string, Meaning>([[name, start]]);
  const lists = new LengthLists(graph, constants, (one) => {
    const meaning = meanings.get(one);
    return meaning && 'axes' in meaning ? meaning.axes : undefined;
  });
  try {
    for (const node of nodes) {
      const after = meaningsAfter(node, meanings, graph, constants, lists) ?? [];
      node.outputs.forEach((output, i) => {
        const meaning = after[i];
        if (output !== '' && meaning !== undefined) meanings.set(output, meaning);
      });
    }
  } catch (error) {
    // these axes contradict a node: others may not
    if (error instanceof UserError && error.report.code === 'ONNX_INVALID') return null;
    throw error;
  }
  return meanings;
}
