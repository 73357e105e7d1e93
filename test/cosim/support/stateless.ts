import type { Cell } from '../../../generator/network/cells/cell.js';
import { lstm } from '../../../generator/network/cells/lstm.js';

/** Three gates, four channels, no state: a cell that only tests have. */
export const stateless: Cell<'stateless'> = {
  ...lstm,
  kind: 'stateless',
  gates: ['r', 'z', 'n'],
  channels: [
    { name: 'r', gate: 0, operands: 'all', table: 'sigmoid' },
    { name: 'z', gate: 1, operands: 'all', table: 'sigmoid' },
    { name: 'nx', gate: 2, operands: 'x', table: null },
    { name: 'nh', gate: 2, operands: 'h', table: 'tanh' },
  ],
  state: null,
  value: 's',
};
