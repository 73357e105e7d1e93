import type { Lengths } from './axes.js';
import type { Constants } from './constants.js';
import { denseFrames } from './dense-frames.js';
import { outputMeaning, sourcesOfNode, wholeOf } from './directions.js';
import { onnxError } from './errors.js';
import { type Meanings, meaningsAfter } from './follow.js';
import { type Frames, framesOf } from './frames.js';
import type { Graph } from './graph.js';
import { inputLengths, outputsOf } from './layer-axes.js';
import { checkFrames, checkInput, firstInput, notChained } from './layer-input.js';
import { LAYER_INPUT, type LayerNode } from './layer-node.js';
import type { Reads } from './layer-stack.js';
import { LengthLists } from './lists.js';
import { checkTrip } from './loop/trip.js';
import { type Meaning, type RecurrentSource, type Root, rootsOf, type Signal } from './meaning.js';
import { valuesOf } from './projection.js';
import { noLayers } from './recurrent.js';
import { checkLengths } from './sequence-lens.js';

/** The recurrent layers of a file and what they read. */
export interface Chain {
  readonly reads: Reads;
  /** The last recurrent layer; the frames where there is none. */
  readonly top: Root;
  /** h of all its directions in every frame; null where there is none. */
  readonly whole: Signal | null;
  /** Two layers that read h of one, where there are such. */
  readonly branch: Branch | null;
  readonly frames: Frames;
  /** Every value that depends on a layer. */
  readonly meanings: Meanings;
}

/** Layers that read h of one. */
export interface Branch {
  readonly root: Root;
  readonly layers: readonly [LayerNode, LayerNode];
}

/**
 * Puts the recurrent nodes onto each other: each reads h of others, of one or of several side by side, through fully connected
 * layers and operators that only move numbers, or scale and shift them by constants. Follows their outputs through the whole
 * file. Without recurrent nodes it begins with the frames that fully connected layers read. `said`: the frames that the user
 * names.
 * @throws UserError LSTM_CHAIN when one reads something else, LSTM_BETWEEN naming an operator between two of them
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
  const reads = new Map<LayerNode, Signal>();
  let branch: Branch | null = null;
  let top: Root = frames.source;
  let whole: Signal | null = null;
  const add = (lstm: LayerNode, below: Signal): void => {
    checkLengths(lstm.node, lengths, file, constants);
    read.set(lstm.node.inputs[LAYER_INPUT.X] ?? '', below);
    checkTrip(lstm, lengths, lists, graph);
    reads.set(lstm, below);
    const sources = sourcesOfNode(lstm);
    [top] = sources.aligned as readonly [RecurrentSource];
    const own = { ...lengths, feature: valuesOf(lstm) };
    whole = wholeOf(sources, own);
    for (const [i, { kind, axes }] of outputsOf(lstm, own, below.axes).entries()) {
      const name = lstm.node.outputs[i] ?? '';
      if (name !== '') meanings.set(name, outputMeaning(sources, kind, axes));
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
    const beside = input === undefined ? otherDirection(lstm, reads) : undefined;
    if (beside !== undefined)
      branch ??= { root: frames.source, layers: [first as LayerNode, lstm] };
    if (input === undefined && beside === undefined) {
      throw notChained(first as LayerNode, lstm, X, graph);
    }
    const below = beside ?? checkInput(input as Meaning, lstm, file);
    for (const root of rootsOf(below.from)) {
      const other = above.get(root);
      if (other === undefined) above.set(root, lstm);
      else branch ??= { root, layers: [other, lstm] };
    }
    add(lstm, below);
  }
  return { reads, top, whole, branch, frames, meanings };
}

/** What a node reads whose frames another node reads in the other direction. */
function otherDirection({ node, layer }: LayerNode, reads: Reads): Signal | undefined {
  const X = node.inputs[LAYER_INPUT.X];
  for (const [other, signal] of reads) {
    const same = other.node.inputs[LAYER_INPUT.X] === X && other.backward === undefined;
    if (same && other.layer.direction !== layer.direction && other.layer.inputs === layer.inputs) {
      return signal;
    }
  }
  return undefined;
}

/** The error for two layers on one, of which an output of the network needs one alone. */
export function branched({ root, layers }: Branch, file: string): Error {
  const both = layers.map(({ node }) => node.label).join(' and ');
  const expected = 'one layer that reads it, or --map lstm=NODE,NODE';
  return onnxError(file, 'LSTM_CHAIN', root.label, expected, both);
}
