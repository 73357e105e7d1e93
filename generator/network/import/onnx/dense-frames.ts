import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import { type Frames, sourceAt } from './frames.js';
import { type Arrived, arrivals, followedInput, type Path, pathTo } from './front.js';
import type { Graph } from './graph.js';
import type { Meaning } from './meaning.js';
import { factorOf } from './product.js';
import { shapeText } from './tensor.js';

/**
 * The frames of a network of fully connected layers alone: the input of the graph that leads to an output through
 * them, or else to the first of them. Null where there is none.
 * @throws UserError TENSOR_SHAPE where it has no axis with as many features as the first layer reads.
 */
export function denseFrames(
  graph: Graph,
  constants: Constants,
  said: string | undefined,
): Frames | null {
  const path = densePath(graph, constants, said);
  if (path?.product == null) return null;
  const { from, product, nodes } = path;
  const source = sourceAt(from);
  const start = { ...path, nodes: nodes.slice(0, nodes.indexOf(product.node) + 1) };
  const found =
    firstDense(arrivals(path, undefined, source, graph, constants)) ??
    firstDense(arrivals(start, undefined, source, graph, constants));
  if (found === null) {
    const shape = graph.shapes.get(from)?.map((length) => length ?? '?');
    const { label } = product.node;
    const expected = `rows of as many features as ${label} reads, as [frames, features]`;
    throw onnxError(graph.file, 'TENSOR_SHAPE', from, expected, shapeText(shape ?? ['?']));
  }
  const { axes, meanings } = found;
  const front = new Map([[from, meanings.get(from) as Meaning]]);
  return { name: from, source, axes, read: null, front, behind: null };
}

function firstDense(all: Iterable<Arrived>): Arrived | null {
  for (const one of all) if (one.end?.from.kind === 'dense') return one;
  return null;
}

/**
 * The way to the first output that only fully connected layers compute from an input of the graph, or else to the
 * first product of one.
 */
function densePath(graph: Graph, constants: Constants, said: string | undefined): Path | null {
  const origins = new Map<string, Origin>();
  for (const name of graph.inputs) origins.set(name, { input: name, dense: false });
  let first: string | null = null;
  for (const node of graph.nodes) {
    const origin = origins.get(followedInput(node, constants));
    const [output = ''] = node.outputs;
    if (origin === undefined || output === '') continue;
    const product = factorOf(node, constants) !== null;
    if (product) first ??= output;
    origins.set(output, { ...origin, dense: origin.dense || product });
  }
  const whole = [...graph.outputs].filter((name) => origins.get(name)?.dense);
  const own = whole.find((name) => origins.get(name)?.input === said) ?? whole[0] ?? first;
  return own === null ? null : pathTo(own, graph, constants);
}

/** The input of the graph that a value comes from, and whether a product is on the way. */
interface Origin {
  readonly input: string;
  readonly dense: boolean;
}
