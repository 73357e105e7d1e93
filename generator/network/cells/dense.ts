import type { Cell } from './cell.js';

/** Fully connected: the exact sum, and nothing behind it. */
export const dense: Cell<'dense'> = {
  kind: 'dense',
  gates: ['y'],
  operands: 1,
  channels: [{ name: 'y', gate: 0, operands: 'all', table: null }],
  state: null,
  value: null,
  leaves: 'sums',
  valueFraction: null,
  rounding: () => null,
  inner: () => [],
};
