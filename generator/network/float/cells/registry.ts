import type { LayerCell } from '../../cells/registry.js';
import type { FloatCell, FloatMeans } from './cell.js';

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
  lstm: ({ clip, sigmoid, tanh, ofState }) => ({
    keeps: true,
    step: (sum, c) => {
      const whole = sigmoid(sum(1)) * c + sigmoid(sum(0)) * tanh(sum(2));
      const state = Math.max(-clip, Math.min(clip, whole));
      return { state, h: sigmoid(sum(3)) * ofState(state) };
    },
  }),
  'lstm-peephole': ({ clip, sigmoid, tanh, ofState }) => ({
    keeps: true,
    step: (sum, c) => {
      const [i, f] = [sigmoid(sum(0) + sum(4) * c), sigmoid(sum(1) + sum(5) * c)];
      const state = Math.max(-clip, Math.min(clip, f * c + i * tanh(sum(2))));
      return { state, h: sigmoid(sum(3) + sum(6) * state) * ofState(state) };
    },
  }),
  gru: ({ sigmoid, tanh }) =>
    only((sum, before) => {
      const z = sigmoid(sum(1));
      const n = tanh(sum(2) + sigmoid(sum(0)) * sum(3));
      return z * before + (1 - z) * n;
    }),
  'gru-relu': ({ sigmoid }) =>
    only((sum, before) => {
      const z = sigmoid(sum(1));
      const n = Math.max(0, sum(2) + sigmoid(sum(0)) * sum(3));
      return z * before + (1 - z) * n;
    }),
  'rnn-tanh': ({ tanh }) => only((sum) => tanh(sum(0))),
  'rnn-relu': ({ range }) => only((sum) => Math.min(range.high, Math.max(0, sum(0)))),
  'dense-linear': ({ range }) => only((sum) => Math.min(range.high, Math.max(range.low, sum(0)))),
  'dense-sigmoid': ({ sigmoid }) => only((sum) => sigmoid(sum(0))),
  'dense-tanh': ({ tanh }) => only((sum) => tanh(sum(0))),
} as const satisfies Record<LayerCell, (means: FloatMeans) => FloatCell>;
