import type { CellUnit } from '../unit.js';
import { newLane, newStages } from './new-lane.js';
import { resetLane, resetStages } from './reset-lane.js';

/** One multiplier: r * h. The products of the table slopes are narrow: logic, worth two. */
export const gruReset: CellUnit = {
  name: 'reset',
  ports: ['r', 'z'],
  held: 'written',
  multipliers: 1,
  cost: 3,
  atOnce: {
    stages: resetStages,
    cycles: () => 1,
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
    stages: newStages,
    cycles: () => 1,
    tables: [{ functions: ['tanh'], copies: 1 }],
    module: newLane,
  },
  timeMultiplexed: null,
};
