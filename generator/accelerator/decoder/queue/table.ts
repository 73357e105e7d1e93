import type { SideTable } from '../../control/layer-table.js';
import { queueIn } from './configuration.js';

/** Nothing but where a side starts and where the weights of a pass begin, which every table has. */
export const queueTable: SideTable = {
  numbers: () => [],
  ints: () => [],
  parameters: () => ({}),
  addressBits: (c) => queueIn(c).indexBits,
};
