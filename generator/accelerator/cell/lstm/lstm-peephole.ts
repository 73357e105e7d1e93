import type { CellUnit } from '../unit.js';
import { peepholeLane, peepholeStages } from './peephole-lane.js';

/** Six multipliers: the three of an LSTM, and one for each peephole. The products of the table slopes are logic, worth five more. */
export const lstmPeephole: CellUnit = {
  name: 'peephole',
  ports: ['i', 'f', 'g', 'o', 'p_i', 'p_f', 'p_o'],
  multipliers: 6,
  cost: 11,
  atOnce: {
    stages: peepholeStages,
    cycles: () => 1,
    tables: [
      { functions: ['sigmoid'], copies: 3 },
      { functions: ['tanh'], copies: 2 },
    ],
    module: peepholeLane,
  },
  timeMultiplexed: null,
};
