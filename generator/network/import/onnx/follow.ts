import { attributesOf } from './attributes.js';
import { axesOf } from './axes.js';
import { behindH, behindSums, type Followed } from './computed.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import { axisOf } from './fold/operator.js';
import type { Graph } from './graph.js';
import type { LengthLists } from './lists.js';
import { type Meaning, type Signal, type Source, sourceOf } from './meaning.js';
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

const WORDS = { c: 'the cell state', stack: 'states of several layers', states: 'states' };

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
  if (kind === 'frames') return label;
  return kind === 'dense' ? `the outputs of ${label}` : `h of ${label}`;
}

/** Operators that move numbers and change none. */
function moved({ node, graph, constants, lists }: Step, input: Meaning): readonly Followed[] {
  const way = { node, before: input.way };
  if (input.kind === 'states') return node.outputs.map(() => ({ ...input, way }));
  if (input.kind === 'lost') return [];
  const split = node.op === 'Split';
  const axes = split
    ? splitAxes(node, input.axes, graph, constants)
    : [movedAxes(node, input.axes, graph, constants, lists)];
  return axes.map((own): Followed => {
    if (own === null) {
      const items = statesOf(input);
      if (items !== null) return { kind: 'states', since: node, items, way };
      return 'it changes values, or axes in a way that the file does not settle';
    }
    if (input.kind !== 'stack' || own.layer === undefined) return { ...input, axes: own, way };
    const { layer, ...left } = own;
    const item = input.items[layer] as Signal;
    return { ...item, axes: left, way: { ...way, picked: item.way } };
  });
}

/** The states of the last frame that a value consists of, or null where there is more in it. */
function statesOf(input: Meaning): readonly Signal[] | null {
  if (input.kind === 'stack' || input.kind === 'states') return input.items;
  if ((input.kind !== 'h' && input.kind !== 'c') || input.from.kind !== 'recurrent') return null;
  const last = input.axes.lastFrame || input.axes.lengths.time === 1;
  return last && input.affine === null ? [input] : null;
}

/** Concat of states: side by side on an axis of their own where it is one, otherwise in an order that is not followed. */
function stacked({ node, meanings, graph }: Step): Followed {
  const given = attributesOf(node, ['axis'], graph).int('axis');
  const parts = node.inputs.map((name) => meanings.get(name));
  const [alone, ...more] = parts;
  if (alone !== undefined && more.length === 0)
    return { ...alone, way: { node, before: alone.way } };
  const items: Signal[] = [];
  for (const part of parts) {
    const own = part && statesOf(part);
    if (!own) return `it joins ${listed(parts.flatMap((one) => one ?? []))} and other values`;
    items.push(...own);
  }
  const way = { node, before: null };
  const [first, ...others] = parts as readonly Signal[];
  if (first !== undefined && 'axes' in first && given !== undefined) {
    const rank = first.axes.axes.length;
    const fail = (expected: string, got: string) =>
      onnxError(graph.file, 'ONNX_INVALID', node.label, expected, got);
    const axis = axisOf(given, rank, fail);
    const free = first.axes.axes[axis]?.length === 0;
    const alike = others.every((other) => sameAxes(first, other));
    if (free && alike && items.length === parts.length) {
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

function sameAxes({ axes: a }: Signal, { axes: b }: Signal): boolean {
  const text = (axes: Signal['axes']) => JSON.stringify([axes.axes, axes.lengths]);
  return b !== undefined && text(a) === text(b);
}
