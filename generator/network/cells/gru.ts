import type { TableScheme } from '../table-scheme.js';
import { hiddenFraction } from '../words.js';
import type { Cell, ExactSums } from './cell.js';
import { blendMagnitude } from './state.js';

/** Gate order everywhere inside the program: reset, update, new (as PyTorch). */
export const GRU_GATES = ['r', 'z', 'n'] as const;

/** Fraction bits, and bits, that the sum under the reset gate has more than a table input. */
export const RESET_SUM = { fraction: 2, bits: 4 } as const;

/**
 * Gated recurrent unit with the reset behind the product (Cho et al. 2014 in the form of cuDNN; PyTorch; ONNX with
 * linear_before_reset = 1; Keras with reset_after): r, z = sigmoid; n = tanh(W_n x + b_n + r * (U_n h + d_n));
 * s' = z * s + (1 - z) * n; h = s'. The state s has the word of c, in h itself it would stand still where z is near 1.
 */
export const gru: Cell<'gru'> = {
  kind: 'gru',
  gates: GRU_GATES,
  operands: 2,
  channels: [
    { name: 'r', gate: 0, operands: 'all', table: 'sigmoid' },
    { name: 'z', gate: 1, operands: 'all', table: 'sigmoid' },
    { name: 'n_x', gate: 2, operands: 'x', table: null },
    { name: 'n_h', gate: 2, operands: 'h', table: null },
  ],
  state: 's',
  value: 'h',
  leaves: 'values',
  valueFraction: hiddenFraction,
  range: null,
  clips: true,
  rounding: ({ inputFraction }) => ({
    least: inputFraction + RESET_SUM.fraction,
    to: inputFraction,
  }),
  inner: (words, stateFraction, tables, sums) => [
    { name: 'sum of the new gate', magnitude: newMagnitude(tables, sums) },
    { name: 'state', magnitude: blendMagnitude(words, stateFraction ?? 0, tables) },
  ],
};

/** Largest magnitude of the sum of x and r * d at the finer of both binary points, before it is rounded. */
function newMagnitude(
  { inputBits, inputFraction, outputFraction }: TableScheme,
  { fraction, magnitude }: ExactSums,
): number {
  const product = outputFraction + inputFraction + RESET_SUM.fraction;
  const point = Math.max(fraction, product);
  const d = 2 ** (inputBits + RESET_SUM.bits - 1);
  return magnitude * 2 ** (point - fraction) + d * 2 ** (outputFraction + point - product);
}
