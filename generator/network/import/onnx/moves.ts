import { attributesOf } from './attributes.js';
import { type Axes, lengthOf, type Part } from './axes.js';
import { reshapedAxes } from './axes-reshape.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import { axisOf } from './fold/operator.js';
import { allowsZero, withAxes } from './fold/reshape.js';
import { cutsOf, rangeOf } from './fold/slice.js';
import { permutation } from './fold/transpose.js';
import type { Graph } from './graph.js';
import type { LengthLists } from './lists.js';
import type { Node } from './node.js';
import { shapeText } from './tensor.js';

/** What an operator that only moves numbers gets. */
interface Move {
  readonly node: Node;
  readonly from: Axes;
  readonly graph: Graph;
  readonly constants: Constants;
  readonly lists: LengthLists;
  readonly fail: (expected: string, got: string) => Error;
}

/** The axes after the operator, or null where it may change more than their order and grouping. */
type Effect = (move: Move) => Axes | null;

/** ONNX data types of Cast that hold every float32. */
const WIDE_FLOATS = [1, 11];
/** Exporters write one of the largest integers as the end of a slice that goes to the end. */
const TO_THE_END = 2 ** 31 - 1;

const EFFECTS: Readonly<Record<string, Effect>> = {
  Identity: (move) => {
    attributes(move, []);
    return move.from;
  },
  Cast: (move) => {
    const to = attributes(move, ['to', 'saturate', 'round_mode']).int('to');
    return to !== undefined && WIDE_FLOATS.includes(to) ? move.from : null;
  },
  // inference: the input itself, unless the file says that it is in training
  Dropout: (move) => {
    const { node, graph, constants, from } = move;
    // from version 12 on an input says whether it is training; before it never was
    attributes(move, graph.opset < 12 ? ['ratio'] : ['seed']);
    const [, ratio = '', training = ''] = node.inputs;
    if (ratio !== '') {
      if (!constants.has(ratio)) return null;
      const { type, shape } = constants.get(ratio);
      const got = `${type.name} ${shapeText(shape)}`;
      if (!type.real || shape.length > 0) throw move.fail('a number as ratio', got);
    }
    if (training === '') return from;
    return constants.has(training) && constants.get(training).data.every((value) => value === 0)
      ? from
      : null;
  },
  Transpose: (move) => {
    const { axes } = move.from;
    const order = permutation(attributes(move, ['perm']).ints('perm'), axes.length, move.fail);
    return { ...move.from, axes: order.map((axis) => axes[axis] as readonly Part[]) };
  },
  Unsqueeze: (move) => {
    const axes = axesInput(move);
    if (axes === null || axes === undefined) return null;
    return { ...move.from, axes: withAxes(move.from.axes, axes, [], move.fail) };
  },
  Squeeze: (move) => {
    const { from, fail } = move;
    const given = axesInput(move);
    if (given === null) return null;
    const lengths = from.axes.map((_, axis) => lengthOf(from, axis));
    if (given === undefined && lengths.includes(undefined)) return null;
    const dropped =
      given?.map((axis) => axisOf(axis, from.axes.length, fail)) ??
      lengths.flatMap((length, axis) => (length === 1 ? [axis] : []));
    // an axis of unknown length must have length one when the network runs
    if (dropped.some((axis) => (lengths[axis] ?? 1) !== 1)) return null;
    return { ...from, axes: from.axes.filter((_, axis) => !dropped.includes(axis)) };
  },
  Reshape: (move) => {
    const { node, from, lists } = move;
    const allowZero = allowsZero(attributes(move, ['allowzero']));
    const shape = lists.get(node.inputs[1] ?? '');
    return shape && reshapedAxes(from, shape, allowZero);
  },
  Flatten: (move) => {
    const { from, fail } = move;
    const given = attributes(move, ['axis']).int('axis') ?? 1;
    const rank = from.axes.length;
    const axis = given === rank ? given : axisOf(given, rank, fail);
    return { ...from, axes: [from.axes.slice(0, axis).flat(), from.axes.slice(axis).flat()] };
  },
  Gather: (move) => {
    const { node, from, constants, fail } = move;
    const axis = axisOf(attributes(move, ['axis']).int('axis') ?? 0, from.axes.length, fail);
    const [, indices = ''] = node.inputs;
    const [index, ...others] = constants.integers(indices, true) ?? [];
    if (index === undefined || others.length > 0) return null;
    const picked = pick(from, axis, index);
    if (picked === null || constants.get(indices).shape.length === 1) return picked;
    return { ...picked, axes: picked.axes.filter((_, i) => i !== axis) };
  },
  Slice: (move) => {
    const { node, graph, constants, fail } = move;
    const lists = node.inputs.slice(1).map((name) => (name ? constants.integers(name) : undefined));
    if (lists.includes(null)) return null;
    const known = lists as readonly (readonly number[] | undefined)[];
    const cuts = cutsOf(graph.opset, attributes(move, ['starts', 'ends', 'axes']), known, fail);
    let result: Axes | null = move.from;
    for (const [i, given] of cuts.axes.entries()) {
      if (result === null) return null;
      const axis = axisOf(given, result.axes.length, fail);
      const length = lengthOf(result, axis);
      const [start, end, step] = [cuts.starts[i], cuts.ends[i], cuts.steps[i]] as [
        number,
        number,
        number,
      ];
      if (length !== undefined) {
        const range = rangeOf(cuts, i, length);
        if (range.length === length && step > 0) continue;
        result = range.length === 1 ? pick(result, axis, range.start) : null;
      } else if (step !== 1) return null;
      else if (start === 0 && end >= TO_THE_END) continue;
      else if (start === -1 ? end >= TO_THE_END : end === start + 1)
        result = pick(result, axis, start);
      else return null;
    }
    return result;
  },
};

/**
 * What the node leaves of the axes of its first input when it moves numbers and changes none; null when it does
 * more than that, or when the file does not say enough to be sure.
 * @throws UserError ONNX_INVALID or ONNX_ATTRIBUTE where the node contradicts its operator.
 */
export function movedAxes(
  node: Node,
  from: Axes,
  graph: Graph,
  constants: Constants,
  lists: LengthLists,
): Axes | null {
  const fail = (expected: string, got: string) =>
    onnxError(graph.file, 'ONNX_INVALID', node.label, expected, got);
  return EFFECTS[node.op]?.({ node, from, graph, constants, lists, fail }) ?? null;
}

/** Whether the operator may move numbers without changing any. */
export function mayMove({ op }: Node): boolean {
  return Object.hasOwn(EFFECTS, op);
}

/** What Split leaves of the axes of its input in each of its outputs; null as for {@link movedAxes}. */
export function splitAxes(
  node: Node,
  from: Axes,
  graph: Graph,
  constants: Constants,
): readonly (Axes | null)[] {
  const fail = (expected: string, got: string) =>
    onnxError(graph.file, 'ONNX_INVALID', node.label, expected, got);
  const given = attributesOf(node, ['axis', 'split', 'num_outputs'], graph);
  const axis = axisOf(given.int('axis') ?? 0, from.axes.length, fail);
  const [, input = ''] = node.inputs;
  if (graph.opset >= 18 && given.has('num_outputs') === (input !== '')) {
    throw fail('either split or num_outputs', input === '' ? 'none' : 'both');
  }
  const sizes = graph.opset < 13 ? given.ints('split') : input && constants.integers(input);
  const length = lengthOf(from, axis);
  // what is not one element of the axis each is not followed
  const ones = sizes ? sizes.every((n) => n === 1) : length === node.outputs.length;
  if (!ones || (length !== undefined && length !== node.outputs.length)) {
    return node.outputs.map(() => null);
  }
  return node.outputs.map((_, i) =>
    pick(from, axis, length === undefined && i === node.outputs.length - 1 ? -1 : i),
  );
}

/**
 * One element of an axis: of the batch and of stacked layers any, of time only the last, as nothing else is an output
 * of each frame.
 */
function pick(from: Axes, axis: number, index: number): Axes | null {
  const [part, ...others] = from.axes[axis] ?? [];
  if (others.length > 0 || part === 'feature') return null;
  const axes = from.axes.map((parts, i) => (i === axis ? [] : parts));
  if (part === undefined) return index === 0 || index === -1 ? { ...from, axes } : null;
  if (part === 'batch') return { ...from, axes };
  const { time, layer = 1 } = from.lengths;
  if (part === 'layer') {
    const own = index < 0 ? index + layer : index;
    if (own < 0 || own >= layer) return null;
    return { ...from, axes, lengths: { ...from.lengths, layer: 1 }, layer: own };
  }
  const last = index === -1 || (time !== undefined && index === time - 1);
  return last ? { ...from, axes, lastFrame: true } : null;
}

function attributes({ node, graph }: Move, known: readonly string[]) {
  return attributesOf(node, known, graph);
}

/** Axes as an attribute (operator sets below 13) or a constant input; undefined if absent, null if computed. */
function axesInput(move: Move): readonly number[] | undefined | null {
  const { node, graph, constants } = move;
  const attribute = attributes(move, graph.opset < 13 ? ['axes'] : []);
  const [, input = ''] = node.inputs;
  if (graph.opset < 13) {
    if (input !== '') throw move.fail('axes as an attribute', 'an input');
    return attribute.ints('axes');
  }
  return input === '' ? undefined : constants.integers(input);
}
