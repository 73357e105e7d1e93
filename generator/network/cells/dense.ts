import { hiddenFraction } from '../words.js';
import { type Cell, toTables } from './cell.js';

const common = {
  gates: ['y'],
  operands: 1,
  state: null,
  inner: () => [],
} as const;

/** Fully connected: the exact sum, and nothing behind it. */
export const dense: Cell<'dense'> = {
  ...common,
  kind: 'dense',
  channels: [{ name: 'y', gate: 0, operands: 'all', table: null }],
  value: null,
  leaves: 'sums',
  valueFraction: null,
  range: null,
  rounding: () => null,
};

const layer = { ...common, value: 'y', leaves: 'values' } as const;

/**
 * y = clamp(W x + b): values with a binary point of their own, within a range that each pass has. No range is the identity;
 * from zero on it is a ReLU, up to a ceiling a clipped one; a hard tanh has both ends.
 */
export const denseLinear: Cell<'dense-linear'> = {
  ...layer,
  kind: 'dense-linear',
  channels: [{ name: 'y', gate: 0, operands: 'all', table: null }],
  valueFraction: 'own',
  range: 'own',
  rounding: (_, valueFraction) => ({ least: valueFraction, to: valueFraction }),
};

/** y = sigmoid(W x + b). */
export const denseSigmoid: Cell<'dense-sigmoid'> = {
  ...layer,
  kind: 'dense-sigmoid',
  channels: [{ name: 'y', gate: 0, operands: 'all', table: 'sigmoid' }],
  valueFraction: hiddenFraction,
  range: null,
  rounding: toTables,
};

/** y = tanh(W x + b). */
export const denseTanh: Cell<'dense-tanh'> = {
  ...layer,
  kind: 'dense-tanh',
  channels: [{ name: 'y', gate: 0, operands: 'all', table: 'tanh' }],
  valueFraction: hiddenFraction,
  range: null,
  rounding: toTables,
};
