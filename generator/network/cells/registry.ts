import type { Cell } from './cell.js';
import { dense } from './dense.js';
import { lstm } from './lstm.js';

/** All kinds of cells: a new one is a file here and a line in this list. */
export const CELLS = { lstm, dense } as const satisfies { [K in string]: Cell<K> };

export type CellKind = keyof typeof CELLS;

/** The member of a kind, without what is known of this one alone. */
export function cellOf(kind: CellKind): Cell<CellKind> {
  return CELLS[kind];
}

/** Names of all kinds. */
export const CELL_KINDS = Object.keys(CELLS) as readonly CellKind[];

/** Cells of the layers of a float network, and of its output layer: importers know no others. */
export const FLOAT_CELLS = { layer: 'lstm', output: 'dense' } as const satisfies Record<
  string,
  CellKind
>;

/** Gates of a layer of a float network. */
export const LAYER_GATES = CELLS[FLOAT_CELLS.layer].gates.length;
