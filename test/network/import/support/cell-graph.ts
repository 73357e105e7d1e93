import { node, type TensorType, tensor } from '../../../support/onnx.js';
import { type CellLayer, ofGates } from './cell-reference.js';
import type { Parts } from './lstm-graph.js';

/** Places of the gates of ONNX, z r h, among r, z, n. */
const ORDER = { gru: [1, 0, 2], 'rnn-tanh': [0], 'rnn-relu': [0] } as const;

/**
 * A GRU or RNN node named `cell_L` on value `x`, outputs `Y_L` and `H_L`; inputs after B as given. A GRU has
 * linear_before_reset 1, but where its reset stands before the product, and an RNN of ReLU its function, unless `attributes` say otherwise.
 */
export function cellNode(
  layer: CellLayer,
  l: number,
  x: string,
  {
    attributes = {} as Parameters<typeof node>[3],
    inputs = [] as readonly string[],
    bias = true,
    type = 'float32' as TensorType,
  } = {},
): Parts {
  const { cell, cells, reset } = layer;
  const order = ORDER[cell];
  const rows = order.length * cells;
  const own = {
    ...(cell === 'gru' && reset === undefined && { linear_before_reset: 1 }),
    ...(cell === 'rnn-relu' && { activations: ['Relu'] }),
  };
  const names = [x, `W_${l}`, `R_${l}`, ...(bias ? [`B_${l}`] : inputs.length > 0 ? [''] : [])];
  const biases = [
    ...ofGates(layer, ({ Wb }) => Wb, order),
    ...ofGates(layer, ({ Rb }) => Rb, order),
  ];
  const all = { hidden_size: cells, ...own, ...attributes };
  const op = cell === 'gru' ? 'GRU' : 'RNN';
  return {
    nodes: [node(op, [...names, ...inputs], [`Y_${l}`, `H_${l}`], all, `cell_${l}`)],
    tensors: {
      [`W_${l}`]: tensor(
        [1, rows, layer.inputs],
        ofGates(layer, ({ W }) => W, order),
        type,
      ),
      [`R_${l}`]: tensor(
        [1, rows, cells],
        ofGates(layer, ({ R }) => R, order),
        type,
      ),
      ...(bias && { [`B_${l}`]: tensor([1, 2 * rows], biases, type) }),
    },
  };
}
