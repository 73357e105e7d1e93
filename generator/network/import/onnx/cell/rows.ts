import { attributesOf } from '../attributes.js';
import type { Constants } from '../constants.js';
import { onnxError } from '../errors.js';
import { cutsOf, rangeOf } from '../fold/slice.js';
import type { Graph } from '../graph.js';
import type { Node } from '../node.js';

/** Neighbouring elements of the last axis. */
export interface Rows {
  readonly start: number;
  readonly count: number;
  /** Axes of the value, where the node says the axis by its number from the front. */
  readonly rank: number | null;
}

/** What Split or Slice takes from the last axis, which has `length` elements; null where it cuts in another way. */
export function rowsOf(
  node: Node,
  output: number,
  length: number,
  graph: Graph,
  constants: Constants,
): Rows | null {
  return node.op === 'Split'
    ? split(node, output, length, graph, constants)
    : slice(node, length, graph, constants);
}

function split(
  node: Node,
  output: number,
  length: number,
  graph: Graph,
  constants: Constants,
): Rows | null {
  const attributes = attributesOf(node, ['axis', 'split', 'num_outputs'], graph);
  const rank = rankOf(node, attributes.int('axis') ?? 0, graph);
  if (rank === undefined) return null;
  const [, input = ''] = node.inputs;
  const given = graph.opset < 13 ? attributes.ints('split') : input && constants.integers(input);
  const parts = node.outputs.length;
  if (given === null || (!given && length % parts !== 0)) return null;
  const sizes = given || node.outputs.map(() => length / parts);
  const sum = sizes.reduce((a, b) => a + b, 0);
  if (sizes.length !== parts || sum !== length || sizes.some((size) => size < 1)) return null;
  const start = sizes.slice(0, output).reduce((a, b) => a + b, 0);
  return { start, count: sizes[output] as number, rank };
}

function slice(node: Node, length: number, graph: Graph, constants: Constants): Rows | null {
  const lists = node.inputs.slice(1).map((name) => (name ? constants.integers(name) : undefined));
  if (lists.includes(null)) return null;
  const fail = (expected: string, got: string) =>
    onnxError(graph.file, 'ONNX_INVALID', node.label, expected, got);
  const known = lists as readonly (readonly number[] | undefined)[];
  const attributes = attributesOf(node, ['starts', 'ends', 'axes'], graph);
  const cuts = cutsOf(graph.opset, attributes, known, fail);
  const [axis, ...others] = cuts.axes;
  if (axis === undefined || others.length > 0) return null;
  const rank = rankOf(node, axis, graph);
  const { start, step, length: count } = rangeOf(cuts, 0, length);
  return rank === undefined || step !== 1 || count < 1 ? null : { start, count, rank };
}

/** Axes that a value may have: a number of them in a damaged file has no end. */
const MOST_AXES = 32;

/** Axes that a value must have for `axis` to be its last one: null is any number, undefined that it cannot be. */
function rankOf(node: Node, axis: number, { shapes }: Graph): number | null | undefined {
  if (axis === -1) return null;
  const stated = shapes.get(node.inputs[0] ?? '')?.length;
  if (axis < 1 || axis >= MOST_AXES || (stated !== undefined && stated !== axis + 1))
    return undefined;
  return axis + 1;
}
