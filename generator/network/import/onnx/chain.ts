import type { FloatLayer } from '../../float/model.js';
import { foldBefore } from '../fold.js';
import type { Affine } from './affine.js';
import type { Lengths } from './axes.js';
import type { Constants } from './constants.js';
import { denseLayer, densesBelow } from './dense.js';
import { denseFrames } from './dense-frames.js';
import { onnxError } from './errors.js';
import { type Meanings, meaningsAfter } from './follow.js';
import { type Frames, framesOf } from './frames.js';
import type { Graph } from './graph.js';
import { inputLengths, outputsOf } from './layer-axes.js';
import { checkFrames, checkInput, firstInput, notChained } from './layer-input.js';
import { LAYER_INPUT, type LayerNode } from './layer-node.js';
import { LengthLists } from './lists.js';
import { checkTrip } from './loop/trip.js';
import {
  type Meaning,
  type RecurrentSource,
  type Root,
  rootOf,
  type Signal,
  wayOf,
} from './meaning.js';
import type { Node } from './node.js';
import { noLayers } from './recurrent.js';
import { checkLengths } from './sequence-lens.js';

/** The layers in their order up to the last recurrent one, each with the nodes that lead to it from the layer below. */
export interface Chain {
  readonly layers: readonly ChainLayer[];
  /** The last recurrent layer; the frames where there is none. */
  readonly top: Root;
  readonly between: readonly Node[];
  readonly frames: Frames;
  /** Every value that depends on a layer. */
  readonly meanings: Meanings;
  /** What constants did to features before a layer, and went into its weights. */
  readonly folded: readonly Folded[];
}

export interface ChainLayer {
  readonly layer: FloatLayer;
  /** Null where it is a fully connected one. */
  readonly recurrent: LayerNode | null;
}

export interface Folded {
  readonly node: Node;
  /** Name of the layer. */
  readonly into: string;
}

/**
 * Puts the recurrent nodes into one chain: each reads h of the one below, through fully connected layers and operators that
 * only move numbers, or scale and shift them by constants. Follows their outputs through the whole file. Without
 * recurrent nodes it begins with the frames that fully connected layers read. `said`: the frames that the user names.
 * @throws UserError LSTM_CHAIN when they are not in one chain, LSTM_BETWEEN naming an operator between two of them
 * that changes values in another way, NOT_AN_LSTM where there are no layers at all.
 */
export function chainOf(
  lstms: readonly LayerNode[],
  graph: Graph,
  constants: Constants,
  said: string | undefined,
): Chain {
  const { file } = graph;
  const [first] = lstms;
  if (first !== undefined) checkFrames(first, constants, file);
  const frames =
    first === undefined
      ? denseFrames(graph, constants, said)
      : framesOf(first, graph, constants, said);
  if (frames === null) throw noLayers(graph);
  const byNode = new Map(lstms.map((lstm) => [lstm.node, lstm]));
  const above = new Map<Root, LayerNode>();
  const meanings = new Map<string, Meaning>(frames.front);
  /** What layers read. */
  const read = new Map<string, Signal>();
  const lists = new LengthLists(graph, constants, (name) => {
    if (frames.axes && name === frames.name) return frames.axes;
    const own = read.get(name) ?? meanings.get(name);
    return own && 'axes' in own ? own.axes : undefined;
  });
  const lengths: Lengths = first
    ? inputLengths(first, frames, graph)
    : { time: undefined, batch: undefined, feature: undefined, layer: 1 };
  const between: Node[] = [];
  const folded: Folded[] = [];
  const layers: ChainLayer[] = [];
  let top: Root = frames.source;
  const add = (lstm: LayerNode, below: Signal): void => {
    checkLengths(lstm.node, lengths, file, constants);
    read.set(lstm.node.inputs[LAYER_INPUT.X] ?? '', below);
    checkTrip(lstm, lengths, lists, graph);
    for (const dense of densesBelow(below.from)) {
      const { affine } = dense.sums.dense.h;
      layers.push({ layer: denseLayer(dense, graph, constants), recurrent: null });
      between.push(...wayOf(dense.way));
      if (affine !== null) folded.push({ node: affine.node, into: dense.label });
    }
    between.push(...wayOf(below.way));
    const { affine } = below;
    const layer = affine === null ? lstm.layer : withInput(lstm, affine, graph, constants);
    layers.push({ layer, recurrent: lstm });
    if (affine !== null) folded.push({ node: affine.node, into: lstm.node.label });
    const from: RecurrentSource = { kind: 'recurrent', label: lstm.node.label, layer: lstm };
    top = from;
    const own = { ...lengths, feature: lstm.layer.cells };
    for (const [i, { kind, axes }] of outputsOf(lstm, own, below.axes).entries()) {
      const name = lstm.node.outputs[i] ?? '';
      if (name !== '') meanings.set(name, { kind, from, axes, affine: null, way: null });
    }
  };
  // the file is in the order of execution, so a layer comes after the layer below
  for (const node of graph.nodes) {
    const lstm = byNode.get(node);
    if (lstm === undefined) {
      // what is below the first layer is known already
      if (node.outputs.some((name) => frames.front.has(name))) continue;
      const after = meaningsAfter(node, meanings, graph, constants, lists) ?? [];
      node.outputs.forEach((name, i) => {
        const meaning = after[i];
        if (name !== '' && meaning !== undefined) meanings.set(name, meaning);
      });
      continue;
    }
    checkFrames(lstm, constants, file);
    const X = node.inputs[LAYER_INPUT.X] ?? '';
    const input = meanings.get(X);
    if (lstm === first) {
      above.set(frames.source, lstm);
      add(lstm, firstInput(lstm, frames, lengths, graph));
      continue;
    }
    if (input === undefined) throw notChained(first as LayerNode, lstm, X, graph);
    const below = checkInput(input, lstm, file);
    const root = rootOf(below.from);
    const other = above.get(root);
    if (other !== undefined) {
      const both = `${other.node.label} and ${node.label}`;
      const expected = 'one layer that reads it, or --map lstm=NODE,NODE';
      throw onnxError(file, 'LSTM_CHAIN', root.label, expected, both);
    }
    above.set(root, lstm);
    add(lstm, below);
  }
  return { layers, top, between, frames, meanings, folded };
}

/** The layer on inputs that are not scaled and shifted yet. */
function withInput(
  lstm: LayerNode,
  affine: Affine,
  graph: Graph,
  constants: Constants,
): FloatLayer {
  const { layer, node } = lstm;
  constants.reserve([layer.x.values.length + layer.bias.values.length], node.label);
  const { weights: x, bias } = foldBefore(affine, layer.x, layer.bias);
  for (const [what, { values }] of [
    ['W', x],
    ['B', bias],
  ] as const) {
    const bad = values.findIndex((one) => !Number.isFinite(one));
    if (bad < 0) continue;
    const got = `${values[bad]} at element ${bad}, with ${affine.node.label} before it`;
    throw onnxError(
      graph.file,
      'TENSOR_NOT_FINITE',
      `${node.label}.${what}`,
      'finite numbers',
      got,
    );
  }
  return { ...layer, x, bias };
}
