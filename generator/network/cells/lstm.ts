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
  inner: ({ cell }, stateFraction, { outputFraction }) => {
    const fraction = stateFraction ?? 0;
    const point = Math.max(outputFraction, fraction);
    const kept = 2 ** (outputFraction + cell - 1 + point - fraction);
    return [{ name: 'cell state', magnitude: kept + 2 ** (outputFraction + point) }];
  },
};
