import type { TableScheme } from '../table-scheme.js';
import type { WordLengths } from '../words.js';
import { type Cell, type ExactSums, type Inner, toTables } from './cell.js';
import { GRU_GATES, RESET_SUM } from './gru.js';

/**
 * Gated recurrent units whose new gate is a ReLU (Keras with activation='relu', as in RNNoise): n = max(0, .), in both places of
 * the reset gate. n is not bounded by one, and neither are the state and h: n has the word of the state and its binary point, and h
 * the highest bits of that word, so that state and h have one range.
 */

/** Fraction bits of h: it is the state without the lowest bits of its word. */
function hiddenOfState(
  { activation, cell }: Pick<WordLengths, 'activation' | 'cell'>,
  stateFraction: number | null,
): number {
  if (stateFraction === null) throw new Error('a GRU has a state');
  return stateFraction - (cell - activation);
}

/** Largest magnitude of z * s + (1 - z) * n before it is rounded: both have the word of the state. */
function blend({ cell }: Pick<WordLengths, 'cell'>, { outputFraction }: TableScheme): Inner {
  return { name: 'state', magnitude: 2 ** (outputFraction + cell) };
}

/** With the reset gate behind the product: n = max(0, W_n x + b_n + r * (U_n h + d_n)). */
export const gruRelu: Cell<'gru-relu'> = {
  kind: 'gru-relu',
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
  valueFraction: hiddenOfState,
  range: null,
  rounding: toTables,
  inner: (words, stateFraction, tables, sums) => [
    {
      name: 'sum of the new gate',
      magnitude: newMagnitude(words, stateFraction ?? 0, tables, sums),
    },
    blend(words, tables),
  ],
};

/** Largest magnitude of the sum of x and r * d at the finer of both binary points, before it is rounded. */
function newMagnitude(
  { cell }: WordLengths,
  stateFraction: number,
  { outputFraction }: TableScheme,
  { fraction, magnitude }: ExactSums,
): number {
  const product = outputFraction + stateFraction;
  const point = Math.max(fraction, product);
  const d = 2 ** (cell + RESET_SUM.bits - 1);
  return magnitude * 2 ** (point - fraction) + d * 2 ** (outputFraction + point - product);
}

/** With the reset gate before it, in two passes: r, z and p = r * h, as of a GRU with tanh. */
export const gruResetRelu: Cell<'gru-reset-relu'> = {
  kind: 'gru-reset-relu',
  gates: ['r', 'z'],
  operands: 2,
  channels: [
    { name: 'r', gate: 0, operands: 'all', table: 'sigmoid' },
    { name: 'z', gate: 1, operands: 'all', table: 'sigmoid' },
  ],
  state: null,
  value: 'p',
  leaves: 'values',
  valueFraction: hiddenOfState,
  range: null,
  rounding: toTables,
  inner: () => [],
};

/** n = max(0, W_n x + U_n p + b_n), and the state. */
export const gruNewRelu: Cell<'gru-new-relu'> = {
  kind: 'gru-new-relu',
  gates: ['n'],
  operands: 2,
  channels: [{ name: 'n', gate: 0, operands: 'all', table: null }],
  state: 's',
  value: 'h',
  leaves: 'values',
  valueFraction: hiddenOfState,
  range: null,
  rounding: toTables,
  inner: (words, _, tables) => [blend(words, tables)],
  behind: 'gru-reset-relu',
};
