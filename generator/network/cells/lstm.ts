import { GATES, hiddenFraction } from '../model.js';
import type { Cell } from './cell.js';

/** i, f, o = sigmoid, g = tanh; c' = f * c + i * g; h = o * tanh(c'). Hochreiter and Schmidhuber 1997, with forget gate. */
export const lstm: Cell<'lstm'> = {
  kind: 'lstm',
  gates: GATES,
  channels: GATES.map((gate, n) => ({
    gate: n,
    operands: 'all',
    table: gate === 'g' ? 'tanh' : 'sigmoid',
  })),
  state: true,
  leaves: 'values',
  valueFraction: hiddenFraction,
};
