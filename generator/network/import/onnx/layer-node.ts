import { CELLS, type RecurrentCell } from '../../cells/registry.js';
import type { FloatLayer, FloatTensor } from '../../float/model.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';
import type { TableFunctions } from '../../table-functions.js';
import { channelBiases, inOurOrder } from '../gates.js';
import type { ImportOptions } from '../imported.js';
import type { ResetPlace } from '../reset.js';
import { attributesOf } from './attributes.js';
import type { Part } from './axes.js';
import type { Constants } from './constants.js';
import { coupled } from './coupled.js';
import { type Fail, onnxError } from './errors.js';
import type { Graph } from './graph.js';
import { cellOf, type Direction, OPERATORS, type RecurrentOperator } from './layer-operators.js';
import type { Node } from './node.js';
import { withPeepholes } from './peepholes.js';
import { type Projection, type Projections, projectionOf } from './projection.js';
import { shapeText, type Value } from './tensor.js';

/** Inputs of the operators by position, https://onnx.ai/onnx/operators/onnx__LSTM.html; GRU and RNN end with h. */
export const LAYER_INPUT = { X: 0, W: 1, R: 2, B: 3, lengths: 4, h: 5, c: 6, P: 7 } as const;

/** A recurrent node as a layer of the network. */
export interface LayerNode {
  readonly node: Node;
  /** Its only direction, or the forward one. */
  readonly layer: FloatLayer;
  /** The backward direction of a bidirectional node. */
  readonly backward?: FloatLayer | undefined;
  /** X and Y are [frames, batch, ...], or [batch, frames, ...]; [..., batch, ...] where it computes a single frame. */
  readonly layout: 'time first' | 'batch first' | 'one step' | 'loop';
  /** Axes of X where a single frame must have so many. */
  readonly rank?: number | null;
  /** What a loop reads and computes, whose body is the layer. */
  readonly loop?: LoopLayer;
  /** What its gates go through, where that is not sigmoid and tanh. */
  readonly functions?: TableFunctions | undefined;
  /** What makes its h, a layer of its own; absent: h has a value for each cell. */
  readonly projection?: Projection | undefined;
  /** For the user, where the file is not taken at its word. */
  readonly notes?: readonly string[];
}

/** A layer that a loop over the frames computes. The outputs of its node are any of its states. */
export interface LoopLayer {
  /** Axes of X. */
  readonly x: readonly (readonly Part[])[];
  readonly outputs: readonly LoopOutput[];
  /** How many axes the first states have. */
  readonly rank: Readonly<Partial<Record<'h' | 'c', number>>>;
  /** The value that says how many steps there are; null where that is the length of the frames. */
  readonly trip: string | null;
}

export interface LoopOutput {
  readonly kind: 'h' | 'c';
  readonly axes: readonly (readonly Part[])[];
  /** What there is after the last frame; otherwise of every frame. */
  readonly last: boolean;
}

/** States that a layer has from frame to frame: c besides h in an LSTM alone. */
export const statesOf = ({ cell }: Pick<FloatLayer, 'cell'>): readonly ('h' | 'c')[] =>
  CELLS[cell].state === 'c' ? ['h', 'c'] : ['h'];

/** The directions of a node, the forward one first. */
export const directionsOf = ({ layer, backward }: LayerNode): readonly FloatLayer[] =>
  backward === undefined ? [layer] : [layer, backward];

/**
 * Reads an LSTM, GRU or RNN node: W [directions, gates x cells, inputs], R [directions, gates x cells, cells] and B [directions,
 * 2 gates x cells] (Wb, then Rb) with the gates of the operator, all constant; of two directions the forward one first.
 * @throws UserError LSTM_UNSUPPORTED or GRU_RESET for what the hardware does not do, ONNX_NOT_CONSTANT, TENSOR_DTYPE,
 * TENSOR_SHAPE or TENSOR_NOT_FINITE.
 */
export function readLayer(
  node: Node,
  graph: Graph,
  constants: Constants,
  said: Pick<ImportOptions, 'reset'> & { readonly projections?: Projections | undefined },
): LayerNode {
  const { file } = graph;
  const fail = (field: string, expected: string, got: string, code = 'LSTM_UNSUPPORTED') =>
    onnxError(file, code, field, expected, got);
  const operator = OPERATORS[node.op as RecurrentOperator];
  const attributes = attributesOf(node, operator.attributes, graph);
  const { cell, place, clip, functions, directions, notes } = cellOf(node, operator, attributes, {
    graph,
    reset: said.reset,
    fail,
  });
  const name = (input: 'W' | 'R' | 'B') => node.inputs[LAYER_INPUT[input]] ?? '';
  const read = (input: 'W' | 'R' | 'B') => {
    if (name(input) === '') throw fail(`${node.label}.${input}`, 'a constant', 'no input');
    return weights(constants.get(name(input)), `${node.label}.${input} (${name(input)})`, fail);
  };
  const [W, R] = [read('W'), read('R')];
  const [, rows = 0, inputs = 0] = W.shape;
  const [, , width = 0] = R.shape;
  const gates = operator.order.length;
  const projecting = said.projections?.get(name('R'));
  const cells = projecting === undefined ? width : rows / gates;
  const shaped = (value: Value, input: string, ...shape: number[]) => {
    if (shapeText(value.shape) === shapeText(shape) && value.type === W.type) return;
    const got = `${value.type.name} ${shapeText(value.shape)}`;
    throw fail(`${node.label}.${input}`, `${W.type.name} ${shapeText(shape)}`, got, 'TENSOR_SHAPE');
  };
  const sizes =
    Number.isInteger(cells) && cells >= 1 && cells <= MAX_SIZE && inputs >= 1 && inputs <= MAX_SIZE;
  const count = directions.length;
  if (!sizes || gates * cells * Math.max(cells, width, inputs) > MAX_CODES) {
    const got = `${cells} cells and ${inputs} inputs`;
    throw fail(node.label, 'a layer of sensible size', got, 'TENSOR_SHAPE');
  }
  shaped(W, 'W', count, gates * cells, inputs);
  shaped(R, 'R', count, gates * cells, width);
  const hidden = attributes.int('hidden_size') ?? cells;
  if (hidden !== cells) {
    throw fail(`${node.label}.hidden_size`, `${cells}, as R has it`, `${hidden}`, 'TENSOR_SHAPE');
  }
  const P = peepholesOf(node, [count, 3 * cells], constants, fail);
  const B = name('B') === '' ? null : read('B');
  if (B !== null) shaped(B, 'B', count, 2 * rows);
  const isCoupled = attributes.int('input_forget') === 1;
  if (isCoupled && P?.some((one) => one !== 0)) {
    throw fail(`${node.label}.P`, 'no peepholes beside a coupled forget gate', 'both');
  }
  const kind = { cell, ...place, ...clip };
  const layerOf = (direction: Direction, d: number): FloatLayer => {
    const part = (data: Float64Array) =>
      data.subarray(...[d, d + 1].map((n) => (n * data.length) / count));
    // a tensor of both directions has a name for each
    const called = (tensor: string) => (count === 1 ? tensor : `${tensor}[${d}]`);
    const matrix = (input: 'W' | 'R', { data }: Value, columns: number): FloatTensor => {
      constants.reserve([rows, columns], node.label);
      const values = inOurOrder(part(data), operator.order, cells * columns);
      return { name: called(name(input)), values };
    };
    const named = called(B === null ? `bias of ${node.label}` : name('B'));
    const bias = biasOf(kind, cells, named, B && part(B.data), operator.order);
    const [x, h] = [matrix('W', W, inputs), matrix('R', R, width)];
    const way = direction === 'backward' ? { direction } : {};
    const own = { ...kind, ...way, inputs, cells, x, h, bias };
    return withPeepholes(isCoupled ? coupled(own) : own, P && part(P));
  };
  const [layer, backward] = directions.map(layerOf) as [FloatLayer, FloatLayer | undefined];
  const projection =
    projecting &&
    projectionOf(
      projecting,
      [cells, width],
      (tensor, field) => weights(constants.get(tensor), `${node.label} (${field})`, fail),
      fail,
    );
  const note = `${node.label}: its forget gate is 1 - its input gate (input_forget): the weights of the input gate, negated`;
  return {
    node,
    layer: projection ? { ...layer, loop: 1 } : layer,
    backward,
    projection,
    layout: attributes.int('layout') ? 'batch first' : 'time first',
    functions,
    notes: isCoupled ? [...notes, note] : notes,
  };
}

/** Biases of the channels from Wb and Rb behind each other; zeros where there are none. */
function biasOf(
  { cell, reset }: { readonly cell: RecurrentCell } & ResetPlace,
  cells: number,
  name: string,
  data: Float64Array | null,
  order: readonly number[],
): FloatTensor {
  const rows = order.length * cells;
  const [ofX, ofH] = [0, rows].map((from) =>
    data === null
      ? new Float64Array(rows)
      : inOurOrder(data.subarray(from, from + rows), order, cells),
  ) as [Float64Array, Float64Array];
  return { name, values: channelBiases(cell, ofX, ofH, reset) };
}

/** Peephole weights [directions, 3 cells]; null where there are none. */
function peepholesOf(
  { label, inputs }: Node,
  shape: readonly number[],
  constants: Constants,
  fail: Fail,
): Float64Array | null {
  const name = inputs[LAYER_INPUT.P];
  if (!name) return null;
  const value = weights(constants.get(name), `${label}.P (${name})`, fail);
  const [expected, got] = [shapeText(shape), shapeText(value.shape)];
  if (got !== expected) throw fail(`${label}.P`, expected, got, 'TENSOR_SHAPE');
  return value.data;
}

/** Finite real numbers. */
function weights(value: Value, field: string, fail: Fail): Value {
  if (!value.type.real) throw fail(field, 'real numbers', value.type.name, 'TENSOR_DTYPE');
  const bad = value.data.findIndex((one) => !Number.isFinite(one));
  if (bad < 0) return value;
  throw fail(field, 'finite numbers', `${value.data[bad]} at element ${bad}`, 'TENSOR_NOT_FINITE');
}
