import type { CellUnit } from '../unit.js';
import { NEW_LANE, newLane } from './new-lane.js';
import { RESET_LANE, resetLane } from './reset-lane.js';

/** One multiplier: r * h. The products of the table slopes are narrow: logic, worth two. */
export const gruReset: CellUnit = {
  name: 'reset',
  ports: ['r', 'z'],
  held: 'written',
  multipliers: 1,
  cost: 3,
  atOnce: {
    stages: RESET_LANE,
    cycles: 1,
    tables: [{ functions: ['sigmoid'], copies: 2 }],
    module: resetLane,
  },
  timeMultiplexed: null,
};

/** Two multipliers: z * s and (1 - z) * n; the product of the table slope is logic, worth one. */
export const gruNew: CellUnit = {
  name: 'renewal',
  ports: ['n'],
  held: 'read',
  multipliers: 2,
  cost: 3,
  atOnce: {
    stages: NEW_LANE,
    cycles: 1,
    tables: [{ functions: ['tanh'], copies: 1 }],
    module: newLane,
  },
  timeMultiplexed: null,
};
