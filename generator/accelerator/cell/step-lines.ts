import { allOf, anyOf, type Expr, type Int, type Scope } from '../../hdl/index.js';
import { delayed, delayedValid, type Line } from '../build/pipeline.js';
import { stateLatency } from '../pipeline/tracks.js';
import { type Configuration, isTimeMultiplexed } from '../plan/configuration.js';
import type { CellInts, CellPorts } from './cell-interface.js';
import type { StageNames } from './stage-names.js';
import type { CellStages } from './stages.js';
import type { TableEntry } from './table-entry.js';
import type { CellUnit } from './unit.js';
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
  /** Of those, the steps of each kind of lanes; those that read the state, and those that write it. */
  readonly units: readonly Line<'u'>[];
  readonly reads: Line<'u'>;
  readonly writes: Line<'u'>;
  /** Those that write, and that read, a value that is held for the next pass. */
  readonly holds: Line<'u'>;
  readonly takes: Line<'u'>;
  /** The last step of a row group set, and of a frame. */
  readonly retire: Line<'u'>;
  readonly end: Line<'u'>;
  readonly leaves: Line<'u'>;
  /** Of the h buffer, or of the frame at which its values stand. */
  readonly place: Line<'u'>;
  /** Null where all frames have outputs. */
  readonly marks: Line<'u'> | null;
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
    ...unitLines(c, cells, field, stage, (name, of, stages) =>
      line(name, allOf(cellStep, of), stages),
    ),
    retire: line(
      'retire',
      allOf(io.step, io.step_last, ...(io.visit_end ? [io.visit_end] : [])),
      stage.retire,
    ),
    end: line('end', allOf(io.step, io.frame_end)),
    leaves: flag('leaves', layerLeaves),
    place: flag(io.place ? 'place' : 'parity', (io.place ?? io.parity) as Expr<'u'>),
    marks:
      io.marks === undefined
        ? null
        : flag('marks', io.marks, c.outputLayer ? stage.sum : stage.hidden),
    restart: io.restart === undefined ? null : flag('restart', io.restart, stage.cellRead.plus(1)),
  };
}

/** The steps of each kind of lanes, where there are several, and of some of them. */
function unitLines(
  c: Configuration,
  cells: Line<'u'>,
  field: TableEntry['field'],
  stage: StageNames,
  line: (name: string, of: Expr<'u'>, stages?: Int) => Line<'u'>,
): Pick<StepLines, 'units' | 'reads' | 'writes' | 'holds' | 'takes'> {
  const units = unitsOf(c);
  const isOf = (n: number) => field('kind').eq(n);
  const lines =
    units.length === 1 ? [cells] : units.map(({ name }, n) => line(`${name}_step`, isOf(n)));
  const numbers = (is: (unit: CellUnit) => boolean): readonly number[] =>
    [...units.entries()].flatMap(([n, unit]) => (is(unit) ? [n] : []));
  const among = (name: string, own: readonly number[], stages: Int): Line<'u'> => {
    const [first] = own;
    if (first === undefined || own.length === units.length) return cells;
    if (own.length === 1) return lines[first] as Line<'u'>;
    return line(name, anyOf(...own.map(isOf)), stages);
  };
  const read = numbers(({ atOnce }) => atOnce.stages(c).stateRead !== null);
  const written = numbers(
    ({ atOnce, held }) => atOnce.stages(c).state !== null && held !== 'written',
  );
  const writes = among('kept_step', written, stage.cell);
  return {
    units: lines,
    reads:
      read.join() === written.join()
        ? writes
        : among('read_step', read, stage.cellRead.plus(stateLatency(c) - 1)),
    writes,
    holds: among(
      'hold_step',
      numbers(({ held }) => held === 'written'),
      stage.cell,
    ),
    takes: among(
      'take_step',
      numbers(({ held }) => held === 'read'),
      stage.cellRead,
    ),
  };
}

/** Cycles in which a step has a sum: one after another in a time-multiplexed lane. */
export function sumOffsets(c: Configuration): readonly number[] {
  return Array.from({ length: isTimeMultiplexed(c) ? c.slices : 1 }, (_, n) => n);
}
