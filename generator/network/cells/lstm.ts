import { TABLE_OUTPUT_FRACTION } from '../arithmetic.js';
import { hiddenFraction } from '../words.js';
import type { Cell } from './cell.js';

/** Gate order everywhere inside the program: input, forget, cell candidate, output (as PyTorch). */
export const GATES = ['i', 'f', 'g', 'o'] as const;
export type Gate = (typeof GATES)[number];

/** i, f, o = sigmoid, g = tanh; c' = f * c + i * g; h = o * tanh(c'). Hochreiter and Schmidhuber 1997, with forget gate. */
export const lstm: Cell<'lstm'> = {
  kind: 'lstm',
  gates: GATES,
  operands: 2,
  channels: GATES.map((gate, n) => ({
    name: gate,
    gate: n,
    operands: 'all',
    table: gate === 'g' ? 'tanh' : 'sigmoid',
  })),
  state: 'c',
  value: 'h',
  leaves: 'values',
  valueFraction: hiddenFraction,
  // f * c + i * g at the finer of both binary points, before it is rounded
  inner: ({ cell }, stateFraction) => {
    const fraction = stateFraction ?? 0;
    const point = Math.max(TABLE_OUTPUT_FRACTION, fraction);
    const kept = 2 ** (TABLE_OUTPUT_FRACTION + cell - 1 + point - fraction);
    return [{ name: 'cell state', magnitude: kept + 2 ** (TABLE_OUTPUT_FRACTION + point) }];
  },
};
