import { hiddenFraction } from '../words.js';
import { type Cell, toTables } from './cell.js';

const common = {
  gates: ['h'],
  operands: 2,
  state: null,
  value: 'h',
  leaves: 'values',
  inner: () => [],
} as const;

/** h = tanh(W x + U h + b), Elman 1990. */
export const rnnTanh: Cell<'rnn-tanh'> = {
  ...common,
  kind: 'rnn-tanh',
  channels: [{ name: 'h', gate: 0, operands: 'all', table: 'tanh' }],
  valueFraction: hiddenFraction,
  range: null,
  clips: true,
  rounding: toTables,
};

/** h = max(0, W x + U h + b), up to a ceiling: its values have a binary point of their own, and saturate at the end of its range. */
export const rnnRelu: Cell<'rnn-relu'> = {
  ...common,
  kind: 'rnn-relu',
  channels: [{ name: 'h', gate: 0, operands: 'all', table: null }],
  valueFraction: 'own',
  range: 'positive',
  rounding: (_, valueFraction) => ({ least: valueFraction, to: valueFraction }),
};
