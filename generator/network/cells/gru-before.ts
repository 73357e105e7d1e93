import { hiddenFraction } from '../words.js';
import { type Cell, toTables } from './cell.js';
import { blendMagnitude } from './state.js';

/**
 * A gated recurrent unit with the reset before the product (Cho et al. 2014; ONNX with linear_before_reset = 0; Keras without
 * reset_after; GRUCell of TensorFlow) in two passes: r, z = sigmoid(W x + U h + b), p = r * h; then n = tanh(W_n x + U_n p + b_n),
 * s' = z * s + (1 - z) * n, h = s'. The first one leaves z for the second.
 */
export const gruReset: Cell<'gru-reset'> = {
  kind: 'gru-reset',
  gates: ['r', 'z'],
  operands: 2,
  channels: [
    { name: 'r', gate: 0, operands: 'all', table: 'sigmoid' },
    { name: 'z', gate: 1, operands: 'all', table: 'sigmoid' },
  ],
  state: null,
  value: 'p',
  leaves: 'values',
  valueFraction: hiddenFraction,
  range: null,
  clips: true,
  rounding: toTables,
  inner: () => [],
};

export const gruNew: Cell<'gru-new'> = {
  kind: 'gru-new',
  gates: ['n'],
  operands: 2,
  channels: [{ name: 'n', gate: 0, operands: 'all', table: 'tanh' }],
  state: 's',
  value: 'h',
  leaves: 'values',
  valueFraction: hiddenFraction,
  range: null,
  clips: true,
  rounding: toTables,
  inner: (words, stateFraction, tables) => [
    { name: 'state', magnitude: blendMagnitude(words, stateFraction ?? 0, tables) },
  ],
  behind: 'gru-reset',
};
