import { type Axes, areParts, axesOf, type Part } from '../axes.js';
import { spelledCells } from '../cell/spelled.js';
import { movedFrom } from '../cell/states.js';
import { type Chain, chainOf } from '../chain.js';
import type { Constants } from '../constants.js';
import type { Graph } from '../graph.js';
import {
  LAYER_INPUT,
  type LayerNode,
  type LoopOutput,
  readLayer,
  statesOf,
} from '../layer-node.js';
import { LayerStack } from '../layer-stack.js';
import { LengthLists } from '../lists.js';
import type { Meaning } from '../meaning.js';
import { mayMove, movedAxes } from '../moves.js';
import type { Node } from '../node.js';
import { noLayers, recurrentNodes } from '../recurrent.js';
import type { Carried, LoopFail, LoopForm } from './form.js';
import { innerScope, type Scope } from './scope.js';

/** The step of a loop, whose body is a chain of recurrent layers. */
interface Step {
  readonly form: LoopForm;
  readonly chain: Chain;
  readonly layers: readonly LayerNode[];
  readonly graph: Graph;
  readonly constants: Constants;
  readonly fail: LoopFail;
}

/**
 * The layers that a loop computes, the lowest first: nodes over all frames in place of those of one step in its body.
 * @throws UserError where the body has anything else than recurrent layers, each with states of its own
 */
export function layersOf(form: LoopForm, outer: Scope, fail: LoopFail): readonly LayerNode[] {
  const { body, x, states, collected, values } = form;
  const named = [...states.map(({ after }) => after), ...collected.map(({ value }) => value)];
  const output = [...new Set(named)].map((name) => ({ name }));
  const { graph: plain, constants, proto } = innerScope({ ...body, output }, outer, values);
  const shape = frameShape(form, outer.graph) ?? plain.shapes.get(x) ?? [undefined, undefined];
  const whole = { ...plain, shapes: new Map([...plain.shapes, [x, shape] as const]) };
  const isX = (name: string, { graph }: { readonly graph: Graph }) => {
    const from = movedFrom(name, graph);
    return from?.size === 1 && from.has(x);
  };
  const spelled = spelledCells(whole, constants, (name) => isX(name, { graph: whole }));
  const { graph, layers, missed } = spelled;
  const model = { graph: proto, functions: [], opset_import: [] };
  const lstms = recurrentNodes(graph, model, { missed, loops: [] }).map(
    (node) => layers.get(node) ?? readLayer(node, graph, constants, outer),
  );
  if (lstms.length === 0) throw noLayers(graph);
  const chain = chainOf(lstms, graph, constants, undefined);
  const { frames } = chain;
  if (frames.name !== x || frames.axes === null) {
    const what = frames.behind && `${frames.behind.label} (${frames.behind.op})`;
    throw fail(`${what ?? frames.name} before the layer, in place of a frame`);
  }
  if (frames.axes.lengths.time !== 1) throw fail('several frames in each step');
  const stack = new LayerStack(chain.reads, graph, constants);
  stack.number(chain.top);
  const own = stack.layers.map(({ layer, recurrent }) => {
    if (recurrent === null) throw fail(`${layer.x.name}, a fully connected layer in each step`);
    if ((recurrent.backward ?? recurrent.layer.direction) !== undefined) {
      throw fail(`${recurrent.node.label}.direction, reverse or bidirectional, in each step`);
    }
    if (layer.from !== undefined) throw fail(`${recurrent.node.label}, on several layers at once`);
    return { ...recurrent, layer };
  });
  const odd = lstms.find(({ node }) => !stack.has(node));
  if (odd !== undefined) throw fail(`${odd.node.label}, beside other layers`);
  return layersIn({ form, chain, layers: own, graph, constants, fail });
}

/** Lengths of the axes of a frame, where those of all frames are known. */
function frameShape({ frames, axis, kept }: LoopForm, { shapes }: Graph) {
  const shape = shapes.get(frames);
  if (shape === undefined) return undefined;
  return kept ? shape.map((n, i) => (i === axis ? 1 : n)) : shape.filter((_, i) => i !== axis);
}

function layersIn(step: Step): readonly LayerNode[] {
  const { form, chain, layers, fail } = step;
  const { meanings } = chain;
  const free = new Set(form.states);
  const outputs = new Map(layers.map(({ node }) => [node, [] as Named[]]));
  const meaningOf = (value: string) => layerMeaning(meanings.get(value), value, fail);
  const every = (axes: Parts, axis: number, joined: boolean) => withTime(axes, axis, joined, fail);
  const add = (name: string, value: string, at: { axis: number; joined: boolean } | null) => {
    if (name === '') return;
    const { kind, axes, layer } = meaningOf(value);
    const own = plainParts(axes);
    const output = at === null ? own : every(own, at.axis, at.joined);
    outputs.get(layer.node)?.push({ name, kind, axes: output, last: at === null });
  };
  for (const { final, after } of form.states) add(final, after, null);
  for (const { output, value, axis, joined } of form.collected)
    add(output, value, { axis, joined });
  let below = form.frames;
  let x = every(plainParts(chain.frames.axes as Axes), form.axis, form.kept);
  const made = layers.map((lstm, i): LayerNode => {
    const [h, c] = statesOf(lstm.layer).map((kind) => {
      const state = stateOf(lstm, kind, step);
      free.delete(state.carried);
      return state;
    }) as [State, State?];
    const own = outputs.get(lstm.node) ?? [];
    const label = layers.length === 1 ? form.node.label : `${form.node.label}/${lstm.node.label}`;
    const frames = below;
    const read = x;
    if (i < layers.length - 1) {
      // the frames of the layer above
      below = `${label}/h`;
      x = every(stateParts(lstm, chain), 0, false);
      own.push({ name: below, kind: 'h', axes: x, last: false });
    }
    const node: Node = {
      index: form.node.index,
      op: lstm.node.op,
      label,
      inputs: [frames, '', '', '', '', h.carried.initial, ...(c ? [c.carried.initial] : [])],
      captured: [],
      outputs: own.map(({ name }) => name),
      attributes: [],
      parts: [form.node, ...form.parts],
    };
    const rank = { h: h.rank, ...(c && { c: c.rank }) };
    const loop = { x: read, outputs: own, rank, trip: form.trip };
    const { layer, functions, notes = [] } = lstm;
    return { node, layer, layout: 'loop', loop, functions, notes };
  });
  const [odd] = free;
  if (odd !== undefined) throw fail(`${odd.before}, a state that is none of a layer`);
  return made;
}

type Parts = readonly (readonly Part[])[];
type Named = LoopOutput & { readonly name: string };

/** Axes of h that the layer above reads, each as the batch or features. */
function stateParts({ node }: LayerNode, { meanings }: Chain): Parts {
  const name = node.outputs.find((one) => meanings.get(one)?.kind === 'h') ?? '';
  const meaning = meanings.get(name);
  return meaning && 'axes' in meaning ? plainParts(meaning.axes) : [];
}

function plainParts({ axes }: Axes): Parts {
  return axes;
}

/** The axes of all steps of what one has with those axes. */
function withTime(axes: Parts, given: number, joined: boolean, fail: LoopFail): Parts {
  const rank = joined ? axes.length : axes.length + 1;
  const axis = given < 0 ? given + rank : given;
  if (axis < 0 || axis >= rank) throw fail(`steps on axis ${given} of ${rank}`);
  if (joined && axes[axis]?.length !== 0) throw fail(`steps on axis ${given}, which has more`);
  const rest = axes.slice(joined ? axis + 1 : axis);
  return [...axes.slice(0, axis), ['time'], ...rest];
}

/** h or c of a layer, moved at most. */
function layerMeaning(meaning: Meaning | undefined, value: string, fail: LoopFail) {
  if (meaning?.kind === 'lost') {
    throw fail(`${meaning.node.label} (${meaning.node.op}) behind the layer: ${meaning.why}`);
  }
  if (meaning?.kind === 'sums') {
    throw fail(`${meaning.dense.node.label}, a fully connected layer in each step`);
  }
  if (meaning?.kind !== 'h' && meaning?.kind !== 'c')
    throw fail(`${value}, which is not h or c of a layer`);
  const { affine, from, kind, axes } = meaning;
  if (affine !== null) throw fail(`${affine.node.label} (${affine.node.op}) behind the layer`);
  if (from.kind === 'dense') throw fail(`${from.label}, a fully connected layer in each step`);
  if (from.kind !== 'recurrent') throw fail(`${value}, which is not h or c of a layer`);
  return { kind, axes, layer: from.layer };
}

interface State {
  readonly carried: Carried;
  readonly rank: number;
}

/** The carried value that is h or c of a layer before the step, on the very axes that the layer needs. */
function stateOf(lstm: LayerNode, kind: 'h' | 'c', step: Step): State {
  const { form, chain, graph, constants, fail } = step;
  const what = `${kind} of ${lstm.node.label}`;
  const nodes: Node[] = [];
  let name = lstm.node.inputs[LAYER_INPUT[kind]] ?? '';
  for (;;) {
    const node = graph.producers.get(name)?.node;
    if (node === undefined || !mayMove(node)) break;
    nodes.unshift(node);
    name = node.inputs[0] ?? '';
  }
  const carried = form.states.find(({ before }) => before === name);
  if (carried === undefined) throw fail(`${what} before the step, which is not carried`);
  const after = layerMeaning(chain.meanings.get(carried.after), carried.after, fail);
  if (after.kind !== kind || after.layer.node !== lstm.node) {
    throw fail(`${what}, in place of which ${after.kind} of ${after.layer.node.label} is carried`);
  }
  const start: Axes = { ...after.axes, lastFrame: false };
  const known = new LengthLists(graph, constants, (one) => (one === name ? start : undefined));
  let axes: Axes | null = start;
  for (const node of nodes) {
    axes = axes && movedAxes(node, axes, graph, constants, known);
  }
  const last = start.lengths.feature === 1 ? [] : ['feature'];
  const featureLast = JSON.stringify(start.axes.at(-1)) === JSON.stringify(last);
  if (axes === null || !featureLast || !areParts(axes, neededParts(lstm, chain, start))) {
    throw fail(`${what} on other axes before the step than the layer has`);
  }
  return { carried, rank: start.axes.length };
}

/** Axes of the states that a layer of the body reads. */
function neededParts(lstm: LayerNode, chain: Chain, { lengths }: Axes): Parts {
  const single = stateParts(lstm, chain);
  if (lstm.layout === 'one step') return single;
  const parts: Parts =
    lstm.layout === 'time first' ? [[], ['batch'], ['feature']] : [['batch'], [], ['feature']];
  return axesOf(parts, lengths).axes;
}
