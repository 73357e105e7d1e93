import type { CellUnit } from '../unit.js';
import { gruLane, gruStages } from './gru-lane.js';

/** Three multipliers: r * d, z * s and (1 - z) * n. The products of the table slopes are narrow: logic, worth three more. */
export const gru: CellUnit = {
  name: 'gru',
  ports: ['r', 'z', 'n_x', 'n_h'],
  multipliers: 3,
  cost: 6,
  atOnce: {
    stages: gruStages,
    cycles: () => 1,
    tables: [
      { functions: ['sigmoid'], copies: 2 },
      { functions: ['tanh'], copies: 1 },
    ],
    module: gruLane,
  },
  timeMultiplexed: null,
};
