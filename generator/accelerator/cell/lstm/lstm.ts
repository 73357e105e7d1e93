import type { CellUnit } from '../unit.js';
import { CELL_LATENCY, CELL_READ_LATENCY, HIDDEN_LATENCY, lstmLane } from './lstm-lane.js';
import {
  TIME_MULTIPLEXED_CYCLES,
  TIME_MULTIPLEXED_LANE,
  timeMultiplexedLane,
} from './time-multiplexed-lane.js';

/** Three multipliers: f * c, i * g and o * tanh(c'). The products of the table slopes are narrow: logic, worth five more. */
export const lstm: CellUnit = {
  name: 'lstm',
  ports: ['i', 'f', 'g', 'o'],
  multipliers: 3,
  cost: 8,
  atOnce: {
    stages: { stateRead: CELL_READ_LATENCY, state: CELL_LATENCY, value: HIDDEN_LATENCY },
    cycles: 1,
    // i, f and o; g and tanh of c
    tables: [
      { functions: ['sigmoid'], copies: 3 },
      { functions: ['tanh'], copies: 2 },
    ],
    module: lstmLane,
  },
  timeMultiplexed: {
    stages: TIME_MULTIPLEXED_LANE,
    cycles: TIME_MULTIPLEXED_CYCLES,
    tables: [{ functions: ['sigmoid', 'tanh'], copies: 1 }],
    module: timeMultiplexedLane,
  },
};
