import { axesOf, type Lengths } from './axes.js';
import type { Constants } from './constants.js';
import { signalOf } from './dense.js';
import { onnxError } from './errors.js';
import type { Frames } from './frames.js';
import type { Graph } from './graph.js';
import { LAYER_INPUT, type LayerNode } from './layer-node.js';
import { type Meaning, type Signal, sourceOf } from './meaning.js';
import type { Node } from './node.js';
import { isRead, layoutOf } from './read-axes.js';

/** @throws UserError LSTM_CHAIN where a layer reads no frames. */
export function checkFrames({ node }: LayerNode, constants: Constants, file: string): void {
  const X = node.inputs[LAYER_INPUT.X] ?? '';
  if (X !== '' && !constants.has(X)) return;
  const got = X === '' ? 'none' : `${X}, a constant`;
  throw onnxError(file, 'LSTM_CHAIN', `${node.label}.X`, 'frames', got);
}

/** What the first recurrent layer reads: the frames, or what fully connected layers make of them. */
export function firstInput(
  lstm: LayerNode,
  frames: Frames,
  lengths: Lengths,
  graph: Graph,
): Signal {
  if (frames.read !== null) {
    checkWidth(frames.read, lstm, graph.file);
    return frames.read;
  }
  const rank = graph.shapes.get(frames.name)?.length;
  const axes = axesOf(layoutOf(lstm, rank), lengths);
  return { kind: 'h', from: frames.source, axes, affine: null, way: null };
}

/** h of the layer below, of every frame, under the axes that X has. */
export function checkInput(input: Meaning, lstm: LayerNode, file: string): Signal {
  const { label } = lstm.node;
  const below = sourceOf(input);
  const fail = (expected: string, got: string, code = 'LSTM_CHAIN', field = label) =>
    onnxError(file, code, field, expected, got);
  const lost = (node: Node, why: string) => {
    const expected = `nothing that computes between ${below.label} and ${label} but ${DENSE_LAYERS}`;
    return fail(expected, `${node.op}: ${why}`, 'LSTM_BETWEEN', node.label);
  };
  if (input.kind === 'lost') throw lost(input.node, input.why);
  const signal = input.kind === 'sums' ? signalOf(input) : input;
  if (input.kind === 'sums' && input.final !== null && signal === null)
    throw lost(input.final, 'there is no hardware for it between layers');
  if (signal?.kind === 'c') throw fail('h of the layer below', 'its cell state');
  if (signal?.kind === 'h') {
    checkWidth(signal, lstm, file);
    if (isRead(signal.axes, lstm)) return signal;
  }
  const expected = `every frame of ${below.label} in its order, cells on the last axis`;
  const got = 'other axes, or a file that does not say enough to be sure';
  throw fail(expected, got, 'LSTM_CHAIN', `${label}.X`);
}

/** What the hardware computes between layers. */
export const DENSE_LAYERS =
  'fully connected layers, each with Relu, Clip, Tanh, Sigmoid or HardSigmoid behind it or nothing';

/** @throws UserError TENSOR_SHAPE where the layer reads another number of features. */
function checkWidth({ axes, from }: Signal, { layer, node }: LayerNode, file: string): void {
  const { feature } = axes.lengths;
  if (layer.inputs === feature) return;
  const what = from.kind === 'recurrent' ? 'cells' : 'outputs';
  const expected = `${feature} inputs, the ${what} of ${from.label}`;
  throw onnxError(file, 'TENSOR_SHAPE', `${node.label}.W`, expected, `${layer.inputs}`);
}

/** The error for a second layer that reads no h of another. */
export function notChained(first: LayerNode, lstm: LayerNode, X: string, graph: Graph): Error {
  const expected = `recurrent layers in one chain: h of ${first.node.label} or of one above it, or --map lstm=NODE,NODE that says which to take`;
  const stop = graph.producers.get(X)?.node;
  const got = stop === undefined ? 'another input' : `the output of ${stop.label} (${stop.op})`;
  return onnxError(graph.file, 'LSTM_CHAIN', `${lstm.node.label}.X`, expected, got);
}
