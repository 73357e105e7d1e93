import type { TableFunction } from '../../../network/cells/cell.js';
import type { CellUnit } from '../unit.js';
import { linearLane, linearLatency } from './linear-lane.js';
import { tableLane, tableValueLatency } from './table-lane.js';

/** Values from a table. No multiplier; the product of the table slope is narrow: logic, worth one. */
function tableUnit(of: TableFunction): CellUnit {
  return {
    name: of,
    ports: ['y'],
    multipliers: 0,
    cost: 1,
    atOnce: {
      stages: (c) => ({ stateRead: null, state: null, value: tableValueLatency(c) }),
      cycles: () => 1,
      tables: [{ functions: [of], copies: 1 }],
      module: (c, table) => tableLane(c, table, of),
    },
    timeMultiplexed: null,
  };
}

export const sigmoidValue = tableUnit('sigmoid');
export const tanhValue = tableUnit('tanh');

/** Sums within a range: neither a multiplier nor a table. */
export const linearValue: CellUnit = {
  name: 'linear',
  ports: ['y'],
  multipliers: 0,
  cost: 1,
  atOnce: {
    stages: (c) => ({ stateRead: null, state: null, value: linearLatency(c) }),
    cycles: () => 1,
    tables: [],
    module: linearLane,
  },
  timeMultiplexed: null,
};
