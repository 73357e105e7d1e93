import type { Cell } from './cell.js';
import { dense } from './dense.js';
import { lstm } from './lstm.js';

/** All kinds of cells: a new one is a file here and a line in this list. */
export const CELLS = { lstm, dense } as const satisfies { [K in string]: Cell<K> };

export type CellKind = keyof typeof CELLS;
