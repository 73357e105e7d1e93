import type { CellUnit } from '../unit.js';
import { CELL_LATENCY, CELL_READ_LATENCY, HIDDEN_LATENCY, lstmLane } from './lstm-lane.js';
import { TURN_CYCLES, TURN_LANE, turnLane } from './turn-lane.js';

/** Three multipliers: f * c, i * g and o * tanh(c'). The products of the table slopes are narrow: logic, worth five more. */
export const lstm: CellUnit = {
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
  inTurn: {
    stages: TURN_LANE,
    cycles: TURN_CYCLES,
    tables: [{ functions: ['sigmoid', 'tanh'], copies: 1 }],
    module: turnLane,
  },
};
