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

/** What says how the lanes of a design are made. */
type Pace = Pick<Configuration, 'cellCycles'> & Pipelined;

/** How the lanes of a unit are made in a design: all gates at once, or time-multiplexed, where cells overlap if they come sooner than one is done. */
export function laneOf(unit: CellUnit, c: Pace): LaneKind {
  if (c.cellCycles === 1) return unit.atOnce;
  const lane = overlaps(unit, c) ? unit.overlapped : unit.timeMultiplexed;
  if (!lane) throw new Error(`${unit.name} has no time-multiplexed lane`);
  return lane;
}

function overlaps({ timeMultiplexed }: CellUnit, c: Pace): boolean {
  return timeMultiplexed === null || c.cellCycles < timeMultiplexed.cycles(c);
}

/** All lanes of a design, by unit. */
export function lanesIn(c: Cells & Pace): readonly LaneKind[] {
  return unitsOf(c).map((unit) => laneOf(unit, c));
}

/** Whether a cell begins while others are under way in a time-multiplexed lane. */
export function overlapsIn(c: Cells & Pace): boolean {
  return c.cellCycles > 1 && unitsOf(c).some((unit) => overlaps(unit, c));
}

/**
 * Fewest cycles between two cells that the structure of a design holds: 1 where all gates are taken at once; those of the
 * configuration where cells overlap, as what waits beside the stages is made for them.
 */
export function stepsApart(c: Cells & Pace): number {
  const [unit] = unitsOf(c);
  if (c.cellCycles === 1 || unit === undefined) return 1;
  return overlaps(unit, c) ? c.cellCycles : laneOf(unit, c).cycles(c);
}

/** Fewest cycles from one cell to the next in any time-multiplexed lane; null where there is none for these cells. */
export function fewestCyclesOf(c: Cells & Pipelined): number | null {
  const units = unitsOf(c);
  const overlapped = units.length === 1 ? units[0]?.overlapped : undefined;
  return overlapped?.cycles(c) ?? timeMultiplexedCyclesOf(c);
}

/** The same in a lane that takes one cell at a time. */
export function timeMultiplexedCyclesOf(c: Cells & Pipelined): number | null {
  const units = unitsOf(c);
  return units.length === 1 ? (units[0]?.timeMultiplexed?.cycles(c) ?? null) : null;
}
