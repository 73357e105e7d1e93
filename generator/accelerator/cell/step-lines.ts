import { allOf, anyOf, type Expr, type Int, type Scope } from '../../hdl/index.js';
import { delayed, delayedValid, type Line } from '../build/pipeline.js';
import { type Configuration, isTimeMultiplexed } from '../plan/configuration.js';
import type { CellInts, CellPorts } from './cell-interface.js';
import type { StageNames } from './stage-names.js';
import type { CellStages } from './stages.js';
import type { TableEntry } from './table-entry.js';
import { unitsOf } from './units.js';

/** What every part of the cell update works with. */
export interface CellKit {
  readonly c: Configuration;
  readonly m: Scope;
  readonly p: CellInts;
  readonly io: CellPorts;
  readonly entry: TableEntry;
  /** Stages as localparams, and as numbers. */
  readonly stage: StageNames;
  readonly cycles: CellStages;
  readonly lines: StepLines;
}

/** What travels with a step. */
export interface StepLines {
  /** Steps, and those that have cells behind their sums. */
  readonly steps: Line<'u'>;
  readonly cells: Line<'u'>;
  /** Of those, the steps of each kind of lanes; and those that keep a state. */
  readonly units: readonly Line<'u'>[];
  readonly kept: Line<'u'>;
  /** The last step of a row group set, and of a frame. */
  readonly retire: Line<'u'>;
  readonly end: Line<'u'>;
  readonly leaves: Line<'u'>;
  readonly parity: Line<'u'>;
  /** Null where the cells keep no state. */
  readonly restart: Line<'u'> | null;
}

/** Valid bits and flags in delay lines. */
export function stepLines(
  c: Configuration,
  m: Scope,
  io: CellPorts,
  { field }: TableEntry,
  outputLayer: Expr<'u'>,
  stage: StageNames,
): StepLines {
  const layerLeaves = m.wire('layer_leaves', field('leaves'), 'its h is the output of the network');
  m.comment('Valid bits and flags that travel with a step: bit n of a line is n + 1 cycles late.');
  const line = (name: string, value: Expr<'u'>, stages: Int = stage.hidden) =>
    delayedValid(m, io.clk, io.rst, name, value, stages);
  const flag = (name: string, value: Expr<'u'>, stages: Int = stage.hidden) =>
    delayed(m, io.clk, name, value, stages);
  const cellStep = allOf(io.step, outputLayer.not());
  const cells = line('cell_step', cellStep);
  return {
    steps: line('step', io.step, stage.lastSum),
    cells,
    ...unitLines(c, cells, field, (name, of) => line(name, allOf(cellStep, of))),
    retire: line('retire', allOf(io.step, io.step_last), stage.retire),
    end: line('end', allOf(io.step, io.frame_end)),
    leaves: flag('leaves', layerLeaves),
    parity: flag('parity', io.parity),
    restart: io.restart === undefined ? null : flag('restart', io.restart, stage.cellRead.plus(1)),
  };
}

/** The steps of each kind of lanes, where there are several. */
function unitLines(
  c: Configuration,
  cells: Line<'u'>,
  field: TableEntry['field'],
  line: (name: string, of: Expr<'u'>) => Line<'u'>,
): Pick<StepLines, 'units' | 'kept'> {
  const units = unitsOf(c);
  if (units.length === 1) return { units: [cells], kept: cells };
  const isOf = (n: number) => field('kind').eq(n);
  const lines = units.map(({ name }, n) => line(`${name}_step`, isOf(n)));
  const keep = [...units.entries()].filter(([, { atOnce }]) => atOnce.stages.state !== null);
  const [first] = keep;
  if (first === undefined || keep.length === units.length) return { units: lines, kept: cells };
  const kept =
    keep.length === 1
      ? (lines[first[0]] as Line<'u'>)
      : line('kept_step', anyOf(...keep.map(([n]) => isOf(n))));
  return { units: lines, kept };
}

/** Cycles in which a step has a sum: one after another in a time-multiplexed lane. */
export function sumOffsets(c: Configuration): readonly number[] {
  return Array.from({ length: isTimeMultiplexed(c) ? c.slices : 1 }, (_, n) => n);
}
