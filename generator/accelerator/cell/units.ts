import { unexpected } from '../../base/errors.js';
import type { CellKind } from '../../network/cells/registry.js';
import type { Pass } from '../../network/program.js';
import type { Pipelined } from '../pipeline/registers.js';
import type { Configuration } from '../plan/configuration.js';
import { gru } from './gru/gru.js';
import { gruNew, gruReset } from './gru/gru-before.js';
import { gruNewRelu, gruRelu, gruResetRelu } from './gru/gru-relu.js';
import type { Cells } from './kinds.js';
import { lstm } from './lstm/lstm.js';
import { lstmPeephole } from './lstm/lstm-peephole.js';
import type { CellUnit, LaneKind } from './unit.js';
import { linearValue, sigmoidValue, tanhValue } from './value/value.js';

/** The lanes of every kind of cell, which kinds may share; null where the sums leave as they are. */
export const CELL_UNITS = {
  lstm,
  'lstm-peephole': lstmPeephole,
  gru,
  'gru-reset': gruReset,
  'gru-new': gruNew,
  'gru-relu': gruRelu,
  'gru-reset-relu': gruResetRelu,
  'gru-new-relu': gruNewRelu,
  'rnn-tanh': tanhValue,
  'rnn-relu': linearValue,
  'dense-linear': linearValue,
  'dense-sigmoid': sigmoidValue,
  'dense-tanh': tanhValue,
  dense: null,
} as const satisfies Record<CellKind, CellUnit | null>;

/** All of them, in order. */
export function kindsWithLanes(): readonly CellKind[] {
  return (Object.keys(CELL_UNITS) as CellKind[]).filter((kind) => CELL_UNITS[kind] !== null);
}

/**
 * The kinds of cells that the lanes of a design for these passes update.
 * @throws UserError NO_LANES where none of them has lanes.
 */
export function laneCellsOf(passes: readonly Pick<Pass, 'cell'>[]): readonly CellKind[] {
  const used = new Set<CellKind>(passes.map(({ cell }) => cell));
  const kinds = kindsWithLanes().filter((kind) => used.has(kind));
  if (kinds.length > 0) return kinds;
  throw unexpected({
    code: 'NO_LANES',
    field: 'cells',
    expected: 'a layer below the output layer',
    got: 'an output layer alone',
  });
}

/** The lanes of a kind of cell. */
export function unitOf(kind: CellKind): CellUnit {
  const own: CellUnit | null = CELL_UNITS[kind];
  if (own === null) throw new Error(`cells of kind ${kind} have no lanes`);
  return own;
}

/** Kinds of lanes side by side, each once, in the order of the numbers by which the cell table calls them. */
export function unitsOf({ cells }: Cells): readonly CellUnit[] {
  return [...new Set(cells.map(unitOf))];
}

/** How the lanes of a unit are made in a design: all gates at once, or time-multiplexed. */
export function laneOf(
  unit: CellUnit,
  { cellCycles }: Pick<Configuration, 'cellCycles'>,
): LaneKind {
  if (cellCycles === 1) return unit.atOnce;
  if (unit.timeMultiplexed === null) throw new Error(`${unit.name} has no time-multiplexed lane`);
  return unit.timeMultiplexed;
}

/** All lanes of a design, by unit. */
export function lanesIn(c: Pick<Configuration, 'cells' | 'cellCycles'>): readonly LaneKind[] {
  return unitsOf(c).map((unit) => laneOf(unit, c));
}

/** Fewest cycles from one cell to the next in a time-multiplexed lane; null where there is none for these cells. */
export function timeMultiplexedCyclesOf(c: Cells & Pipelined): number | null {
  const units = unitsOf(c);
  return units.length === 1 ? (units[0]?.timeMultiplexed?.cycles(c) ?? null) : null;
}
