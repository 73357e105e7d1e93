import { attributesOf } from './attributes.js';
import { type Axes, axesOf, holds, type Part } from './axes.js';
import { behindH, behindSums, type Followed } from './computed.js';
import type { Constants } from './constants.js';
import { signalOf } from './dense.js';
import { separated, summedDirections, unflattened } from './directions.js';
import { onnxError } from './errors.js';
import { axisOf } from './fold/operator.js';
import type { Graph } from './graph.js';
import type { LengthLists } from './lists.js';
import {
  type Meaning,
  partsOf,
  type Signal,
  type Source,
  type Stack,
  sourceOf,
  type Way,
} from './meaning.js';
import { mayMove, movedAxes, splitAxes } from './moves.js';
import type { Node } from './node.js';

/** Meanings by name of the value; what is not in it depends on no recurrent layer. */
export type Meanings = ReadonlyMap<string, Meaning>;

/** Operators whose result depends on the shape of their input alone. */
const SHAPES = new Set(['Shape', 'Size']);

/**
 * What the outputs of a node are that is no recurrent layer, by what its inputs are: every value that depends on one has a
 * meaning, be it that it is lost. Null where the node depends on none.
 */
export function meaningsAfter(
  node: Node,
  meanings: Meanings,
  graph: Graph,
  constants: Constants,
  lists: LengthLists,
): readonly Meaning[] | null {
  if (SHAPES.has(node.op)) return null;
  const reads = [...node.inputs, ...node.captured];
  const inputs = reads.flatMap((name) => meanings.get(name) ?? []);
  const [first] = inputs;
  if (first === undefined) return null;
  const lost = inputs.find((input) => input.kind === 'lost');
  const after: readonly Followed[] =
    lost === undefined ? follow({ node, inputs, meanings, graph, constants, lists }) : [];
  return node.outputs.map((_, i): Meaning => {
    const own = after[i] ?? 'an output that is not followed';
    if (typeof own !== 'string') return own;
    if (lost?.kind === 'lost') return { ...lost, behind: inputs };
    return { kind: 'lost', node, why: own, below: sourceOf(first), behind: inputs, way: null };
  });
}

interface Step {
  readonly node: Node;
  /** What of the inputs depends on a recurrent layer. */
  readonly inputs: readonly Meaning[];
  readonly meanings: Meanings;
  readonly graph: Graph;
  readonly constants: Constants;
  readonly lists: LengthLists;
}

/** Of each output what it is, or why it is not followed. */
function follow(step: Step): readonly Followed[] {
  const { node, inputs, meanings } = step;
  if (node.op === 'Concat') return [stacked(step)];
  const sum = summedDirections(step);
  if (sum !== null) return [sum];
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) return [`it reads ${listed(inputs)}`];
  const name = node.inputs.find((one) => meanings.has(one));
  if (name === undefined) return ['a graph inside it reads the value'];
  const from = node.inputs[0] === name;
  if (from && (mayMove(node) || node.op === 'Split')) return moved(step, input);
  if (input.kind === 'sums') return [behindSums(step, input, name)];
  if (input.kind === 'h') return [behindH(step, input, name)];
  return [input.kind === 'c' ? 'it reads the cell state' : `it reads ${listed(inputs)}`];
}

const WORDS = { c: 'the cell state', stack: 'values of several layers', states: 'states' };

function listed(inputs: readonly Meaning[]): string {
  const words = inputs.map((input) => {
    if (input.kind === 'sums') return `the sums of ${input.dense.node.label}`;
    if (input.kind === 'lost') return `what ${input.node.label} computes`;
    const from = sourceOf(input);
    if (input.kind === 'h') return signalText(from);
    return `${WORDS[input.kind]} of ${from.label}`;
  });
  return [...new Set(words)].join(' and ');
}

function signalText({ kind, label }: Source): string {
  if (kind === 'frames' || kind === 'join') return label;
  return kind === 'dense' ? `the outputs of ${label}` : `h of ${label}`;
}

/** Operators that move numbers and change none. */
function moved(
  { node, graph, constants, lists }: Omit<Step, 'inputs' | 'meanings'>,
  input: Meaning,
): readonly Followed[] {
  const way = { node, before: input.way };
  if (input.kind === 'states') return node.outputs.map(() => ({ ...input, way }));
  if (input.kind === 'lost') return [];
  const split = node.op === 'Split';
  const axes = split
    ? splitAxes(node, input.axes, graph, constants)
    : [movedAxes(node, input.axes, graph, constants, lists)];
  if (input.kind === 'h' && axes.every((own) => own === null)) {
    const again = apart({ node, graph, constants, lists }, input);
    if (again !== null) return again;
  }
  return axes.map((own): Followed => {
    if (own === null) {
      const items = statesOf(input);
      if (items !== null) return { kind: 'states', since: node, items, way };
      return 'it changes values, or axes in a way that the file does not settle';
    }
    if (input.kind !== 'stack') return { ...input, axes: own, way };
    if (own.layer === undefined) return flattened(input, own, way) ?? { ...input, axes: own, way };
    const { layer, ...left } = own;
    const item = input.items[layer] as Signal;
    return { ...item, axes: left, way: { ...way, picked: item.way } };
  });
}

/** Values side by side that a node takes apart: cut over the features, or on an axis of their own again. */
function apart(step: Omit<Step, 'inputs' | 'meanings'>, input: Signal): readonly Followed[] | null {
  const parts = separated(step, input);
  if (parts?.every((part) => part !== null)) return parts as readonly Signal[];
  const { node, graph, constants, lists } = step;
  const stack = node.op === 'Reshape' ? unflattened(input) : null;
  const axes = stack && movedAxes(node, stack.axes, graph, constants, lists);
  if (axes === null || !axes.axes.some((_, axis) => holds(axes, axis, 'layer'))) return null;
  return [{ ...(stack as Stack), axes, way: { node, before: input.way } }];
}

/** The states of the last frame that a value consists of, or null where there is more in it. */
function statesOf(input: Meaning): readonly Signal[] | null {
  if (input.kind === 'states') return input.items;
  if (input.kind === 'stack') {
    return input.axes.lastFrame || input.axes.lengths.time === 1 ? input.items : null;
  }
  if ((input.kind !== 'h' && input.kind !== 'c') || input.from.kind !== 'recurrent') return null;
  const last = input.axes.lastFrame || input.axes.lengths.time === 1;
  return last && input.affine === null ? [input] : null;
}

/** Concat of what layers give over their features: side by side. Null where it is something else. */
function joined(
  { node, graph }: Step,
  parts: readonly (Meaning | undefined)[],
  given: number | undefined,
): Signal | null {
  const signals = parts.map((part) => (part?.kind === 'sums' ? signalOf(part) : part));
  if (!signals.every((one): one is Signal => one?.kind === 'h') || given === undefined) return null;
  const [first, ...others] = signals as readonly Signal[] as [Signal, ...Signal[]];
  const rank = first.axes.axes.length;
  if (others.some(({ axes }) => axes.axes.length !== rank)) return null;
  const fail = (expected: string, got: string) =>
    onnxError(graph.file, 'ONNX_INVALID', node.label, expected, got);
  const axis = axisOf(given, rank, fail);
  const own = signals.map(({ axes }) => axes.axes.map((of, i) => (i === axis ? [] : of)));
  const alike = own.every((axes) => JSON.stringify(axes) === JSON.stringify(own[0]));
  if (!alike || !signals.every(({ axes }) => holds(axes, axis, 'feature'))) return null;
  const { lengths, lastFrame } = first.axes;
  if (others.some(({ axes }) => !isSameTime(axes, first.axes))) return null;
  if (signals.some(({ from }) => from.kind === 'join' && from.sum)) return null;
  const axes = first.axes.axes.map((of, i) => (i === axis ? (['feature'] as const) : of));
  const widths = signals.map((one) => one.axes.lengths.feature as number);
  const feature = widths.reduce((sum, width) => sum + width, 0);
  const way = { node, before: null, joined: signals.map((one) => one.way) };
  return joinOf(signals, axesOf(axes, { ...lengths, feature }, lastFrame), way, node);
}

const isSameTime = (a: Axes, b: Axes): boolean =>
  a.lastFrame === b.lastFrame &&
  a.lengths.time === b.lengths.time &&
  a.lengths.batch === b.lengths.batch;

/** Stacked h of layers whose axes of layers and features have become one, as those of one vector; null where they have not. */
function flattened({ items }: Stack, from: Axes, way: Way): Signal | null {
  const { layer = 1, feature = 1 } = from.lengths;
  const text = (parts: readonly Part[]) => parts.join();
  const whole = ['layer', 'feature'].filter((part) => from.lengths[part as Part] !== 1).join();
  const at = from.axes.findIndex((parts) => text(parts) === whole);
  const other = from.axes.some((parts, i) => i !== at && /layer|feature/.test(text(parts)));
  if (at < 0 || other || layer === 1 || items.some(({ kind }) => kind !== 'h')) return null;
  const axes = from.axes.map((parts, i) => (i === at ? (['feature'] as const) : parts));
  const lengths = { ...from.lengths, layer: 1, feature: layer * feature };
  const joinedWay = { ...way, joined: items.map((one) => one.way) };
  return joinOf(items, axesOf(axes, lengths, from.lastFrame), joinedWay, way.node);
}

/** One signal of several: what constants did to each of them is done to its part. */
function joinOf(signals: readonly Signal[], axes: Axes, way: Way, node: Node): Signal {
  const widths = signals.map((one) => one.axes.lengths.feature as number);
  const parts = signals.flatMap(({ from }, i) => partsOf(from, widths[i] as number));
  const label = [...new Set(parts.map(({ source }) => signalText(source)))].join(' and ');
  const scaled = signals.find(({ affine }) => affine !== null)?.affine;
  const all = (what: 'scale' | 'shift') =>
    Float64Array.from(
      signals.flatMap(({ affine }, i) =>
        affine ? [...affine[what]] : new Array(widths[i]).fill(what === 'scale' ? 1 : 0),
      ),
    );
  const affine = scaled
    ? { scale: all('scale'), shift: all('shift'), shiftName: scaled.shiftName, node }
    : null;
  return { kind: 'h', from: { kind: 'join', label, node, parts }, axes, affine, way };
}

/** Concat of states: side by side on an axis of their own where it is one, otherwise in an order that is not followed. */
function stacked(step: Step): Followed {
  const { node, meanings, graph } = step;
  const given = attributesOf(node, ['axis'], graph).int('axis');
  const parts = node.inputs.map((name) => meanings.get(name));
  const [alone, ...more] = parts;
  if (alone !== undefined && more.length === 0)
    return { ...alone, way: { node, before: alone.way } };
  const beside = joined(step, parts, given);
  if (beside !== null) return beside;
  const items: Signal[] = [];
  for (const part of parts) {
    const own = part && statesOf(part);
    if (!own) return `it joins ${listed(parts.flatMap((one) => one ?? []))} and other values`;
    items.push(...own);
  }
  const way = { node, before: null };
  const [first, ...others] = parts as readonly (Signal | Stack)[];
  if (first !== undefined && 'axes' in first && given !== undefined) {
    const rank = first.axes.axes.length;
    const fail = (expected: string, got: string) =>
      onnxError(graph.file, 'ONNX_INVALID', node.label, expected, got);
    const axis = axisOf(given, rank, fail);
    const own = first.axes.axes[axis];
    const free = first.kind === 'stack' ? own?.join() === 'layer' : own?.length === 0;
    const alike = others.every((other) => sameAxes(first, other));
    if (free && alike) {
      const axes = first.axes.axes.map((own, i) => (i === axis ? (['layer'] as const) : own));
      const lengths = { ...first.axes.lengths, layer: items.length };
      return { kind: 'stack', items, axes: axesOf(axes, lengths, true), way };
    }
  }
  // one of each: what is joined again and again does not grow
  const each = { h: new Map<Source, Signal>(), c: new Map<Source, Signal>() };
  for (const item of items) each[item.kind].set(item.from, item);
  return { kind: 'states', since: node, items: [...each.h.values(), ...each.c.values()], way };
}

/** Whether values have the same axes, and are stacked likewise. */
function sameAxes(a: Signal | Stack, b: Signal | Stack): boolean {
  const text = ({ axes }: Signal) => JSON.stringify([axes.axes, axes.lengths]);
  return 'axes' in b && text(a as Signal) === text(b as Signal);
}
