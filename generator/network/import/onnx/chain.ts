import { foldBefore } from '../fold.js';
import type { Affine } from './affine.js';
import { type Axes, axesOf, type Lengths } from './axes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import { type Meanings, meaningsAfter } from './follow.js';
import { type Frames, framesOf, isRead, layoutOf } from './frames.js';
import type { Graph } from './graph.js';
import { inputLengths, outputsOf } from './layer-axes.js';
import { LAYER_INPUT, type LayerNode } from './layer-node.js';
import { LengthLists } from './lists.js';
import { checkTrip } from './loop/trip.js';
import { layerOf, type Meaning, type Signal, wayOf } from './meaning.js';
import type { Node } from './node.js';
import { checkLengths } from './sequence-lens.js';

/** The layers in their order, each with the nodes that lead to it from the layer below. */
export interface Chain {
  readonly layers: readonly LayerNode[];
  readonly between: readonly Node[];
  readonly frames: Frames;
  /** Every value that depends on a layer. */
  readonly meanings: Meanings;
  /** What constants did to features before a layer, and went into its weights. */
  readonly folded: readonly { readonly node: Node; readonly into: LayerNode }[];
}

/**
 * Puts the recurrent nodes into one chain: each reads h of the one below, through operators that only move numbers, or
 * scale and shift them by constants. Follows their outputs through the whole file.
 * @throws UserError LSTM_CHAIN when they are not in one chain, LSTM_BETWEEN naming an operator between two of them
 * that changes values in another way.
 */
export function chainOf(lstms: readonly LayerNode[], graph: Graph, constants: Constants): Chain {
  const { file } = graph;
  const byNode = new Map(lstms.map((lstm) => [lstm.node, lstm]));
  const above = new Map<LayerNode, LayerNode>();
  const meanings = new Map<string, Meaning>();
  /** Axes of what layers read. */
  const read = new Map<string, Axes>();
  const lists = new LengthLists(graph, constants, (name) => {
    if (frames?.axes && name === frames.name) return frames.axes;
    const own = read.get(name);
    if (own !== undefined) return own;
    const meaning = meanings.get(name);
    return meaning && 'axes' in meaning ? meaning.axes : undefined;
  });
  const between: Node[] = [];
  const folded: { node: Node; into: LayerNode }[] = [];
  const layers: LayerNode[] = [];
  let frames: Frames | null = null;
  let lengths: Lengths = { time: undefined, batch: undefined, feature: undefined, layer: 1 };
  const add = (lstm: LayerNode, X: Axes, affine: Affine | null): void => {
    checkLengths(lstm.node, lengths, file, constants);
    read.set(lstm.node.inputs[LAYER_INPUT.X] ?? '', X);
    checkTrip(lstm, lengths, lists, graph);
    layers.push(affine === null ? lstm : withInput(lstm, affine, graph, constants));
    if (affine !== null) folded.push({ node: affine.node, into: lstm });
    const own = { ...lengths, feature: lstm.layer.cells };
    for (const [i, { kind, axes }] of outputsOf(lstm, own, X).entries()) {
      const name = lstm.node.outputs[i] ?? '';
      if (name !== '') meanings.set(name, { kind, layer: lstm, axes, affine: null, way: null });
    }
  };
  // the file is in the order of execution, so a layer comes after the layer below
  for (const node of graph.nodes) {
    const lstm = byNode.get(node);
    if (lstm === undefined) {
      const after = meaningsAfter(node, meanings, graph, constants, lists) ?? [];
      node.outputs.forEach((name, i) => {
        const meaning = after[i];
        if (name !== '' && meaning !== undefined) meanings.set(name, meaning);
      });
      continue;
    }
    const X = node.inputs[LAYER_INPUT.X] ?? '';
    if (X === '' || constants.has(X)) {
      const got = X === '' ? 'none' : `${X}, a constant`;
      throw onnxError(file, 'LSTM_CHAIN', `${node.label}.X`, 'frames', got);
    }
    const input = meanings.get(X);
    const [first] = layers;
    if (input === undefined) {
      if (first !== undefined) throw notChained(first, lstm, X, graph);
      frames = framesOf(lstm, graph, constants);
      lengths = inputLengths(lstm, frames, graph);
      const rank = graph.shapes.get(X)?.length;
      add(lstm, frames.read ?? axesOf(layoutOf(lstm, rank), lengths), frames.affine);
      continue;
    }
    const below = checkInput(input, lstm, file);
    const other = above.get(below.layer);
    if (other !== undefined) {
      const both = `${other.node.label} and ${node.label}`;
      throw onnxError(
        file,
        'LSTM_CHAIN',
        below.layer.node.label,
        'one layer that reads it, or --map lstm=NODE,NODE',
        both,
      );
    }
    above.set(below.layer, lstm);
    between.push(...wayOf(below.way));
    add(lstm, below.axes, below.affine);
  }
  return { layers, between, frames: frames as Frames, meanings, folded };
}

/** h of the layer below, of every frame, under the axes that X has. */
function checkInput(input: Meaning, lstm: LayerNode, file: string): Signal {
  const { label } = lstm.node;
  const below = layerOf(input);
  const fail = (expected: string, got: string, code = 'LSTM_CHAIN', field = label) =>
    onnxError(file, code, field, expected, got);
  const node = input.kind === 'lost' ? input.node : input.kind === 'sums' && input.dense.node;
  if (node) {
    const why =
      input.kind === 'lost' ? input.why : 'a fully connected layer between two recurrent ones';
    const expected = `nothing that computes between ${below.node.label} and ${label}`;
    throw fail(expected, `${node.op}: ${why}`, 'LSTM_BETWEEN', node.label);
  }
  if (input.kind === 'c') throw fail('h of the layer below', 'its cell state');
  if (lstm.layer.inputs !== below.layer.cells) {
    const expected = `${below.layer.cells} inputs, the cells of ${below.node.label}`;
    throw fail(expected, `${lstm.layer.inputs}`, 'TENSOR_SHAPE', `${label}.W`);
  }
  if (input.kind === 'h' && isRead(input.axes, lstm)) return input;
  const expected = `every frame of ${below.node.label} in its order, cells on the last axis`;
  const got = 'other axes, or a file that does not say enough to be sure';
  throw fail(expected, got, 'LSTM_CHAIN', `${label}.X`);
}

/** The error for a second layer that reads no h of another. */
function notChained(first: LayerNode, lstm: LayerNode, X: string, graph: Graph): Error {
  const expected = `recurrent layers in one chain: h of ${first.node.label} or of one above it, or --map lstm=NODE,NODE that says which to take`;
  const stop = graph.producers.get(X)?.node;
  const got = stop === undefined ? 'another input' : `the output of ${stop.label} (${stop.op})`;
  return onnxError(graph.file, 'LSTM_CHAIN', `${lstm.node.label}.X`, expected, got);
}

/** The layer on inputs that are not scaled and shifted yet. */
function withInput(lstm: LayerNode, affine: Affine, graph: Graph, constants: Constants): LayerNode {
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
  return { ...lstm, layer: { ...layer, x, bias } };
}
