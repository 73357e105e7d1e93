import type { CellUnit } from '../unit.js';
import { lstmLane, lstmStages } from './lstm-lane.js';
import { overlappedCycles, overlappedLane, overlappedStages } from './overlapped-lane.js';
import {
  timeMultiplexedCycles,
  timeMultiplexedLane,
  timeMultiplexedStages,
} from './time-multiplexed-lane.js';

/** Three multipliers: f * c, i * g and o * tanh(c'). The products of the table slopes are narrow: logic, worth five more. */
export const lstm: CellUnit = {
  name: 'lstm',
  ports: ['i', 'f', 'g', 'o'],
  multipliers: 3,
  cost: 8,
  atOnce: {
    stages: lstmStages,
    cycles: () => 1,
    // i, f and o; g and tanh of c
    tables: [
      { functions: ['sigmoid'], copies: 3 },
      { functions: ['tanh'], copies: 2 },
    ],
    module: lstmLane,
  },
  timeMultiplexed: {
    stages: timeMultiplexedStages,
    cycles: timeMultiplexedCycles,
    tables: [{ functions: ['sigmoid', 'tanh'], copies: 1 }],
    module: timeMultiplexedLane,
  },
  overlapped: {
    stages: overlappedStages,
    cycles: overlappedCycles,
    // i, f and o; g and tanh of c
    tables: [
      { functions: ['sigmoid'], copies: 1 },
      { functions: ['tanh'], copies: 1 },
    ],
    multipliers: 1,
    module: overlappedLane,
  },
};
