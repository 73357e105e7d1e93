import { CELLS, type RecurrentCell } from '../cells/registry.js';
import type { FloatLayer } from '../float/model.js';

/** Where the gates of our order are among those of Keras, and of what follows it: LSTM i f c o, GRU z r h. */
export const KERAS_ORDER: Readonly<Record<RecurrentCell, readonly number[]>> = {
  lstm: [0, 1, 2, 3],
  gru: [1, 0, 2],
  'gru-relu': [1, 0, 2],
  'rnn-tanh': [0],
  'rnn-relu': [0],
};

/** A list with `size` numbers for each gate in our order; `order` says where each of ours is in theirs. */
export function inOurOrder(
  data: Float64Array,
  order: readonly number[],
  size: number,
): Float64Array {
  const ordered = new Float64Array(order.length * size);
  order.forEach((theirs, ours) => {
    ordered.set(data.subarray(theirs * size, (theirs + 1) * size), ours * size);
  });
  return ordered;
}

/**
 * Biases of the channels of a cell, [channel][cell], from those beside the input matrix and beside the recurrent one, each
 * [gate][cell] in our order: their sum, but where a channel has one of the two operands alone, the one of that. With the
 * reset before the product every channel has both.
 */
export function channelBiases(
  cell: RecurrentCell,
  ofX: ArrayLike<number>,
  ofH: ArrayLike<number>,
  reset?: FloatLayer['reset'],
): Float64Array {
  if (reset === 'before') {
    return Float64Array.from(ofX, (x, n) => x + (ofH[n] as number));
  }
  const { channels, gates } = CELLS[cell];
  const cells = ofX.length / gates.length;
  const values = new Float64Array(channels.length * cells);
  channels.forEach(({ gate, operands }, n) => {
    for (let row = 0; row < cells; row++) {
      const at = gate * cells + row;
      const x = operands === 'h' ? 0 : (ofX[at] as number);
      const h = operands === 'x' ? 0 : (ofH[at] as number);
      values[n * cells + row] = x + h;
    }
  });
  return values;
}
