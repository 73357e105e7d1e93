import { unexpected } from '../../base/errors.js';
import type { Channel } from '../../network/cells/cell.js';
import { CELLS, type CellKind } from '../../network/cells/registry.js';
import type { Pass } from '../../network/program.js';
import type { Configuration } from '../plan/configuration.js';
import { gru } from './gru/gru.js';
import { lstm } from './lstm/lstm.js';
import { rnnRelu, rnnTanh } from './rnn/rnn.js';
import type { CellUnit, LaneKind } from './unit.js';

/** The lanes of every kind of cell; null where the sums leave as they are. */
export const CELL_UNITS = {
  lstm,
  gru,
  'rnn-tanh': rnnTanh,
  'rnn-relu': rnnRelu,
  dense: null,
} as const satisfies Record<CellKind, CellUnit | null>;

/** The lanes of a kind of cell. */
function unit(kind: CellKind): CellUnit {
  const own: CellUnit | null = CELL_UNITS[kind];
  if (own === null) throw new Error(`cells of kind ${kind} have no lanes`);
  return own;
}

/**
 * The kind of cell that the lanes of a design for these passes have.
 * @throws UserError NO_LANES where there is none or more than one: a design has lanes of one kind.
 */
export function laneCellOf(passes: readonly Pick<Pass, 'cell'>[]): CellKind {
  const kinds = [...new Set(passes.map(({ cell }) => cell))].filter(
    (kind) => CELL_UNITS[kind] !== null,
  );
  const [kind] = kinds;
  if (kind !== undefined && kinds.length === 1) return kind;
  throw unexpected({
    code: 'NO_LANES',
    field: 'cells',
    expected: 'recurrent layers of one kind of cell',
    got: kind === undefined ? 'no recurrent layer' : kinds.join(' and '),
  });
}

/** The cell of the lanes of a design. */
export function unitOf({ cell }: Pick<Configuration, 'cell'>): CellUnit {
  return unit(cell);
}

/** Its lanes: with all gates at once, or time-multiplexed. */
export function laneOf({ cell, cellCycles }: Pick<Configuration, 'cell' | 'cellCycles'>): LaneKind {
  const { atOnce, timeMultiplexed } = unit(cell);
  if (cellCycles === 1) return atOnce;
  if (timeMultiplexed === null) throw new Error(`${cell} has no time-multiplexed lane`);
  return timeMultiplexed;
}

/** Fewest cycles from one cell to the next in a time-multiplexed lane; null where the cell has none. */
export function timeMultiplexedCyclesOf(cell: CellKind): number | null {
  return unit(cell).timeMultiplexed?.cycles ?? null;
}

/** Sums that a lane gets. */
export function channelsOf({ cell }: Pick<Configuration, 'cell'>): readonly Channel[] {
  return CELLS[cell].channels;
}

/** Whether lanes keep something from frame to frame. */
export function hasState({ cell }: Pick<Configuration, 'cell'>): boolean {
  return CELLS[cell].state !== null;
}

/** Whether a lane gets sums that are not rounded yet. */
export function hasOpenSums(c: Pick<Configuration, 'cell'>): boolean {
  return channelsOf(c).some(({ table }) => table === null);
}
