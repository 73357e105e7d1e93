import type { CellUnit } from '../unit.js';
import { RNN_RELU_VALUE, rnnReluLane } from './rnn-relu-lane.js';
import { RNN_TANH_VALUE, rnnTanhLane } from './rnn-tanh-lane.js';

/** No multiplier; the product of the table slope is narrow: logic, worth one. */
export const rnnTanh: CellUnit = {
  multipliers: 0,
  cost: 1,
  atOnce: {
    stages: { stateRead: null, state: null, value: RNN_TANH_VALUE },
    cycles: 1,
    tables: [{ functions: ['tanh'], copies: 1 }],
    module: rnnTanhLane,
  },
  timeMultiplexed: null,
};

/** Neither a multiplier nor a table. */
export const rnnRelu: CellUnit = {
  multipliers: 0,
  cost: 1,
  atOnce: {
    stages: { stateRead: null, state: null, value: RNN_RELU_VALUE },
    cycles: 1,
    tables: [],
    module: rnnReluLane,
  },
  timeMultiplexed: null,
};
