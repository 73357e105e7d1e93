import { hiddenFraction } from '../words.js';
import { type Cell, toTables } from './cell.js';
import { GATES } from './lstm.js';
import { blendMagnitude } from './state.js';

/** Gates that see the state, in the order of their weights: i and f that of the frame before, o the new one. */
export const PEEPHOLES = ['i', 'f', 'o'] as const;

/**
 * LSTM with peepholes (Gers and Schmidhuber 2000; ONNX with P; LSTMCell of TensorFlow with use_peepholes): i, f = sigmoid(S + p c),
 * g = tanh(S), c' = f c + i g, o = sigmoid(S + p c'), h = o tanh(c'). The weights p of a row stand behind the biases of its gates.
 */
export const lstmPeephole: Cell<'lstm-peephole'> = {
  kind: 'lstm-peephole',
  gates: GATES,
  operands: 2,
  channels: [
    ...GATES.map((name, gate) => ({ name, gate, operands: 'all', table: null }) as const),
    ...PEEPHOLES.map(
      (name) =>
        ({ name: `p_${name}`, gate: GATES.indexOf(name), operands: 'none', table: null }) as const,
    ),
  ],
  state: 'c',
  value: 'h',
  leaves: 'values',
  valueFraction: hiddenFraction,
  range: null,
  clips: true,
  rounding: toTables,
  inner: (words, stateFraction, tables, { fraction, magnitude, biasFraction }) => {
    const product = biasFraction + (stateFraction ?? 0);
    const point = Math.max(fraction, product);
    return [
      {
        name: 'sum of a gate and its peephole',
        magnitude:
          magnitude * 2 ** (point - fraction) +
          2 ** (words.bias - 1 + words.cell - 1 + point - product),
      },
      { name: 'cell state', magnitude: blendMagnitude(words, stateFraction ?? 0, tables) },
    ];
  },
};
