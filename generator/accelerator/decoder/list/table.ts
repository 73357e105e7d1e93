import type { SideTable } from '../../control/layer-table.js';
import { listIn } from './configuration.js';

/** Nothing but where a side starts, where its matrix ends and where the weights of a pass begin, which every table has. */
export const listTable: SideTable = {
  numbers: () => [],
  ints: () => [],
  parameters: () => ({}),
  addressBits: (c) => listIn(c).indexBits,
};
