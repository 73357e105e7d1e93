import type { FloatLayer, FloatTensor } from '../../float/model.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';
import { type Attributes, attributesOf } from './attributes.js';
import type { Lengths, Part } from './axes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { Node } from './node.js';
import { shapeText, type Value } from './tensor.js';

/** Inputs of the operator by position, https://onnx.ai/onnx/operators/onnx__LSTM.html. */
export const LSTM_INPUT = { X: 0, W: 1, R: 2, B: 3, lengths: 4, h: 5, c: 6, P: 7 } as const;

const ATTRIBUTES = [
  'activation_alpha',
  'activation_beta',
  'activations',
  'clip',
  'direction',
  'hidden_size',
  'input_forget',
  'layout',
];
const DEFAULT_ACTIVATIONS = ['Sigmoid', 'Tanh', 'Tanh'];
const TRAIN = 'there is no hardware for others yet: train the network with';
/** Where i, f, g, o are among the gates of ONNX, which are i, o, f, c. */
const GATES = [0, 2, 3, 1];

/** An LSTM node as a layer of the network. */
export interface LstmNode {
  readonly node: Node;
  readonly layer: FloatLayer;
  /** X and Y are [frames, batch, ...], or [batch, frames, ...]; [..., batch, ...] where it computes a single frame. */
  readonly layout: 'time first' | 'batch first' | 'one step' | 'loop';
  /** Axes of X where a single frame must have so many. */
  readonly rank?: number | null;
  /** What a loop reads and computes, whose body is the layer. */
  readonly loop?: LoopLayer;
}

/** A layer that a loop over the frames computes. The outputs of its node are any of h and c. */
export interface LoopLayer {
  /** Axes of X. */
  readonly x: readonly (readonly Part[])[];
  readonly outputs: readonly LoopOutput[];
  /** How many axes the first h and c have. */
  readonly rank: Readonly<Record<'h' | 'c', number>>;
  /** The value that says how many steps there are; null where that is the length of the frames. */
  readonly trip: string | null;
}

export interface LoopOutput {
  readonly kind: 'h' | 'c';
  readonly axes: readonly (readonly Part[])[];
  /** What there is after the last frame; otherwise of every frame. */
  readonly last: boolean;
}

/**
 * Reads an LSTM node: W [1, 4 cells, inputs], R [1, 4 cells, cells] and B [1, 8 cells] (Wb, then Rb) with gates in the
 * order i, o, f, c, all constant. Both biases are added.
 * @throws UserError LSTM_UNSUPPORTED for what the hardware does not do, ONNX_NOT_CONSTANT, TENSOR_DTYPE,
 * TENSOR_SHAPE or TENSOR_NOT_FINITE.
 */
export function readLstm(node: Node, graph: Graph, constants: Constants): LstmNode {
  const { file } = graph;
  const fail = (field: string, expected: string, got: string, code = 'LSTM_UNSUPPORTED') =>
    onnxError(file, code, field, expected, got);
  const attributes = attributesOf(node, ATTRIBUTES, graph);
  checkKind(node, attributes, fail);
  const name = (input: 'W' | 'R' | 'B') => node.inputs[LSTM_INPUT[input]] ?? '';
  const read = (input: 'W' | 'R' | 'B') => {
    if (name(input) === '') throw fail(`${node.label}.${input}`, 'a constant', 'no input');
    return weights(constants.get(name(input)), `${node.label}.${input} (${name(input)})`, fail);
  };
  const [W, R] = [read('W'), read('R')];
  const [, rows = 0, inputs = 0] = W.shape;
  const [, , cells = 0] = R.shape;
  const shaped = (value: Value, input: string, ...shape: number[]) => {
    if (shapeText(value.shape) === shapeText(shape) && value.type === W.type) return;
    const got = `${value.type.name} ${shapeText(value.shape)}`;
    throw fail(`${node.label}.${input}`, `${W.type.name} ${shapeText(shape)}`, got, 'TENSOR_SHAPE');
  };
  const sizes = cells >= 1 && cells <= MAX_SIZE && inputs >= 1 && inputs <= MAX_SIZE;
  if (!sizes || 4 * cells * Math.max(cells, inputs) > MAX_CODES) {
    const got = `${cells} cells and ${inputs} inputs`;
    throw fail(node.label, 'an LSTM of sensible size', got, 'TENSOR_SHAPE');
  }
  shaped(W, 'W', 1, 4 * cells, inputs);
  shaped(R, 'R', 1, 4 * cells, cells);
  const hidden = attributes.int('hidden_size') ?? cells;
  if (hidden !== cells) {
    throw fail(`${node.label}.hidden_size`, `${cells}, as R has it`, `${hidden}`, 'TENSOR_SHAPE');
  }
  checkPeepholes(node, cells, constants, fail);
  const layer = { inputs, cells };
  const matrix = (input: 'W' | 'R', { data }: Value, columns: number): FloatTensor => {
    constants.reserve([rows, columns], node.label);
    return { name: name(input), values: inOurOrder(data, cells * columns) };
  };
  let bias: FloatTensor = { name: `bias of ${node.label}`, values: new Float64Array(rows) };
  if (name('B') !== '') {
    const B = read('B');
    shaped(B, 'B', 1, 2 * rows);
    const sum = Float64Array.from({ length: rows }, (_, i) => at(B.data, i) + at(B.data, rows + i));
    bias = { name: name('B'), values: inOurOrder(sum, cells) };
  }
  return {
    node,
    layer: { cell: 'lstm', ...layer, x: matrix('W', W, inputs), h: matrix('R', R, cells), bias },
    layout: attributes.int('layout') ? 'batch first' : 'time first',
  };
}

type Fail = (field: string, expected: string, got: string, code?: string) => Error;

/** What of the operator the hardware has: one direction, standard activations, whole sequences, no peepholes. */
function checkKind({ label }: Node, attributes: Attributes, fail: Fail): void {
  const direction = attributes.string('direction') ?? 'forward';
  if (direction !== 'forward')
    throw fail(`${label}.direction`, `forward (${TRAIN} one direction)`, direction);
  const activations = attributes.strings('activations') ?? DEFAULT_ACTIVATIONS;
  if (activations.join().toLowerCase() !== DEFAULT_ACTIVATIONS.join().toLowerCase()) {
    const expected = `${DEFAULT_ACTIVATIONS.join(', ')} (${TRAIN} them; Keras: recurrent_activation="sigmoid")`;
    const hard = activations.some((one) => one.toLowerCase() === 'hardsigmoid');
    const got = `${activations.join(', ')}${hard ? ': hard sigmoid' : ''}`;
    throw fail(`${label}.activations`, expected, got);
  }
  for (const name of ['activation_alpha', 'activation_beta'] as const) {
    const values = attributes.floats(name) ?? [];
    if (values.length > 0) throw fail(`${label}.${name}`, 'none', values.join(', '));
  }
  // a threshold of zero would be one too: only an absent one is none
  const clip = attributes.float('clip');
  if (clip !== undefined) {
    throw fail(`${label}.clip`, `no clip of gate sums (${TRAIN} none)`, `${clip}`);
  }
  const inputForget = attributes.int('input_forget') ?? 0;
  if (inputForget !== 0)
    throw fail(
      `${label}.input_forget`,
      `0, no coupled input and forget gate (${TRAIN} a forget gate)`,
      `${inputForget}`,
    );
  const layout = attributes.int('layout') ?? 0;
  if (layout !== 0 && layout !== 1) throw fail(`${label}.layout`, '0 or 1', `${layout}`);
}

/** Peephole weights [1, 3 cells], which must be zeros. */
function checkPeepholes(
  { label, inputs }: Node,
  cells: number,
  constants: Constants,
  fail: Fail,
): void {
  const name = inputs[LSTM_INPUT.P];
  if (!name) return;
  const value = constants.has(name) ? constants.get(name) : null;
  if (!value?.type.real || value.data.some((one) => one !== 0)) {
    const expected = 'no peephole weights, or zeros (train the network without peepholes)';
    throw fail(`${label}.P`, expected, name);
  }
  const [expected, got] = [shapeText([1, 3 * cells]), shapeText(value.shape)];
  if (got !== expected) throw fail(`${label}.P`, expected, got, 'TENSOR_SHAPE');
}

/**
 * Checks sequence_lens: a constant with the number of all frames for each utterance says nothing new.
 * @throws UserError LSTM_UNSUPPORTED
 */
export function checkLengths(
  { label, inputs }: Node,
  { time, batch }: Pick<Lengths, 'time' | 'batch'>,
  file: string,
  constants: Constants,
): void {
  const name = inputs[LSTM_INPUT.lengths];
  if (!name) return;
  const field = `${label}.sequence_lens`;
  const fail = (got: string) => {
    const advice =
      'no sequence_lens, or a constant with the length of X (export it without packing)';
    return onnxError(file, 'LSTM_UNSUPPORTED', field, `utterances of full length: ${advice}`, got);
  };
  if (!constants.has(name)) throw fail(`${name}, which is computed`);
  const { type, shape, data } = constants.get(name);
  if (type.name !== 'int32' || shape.length !== 1 || (batch ?? data.length) !== data.length) {
    const expected = `int32 [${batch ?? 'batch'}]`;
    throw onnxError(file, 'TENSOR_SHAPE', field, expected, `${type.name} ${shapeText(shape)}`);
  }
  const odd = data.find((length) => length !== time);
  if (time === undefined) throw fail(`${name}, and an X whose length the file does not say`);
  if (odd !== undefined) throw fail(`${name}, which has ${odd} of ${time} frames`);
}

/** Finite real numbers. */
function weights(value: Value, field: string, fail: Fail): Value {
  if (!value.type.real) throw fail(field, 'real numbers', value.type.name, 'TENSOR_DTYPE');
  const bad = value.data.findIndex((one) => !Number.isFinite(one));
  if (bad < 0) return value;
  throw fail(field, 'finite numbers', `${value.data[bad]} at element ${bad}`, 'TENSOR_NOT_FINITE');
}

function inOurOrder(data: Float64Array, gate: number): Float64Array {
  const ordered = new Float64Array(4 * gate);
  GATES.forEach((theirs, ours) => {
    ordered.set(data.subarray(theirs * gate, (theirs + 1) * gate), ours * gate);
  });
  return ordered;
}

const at = (data: Float64Array, i: number): number => data[i] as number;
