import {
  allOf,
  anyOf,
  type Expr,
  type Int,
  type IntLike,
  int,
  type Scope,
} from '../../hdl/index.js';
import { copyTimes, heldCopies, type Late } from '../build/held-copies.js';
import { delayed, delayedValid, type Line } from '../build/pipeline.js';
import { stateLatency } from '../pipeline/tracks.js';
import { type Configuration, isTimeMultiplexed } from '../plan/configuration.js';
import type { CellInts, CellPorts } from './cell-interface.js';
import type { StageNames } from './stage-names.js';
import type { CellStages } from './stages.js';
import type { TableEntry } from './table-entry.js';
import type { CellUnit } from './unit.js';
import { stepsApart, unitsOf } from './units.js';

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
  readonly retire: Late<'u'>;
  readonly end: Late<'u'>;
  readonly leaves: Late<'u'>;
  /** Of the h buffer, or of the frame at which its values stand. */
  readonly place: Late<'u'>;
  /** The same with the sums of a step, in a design of several streams. */
  readonly sumPlace: Late<'u'> | null;
  /** Null where all frames have outputs. */
  readonly marks: Late<'u'> | null;
  /** Null where the cells keep no state. */
  readonly restart: Late<'u'> | null;
}

/** Valid bits in delay lines; flags too, or where steps are apart in copies that stand. */
export function stepLines(
  c: Configuration,
  m: Scope,
  io: CellPorts,
  { field }: TableEntry,
  outputLayer: Expr<'u'>,
  stage: StageNames,
  cycles: CellStages,
): StepLines {
  const apart = stepsApart(c);
  const layerLeaves = m.wire('layer_leaves', field('leaves'), 'its h is the output of the network');
  m.comment('Valid bits and flags that travel with a step: bit n of a line is n + 1 cycles late.');
  const line = (name: string, value: Expr<'u'>, stages: Int = stage.hidden) =>
    delayedValid(m, io.clk, io.rst, name, value, stages);
  const cellStep = allOf(io.step, outputLayer.not());
  const cells = line('cell_step', cellStep);
  const last = copyTimes(apart, cycles.hidden).at(-1) as number;
  const known = Math.max(cycles.lastSum, cycles.retire, last);
  const steps = line('step', io.step, apart === 1 ? stage.lastSum : int(known));
  /** With a step, in every cycle; `stage` and `cycle`: the last that is asked for. */
  const flag = (
    name: string,
    value: Expr<'u'>,
    at: { readonly stage: Int; readonly cycle: number } = {
      ...{ stage: stage.hidden, cycle: cycles.hidden },
    },
    reset?: Expr<'u'>,
  ): Late<'u'> =>
    apart === 1
      ? delayed(m, io.clk, name, value, at.stage)
      : heldCopies(m, io.clk, name, value, {
          event: (n) => steps.at(n),
          ...{ times: copyTimes(apart, at.cycle), reset },
        });
  /** With some steps alone. */
  const event = (
    name: string,
    value: Expr<'u'>,
    at: { readonly stage: Int; readonly cycle: number },
  ): Late<'u'> => {
    if (apart === 1) return line(name, allOf(io.step, value), at.stage);
    const copies = flag(name, value, at, io.rst);
    // values come later than the last that is asked of any step
    const all = (own: IntLike) => ((int(own).expanded.constant ?? 0) > known ? cells : steps);
    return { at: (own) => allOf(all(own).at(own), copies.at(own)) };
  };
  return {
    steps,
    cells,
    ...unitLines(c, cells, field, stage, (name, of, stages) =>
      line(name, allOf(cellStep, of), stages),
    ),
    retire: event('retire', allOf(io.step_last, ...(io.visit_end ? [io.visit_end] : [])), {
      ...{ stage: stage.retire, cycle: cycles.retire },
    }),
    end: event('end', io.frame_end, { stage: stage.hidden, cycle: cycles.hidden }),
    leaves: flag('leaves', layerLeaves),
    place: flag(io.place ? 'place' : 'parity', (io.place ?? io.parity) as Expr<'u'>),
    // beside sums, which take as many cycles as there are gates, copies would not stand long enough
    sumPlace:
      io.sum_place && io.place && apart > 1
        ? delayed(m, io.clk, 'sum_place', io.place, stage.sum)
        : null,
    marks:
      io.marks === undefined
        ? null
        : c.outputLayer
          ? delayed(m, io.clk, 'marks', io.marks, stage.sum)
          : flag('marks', io.marks),
    restart:
      io.restart === undefined
        ? null
        : flag('restart', io.restart, {
            ...{ stage: stage.cellRead.plus(1), cycle: cycles.cellRead + 1 },
          }),
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
