import type { CellUnit } from '../unit.js';
import { newReluLane, newReluStages } from './new-relu-lane.js';
import { gruReluLane, gruReluStages } from './relu-lane.js';
import { resetReluLane, resetReluStages } from './reset-relu-lane.js';

/** Three multipliers: r * d, z * s and (1 - z) * n. The products of the table slopes are narrow: logic, worth two more. */
export const gruRelu: CellUnit = {
  name: 'gru_relu',
  ports: ['r', 'z', 'n_x', 'n_h'],
  multipliers: 3,
  cost: 5,
  atOnce: {
    stages: gruReluStages,
    cycles: () => 1,
    early: false,
    tables: [{ functions: ['sigmoid'], copies: 2 }],
    module: gruReluLane,
  },
  timeMultiplexed: null,
};

/** One multiplier: r * h. The products of the table slopes are narrow: logic, worth two. */
export const gruResetRelu: CellUnit = {
  name: 'reset_relu',
  ports: ['r', 'z'],
  held: 'written',
  multipliers: 1,
  cost: 3,
  atOnce: {
    stages: resetReluStages,
    cycles: () => 1,
    tables: [{ functions: ['sigmoid'], copies: 2 }],
    module: resetReluLane,
  },
  timeMultiplexed: null,
};

/** Two multipliers: z * s and (1 - z) * n. */
export const gruNewRelu: CellUnit = {
  name: 'renewal_relu',
  ports: ['n'],
  held: 'read',
  multipliers: 2,
  cost: 2,
  atOnce: { stages: newReluStages, cycles: () => 1, early: false, tables: [], module: newReluLane },
  timeMultiplexed: null,
};
