import type { Cell } from './cell.js';

/** Fully connected: the exact sum, and nothing behind it. */
export const dense: Cell<'dense'> = {
  kind: 'dense',
  gates: ['y'],
  operands: 1,
  channels: [{ gate: 0, operands: 'all', table: null }],
  state: false,
  leaves: 'sums',
  valueFraction: () => null,
  inner: () => [],
};
