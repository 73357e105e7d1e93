import { hiddenFraction } from '../words.js';
import { type Cell, toTables } from './cell.js';
import { blendMagnitude } from './state.js';

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
  range: null,
  clips: true,
  rounding: toTables,
  inner: (words, stateFraction, tables) => [
    { name: 'cell state', magnitude: blendMagnitude(words, stateFraction ?? 0, tables) },
  ],
};
