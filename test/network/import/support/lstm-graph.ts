import {
  type GraphMessage,
  type NodeMessage,
  node,
  type TensorMessage,
  type TensorType,
  tensor,
  value,
} from '../../../support/onnx.js';
import type { Gate, GateLayer, Linear } from './lstm-reference.js';

/** Parts of a graph under construction. */
export interface Parts {
  readonly nodes: readonly NodeMessage[];
  readonly tensors: Readonly<Record<string, TensorMessage>>;
}

/** Gates of a layer below each other, in the order of ONNX. */
export const stacked = (
  { gates }: GateLayer,
  part: (gate: Gate) => readonly (number | readonly number[])[],
): number[] => [gates.i, gates.o, gates.f, gates.g].flatMap((gate) => part(gate).flat());

/** W, R and B of a layer as ONNX lays them out. */
export function lstmTensors(
  layer: GateLayer,
  { type = 'float32' as TensorType, make = tensor } = {},
): { readonly W: TensorMessage; readonly R: TensorMessage; readonly B: TensorMessage } {
  const { inputs, cells } = layer;
  const of = (dims: number[], values: number[]) => (make as typeof tensor)(dims, values, type);
  return {
    W: of(
      [1, 4 * cells, inputs],
      stacked(layer, ({ W }) => W),
    ),
    R: of(
      [1, 4 * cells, cells],
      stacked(layer, ({ R }) => R),
    ),
    B: of([1, 8 * cells], [...stacked(layer, ({ Wb }) => Wb), ...stacked(layer, ({ Rb }) => Rb)]),
  };
}

/** An LSTM node named `lstm_L` on value `x`, outputs `Y_L`, `H_L`, `C_L`; further inputs after B as given. */
export function lstm(
  layer: GateLayer,
  l: number,
  x: string,
  {
    attributes = {} as Parameters<typeof node>[3],
    inputs = [] as readonly string[],
    bias = true,
    tensors = lstmTensors(layer),
  } = {},
): Parts {
  const names = [
    x,
    `W_${l}`,
    `R_${l}`,
    ...(bias || inputs.length > 0 ? [bias ? `B_${l}` : ''] : []),
    ...inputs,
  ];
  const all = { hidden_size: layer.cells, ...attributes };
  return {
    nodes: [node('LSTM', names, [`Y_${l}`, `H_${l}`, `C_${l}`], all, `lstm_${l}`)],
    tensors: {
      [`W_${l}`]: tensors.W,
      [`R_${l}`]: tensors.R,
      ...(bias && { [`B_${l}`]: tensors.B }),
    },
  };
}

/** The matrix of a linear layer: rows are outputs, or inputs. */
export const linearTensor = ({ W }: Linear, rows: 'outputs' | 'inputs'): TensorMessage => {
  const [outputs, inputs] = [W.length, W[0]?.length ?? 0];
  if (rows === 'outputs') return tensor([outputs, inputs], W.flat());
  const transposed = Array.from({ length: inputs }, (_, i) => W.map((row) => row[i] as number));
  return tensor([inputs, outputs], transposed.flat());
};

/** A graph whose input is x [frames, batch, inputs] and whose outputs are `outputs`. */
export function graphOf(
  parts: readonly Parts[],
  {
    inputs = 5,
    outputs,
    frames = 'frames' as number | string,
    batch = 'batch' as number | string,
    shape = [frames, batch, inputs] as readonly (number | string)[],
    type = 'float32' as TensorType,
    more = [] as readonly Record<string, unknown>[],
  }: {
    readonly inputs?: number;
    readonly outputs: readonly string[];
    readonly frames?: number | string;
    readonly batch?: number | string;
    readonly shape?: readonly (number | string)[];
    readonly type?: TensorType;
    readonly more?: readonly Record<string, unknown>[];
  },
): GraphMessage {
  return {
    node: parts.flatMap(({ nodes }) => nodes),
    initializer: parts.flatMap(({ tensors }) =>
      Object.entries(tensors).map(([name, one]) => ({ ...one, name })),
    ),
    input: [value('x', shape, type), ...more],
    output: outputs.map((name) => value(name, null, type)),
  };
}
