import type { LayerCell } from '../../cells/registry.js';
import { exactSigmoid, exactTanh } from '../../tables.js';
import type { FloatCell, FloatLimits } from './cell.js';

/** A cell that keeps nothing besides h. */
const only = (next: (sum: (channel: number) => number, before: number) => number): FloatCell => ({
  keeps: false,
  step: (sum, before) => {
    const h = next(sum, before);
    return { state: h, h };
  },
});

/** The cells of float networks. */
export const FLOAT_CELLS = {
  lstm: ({ clip }) => ({
    keeps: true,
    step: (sum, c) => {
      const whole = exactSigmoid(sum(1)) * c + exactSigmoid(sum(0)) * exactTanh(sum(2));
      const state = Math.max(-clip, Math.min(clip, whole));
      return { state, h: exactSigmoid(sum(3)) * exactTanh(state) };
    },
  }),
  gru: () =>
    only((sum, before) => {
      const z = exactSigmoid(sum(1));
      const n = exactTanh(sum(2) + exactSigmoid(sum(0)) * sum(3));
      return z * before + (1 - z) * n;
    }),
  'rnn-tanh': () => only((sum) => exactTanh(sum(0))),
  'rnn-relu': () => only((sum) => Math.max(0, sum(0))),
  'dense-linear': ({ range }) => only((sum) => Math.min(range.high, Math.max(range.low, sum(0)))),
  'dense-sigmoid': () => only((sum) => exactSigmoid(sum(0))),
  'dense-tanh': () => only((sum) => exactTanh(sum(0))),
} as const satisfies Record<LayerCell, (limits: FloatLimits) => FloatCell>;
