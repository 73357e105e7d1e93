import { attributesOf } from './attributes.js';
import { type Axes, axesOf, holds, type Lengths, lengthOf } from './axes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import { axisOf } from './fold/operator.js';
import { cutsOf, rangeOf } from './fold/slice.js';
import type { Graph } from './graph.js';
import type { LayerNode } from './layer-node.js';
import { directionsOf } from './layer-node.js';
import {
  type JoinSource,
  type Meaning,
  partsOf,
  type RecurrentSource,
  type Root,
  type Signal,
  type Stack,
  type Way,
} from './meaning.js';
import type { Node } from './node.js';

/** The directions of a node: where their values stand at their frames, and where those of a backward one end with its final state. */
export interface DirectionSources {
  readonly aligned: readonly RecurrentSource[];
  readonly final: readonly RecurrentSource[];
}

export function sourcesOfNode(layer: LayerNode): DirectionSources {
  const { label } = layer.node;
  const aligned = directionsOf(layer).map(
    ({ direction }): RecurrentSource => ({
      ...{ kind: 'recurrent', label, layer, direction: direction ?? 'forward' },
    }),
  );
  const final = aligned.map(
    (one): RecurrentSource => (one.direction === 'backward' ? { ...one, final: true } : one),
  );
  return { aligned, final };
}

/** What an output of a recurrent node is: h or c of its direction, or of both, stacked. */
export function outputMeaning(
  { aligned, final }: DirectionSources,
  kind: 'h' | 'c',
  axes: Axes,
): Signal | Stack {
  const sources = axes.lastFrame ? final : aligned;
  const own = withoutLayers(axes);
  const items = sources.map((from): Signal => ({ kind, from, axes: own, affine: null, way: null }));
  const [only, ...more] = items as [Signal, ...Signal[]];
  return more.length === 0 ? { ...only, axes } : { kind: 'stack', items, axes, way: null };
}

/** h of all directions in every frame; `lengths` are those of h of one. */
export function wholeOf(sources: DirectionSources, lengths: Lengths): Signal {
  const layer = sources.aligned.length;
  const axes = axesOf([['time'], ['batch'], ['layer'], ['feature']], { ...lengths, layer });
  const meaning = outputMeaning(sources, 'h', axes);
  return 'items' in meaning ? (bothDirections(meaning) as Signal) : meaning;
}

const withoutLayers = (axes: Axes): Axes => ({
  ...axes,
  axes: axes.axes.map((parts) => parts.filter((part) => part !== 'layer')),
  lengths: { ...axes.lengths, layer: 1 },
});

/** Both directions of one layer in a stack as values side by side, on the axes of the stack; null where it is another one. */
export function bothDirections({ items, axes, way }: Stack): Signal | null {
  const [forward, backward, ...more] = items.map(({ from }) => from);
  if (forward?.kind !== 'recurrent' || backward?.kind !== 'recurrent' || more.length > 0)
    return null;
  if (!isPair(forward, backward) || items.some(({ kind, affine }) => kind !== 'h' || affine)) {
    return null;
  }
  const width = axes.lengths.feature as number;
  const parts = [forward, backward].map((source) => ({ source, width }));
  const node = forward.layer.node;
  const from: JoinSource = { kind: 'join', label: `h of ${forward.label}`, node, parts };
  return { kind: 'h', from, axes, affine: null, way };
}

const isPair = (forward: RecurrentSource, backward: RecurrentSource): boolean =>
  forward.layer === backward.layer &&
  forward.direction === 'forward' &&
  backward.direction === 'backward';

/** Whether a value is h of directions of this layer, each of them once, the forward one first, or their sum. */
export function isOfLayer({ kind, from }: Signal, layer: Root): boolean {
  const sources = partsOf(from, 0).map(({ source }) => source);
  const own = sources.filter((one): one is RecurrentSource => one.kind === 'recurrent');
  const [first, second, ...more] = own;
  if (kind !== 'h' || own.length < sources.length || layer.kind !== 'recurrent') return false;
  if (first?.layer !== layer.layer || more.length > 0) return false;
  return second === undefined || isPair(first, second);
}

/** Whether values are the same directions of a layer, at the same places. */
export function isSameOfLayer(a: Signal, b: Signal): boolean {
  const [one, other] = [a, b].map(({ from }) => partsOf(from, 0).map(({ source }) => source));
  const sum = [a, b].map(({ from }) => from.kind === 'join' && from.sum === true);
  return (
    sum[0] === sum[1] && one?.length === other?.length && !!one?.every((of, i) => of === other?.[i])
  );
}

/** A node on values of both directions of a layer. */
interface DirectionsStep {
  readonly node: Node;
  readonly inputs: readonly Meaning[];
  readonly graph: Graph;
  readonly constants: Constants;
}

/**
 * The sum of both directions, or their mean: Add of h of one and of the other, ReduceSum or ReduceMean over their axis. Null
 * where a node makes something else.
 */
export function summedDirections({
  node,
  inputs,
  graph,
  constants,
}: DirectionsStep): Signal | null {
  const [first, second, ...more] = inputs;
  if (node.op === 'Add' || node.op === 'Sum') {
    const both = [first, second].filter((one): one is Signal => one?.kind === 'h');
    if (both.length < 2 || more.length > 0 || node.inputs.length !== 2) return null;
    const [a, b] = both as [Signal, Signal];
    const alike = JSON.stringify(a.axes) === JSON.stringify(b.axes);
    return alike ? sumOf(both, a.axes, { node, before: null, joined: [a.way, b.way] }) : null;
  }
  if ((node.op !== 'ReduceSum' && node.op !== 'ReduceMean') || first?.kind !== 'stack') return null;
  const attributes = attributesOf(node, ['axes', 'keepdims', 'noop_with_empty_axes'], graph);
  const [, input = ''] = node.inputs;
  const given = input === '' ? attributes.ints('axes') : constants.integers(input);
  const fail = (expected: string, got: string) =>
    onnxError(graph.file, 'ONNX_INVALID', node.label, expected, got);
  if (given?.length !== 1) return null;
  const axis = axisOf(given[0] as number, first.axes.axes.length, fail);
  if (!holds(first.axes, axis, 'layer')) return null;
  const kept = (attributes.int('keepdims') ?? 1) === 1;
  const own = withoutLayers(first.axes);
  const axes = kept ? own : { ...own, axes: own.axes.filter((_, i) => i !== axis) };
  const sum = sumOf(first.items, axes, { node, before: first.way });
  if (sum === null || node.op === 'ReduceSum') return sum;
  const width = axes.lengths.feature as number;
  const scale = new Float64Array(width).fill(1 / first.items.length);
  return { ...sum, affine: { scale, shift: new Float64Array(width), shiftName: null, node } };
}

/** The sum of both directions of a layer; null where there is anything else to add. */
function sumOf(items: readonly Signal[], axes: Axes, way: Way): Signal | null {
  const sources = items.map(({ from }) => from);
  if (!sources.every((from): from is RecurrentSource => from.kind === 'recurrent')) return null;
  const [forward, backward, ...more] = [...sources].sort(byDirection);
  if (forward === undefined || backward === undefined || more.length > 0) return null;
  const odd = items.some(({ kind, affine }) => kind !== 'h' || affine !== null);
  if (odd || !isPair(forward, backward)) return null;
  const width = axes.lengths.feature as number;
  const parts = [forward, backward].map((source) => ({ source, width }));
  const label = `the sum of both directions of ${forward.label}`;
  const from: JoinSource = { kind: 'join', label, node: way.node, parts, sum: true };
  return { kind: 'h', from, axes, affine: null, way };
}

const byDirection = (a: RecurrentSource, b: RecurrentSource): number =>
  Number(a.direction === 'backward') - Number(b.direction === 'backward');

/** The layers that stand side by side in a value, each by itself: Split over the features, or Slice of one of them. */
export function separated(
  { node, graph, constants }: Omit<DirectionsStep, 'inputs'>,
  signal: Signal,
): readonly (Signal | null)[] | null {
  const { from, axes, affine } = signal;
  if (from.kind !== 'join' || from.sum || affine !== null) return null;
  const axis = axes.axes.findIndex((_, i) => holds(axes, i, 'feature'));
  const cuts = axis < 0 ? null : partsCut(node, axes, axis, graph, constants);
  if (cuts === null) return null;
  const ends: number[] = [0];
  for (const { width } of from.parts) ends.push((ends.at(-1) as number) + width);
  const way = { node, before: signal.way };
  return cuts.map(([start, length]): Signal | null => {
    const at = ends.indexOf(start);
    const part = from.parts[at];
    if (at < 0 || part?.width !== length) return null;
    const lengths = { ...axes.lengths, feature: length };
    return { ...signal, from: part.source, axes: axesOf(axes.axes, lengths, axes.lastFrame), way };
  });
}

/** Where each output of a node begins on an axis, and how long it is; null where it cuts another axis, or not evenly. */
function partsCut(
  node: Node,
  axes: Axes,
  axis: number,
  graph: Graph,
  constants: Constants,
): readonly (readonly [start: number, length: number])[] | null {
  const fail = (expected: string, got: string) =>
    onnxError(graph.file, 'ONNX_INVALID', node.label, expected, got);
  const length = lengthOf(axes, axis) as number;
  const rank = axes.axes.length;
  if (node.op === 'Split') {
    const given = attributesOf(node, ['axis', 'split', 'num_outputs'], graph);
    if (axisOf(given.int('axis') ?? 0, rank, fail) !== axis) return null;
    const [, input = ''] = node.inputs;
    const stated = graph.opset < 13 ? given.ints('split') : input && constants.integers(input);
    const count = node.outputs.length;
    const sizes = stated || new Array<number>(count).fill(length / count);
    if (sizes.length !== count || sizes.reduce((sum, n) => sum + n, 0) !== length) return null;
    return sizes.map((size, i) => [sizes.slice(0, i).reduce((sum, n) => sum + n, 0), size]);
  }
  if (node.op !== 'Slice') return null;
  const lists = node.inputs.slice(1).map((one) => (one ? constants.integers(one) : undefined));
  if (lists.includes(null)) return null;
  const known = lists as readonly (readonly number[] | undefined)[];
  const attributes = attributesOf(node, ['starts', 'ends', 'axes'], graph);
  const cuts = cutsOf(graph.opset, attributes, known, fail);
  if (cuts.axes.length !== 1 || axisOf(cuts.axes[0] as number, rank, fail) !== axis) return null;
  const range = rangeOf(cuts, 0, length);
  return range.step === 1 ? [[range.start, range.length]] : null;
}

/** Values of equal width side by side as a stack of them, so that they can be taken apart again; null where they are none. */
export function unflattened(signal: Signal): Stack | null {
  const { from, axes, affine, way } = signal;
  if (from.kind !== 'join' || from.sum || affine !== null) return null;
  const [first] = from.parts;
  const width = first?.width as number;
  if (from.parts.some((part) => part.width !== width) || width === 1) return null;
  const count = from.parts.length;
  const lengths = { ...axes.lengths, layer: count, feature: width };
  const own = axes.axes.map((parts) =>
    parts.flatMap((part) => (part === 'feature' ? (['layer', 'feature'] as const) : [part])),
  );
  const items = from.parts.map(
    ({ source }): Signal => ({ kind: 'h', from: source, axes: { ...axes, lengths }, affine, way }),
  );
  return { kind: 'stack', items, axes: { ...axes, axes: own, lengths }, way };
}
