import { allOf, anyOf, concat, type Expr, type Int, set, uint, when } from '../../hdl/index.js';
import { type CellKind, cellOf } from '../../network/cells/registry.js';
import { copyTimes, heldCopies } from '../build/held-copies.js';
import { delayed, type Line } from '../build/pipeline.js';
import { MEM_DIR } from '../images/names.js';
import type { Rom } from '../memory/leaf.js';
import { stateLatency } from '../pipeline/tracks.js';
import { isTimeMultiplexed, laneSlices, tablesOf } from '../plan/configuration.js';
import { lanesOf, stateInts } from './cell-interface.js';
import type { TraceSignals } from './cell-trace.js';
import { type GateSum, gateSumClamp, gateSumLatency } from './gate-sum.js';
import { hasSingles } from './kinds.js';
import {
  type LaneSignals,
  operandStages,
  type StateSignals,
  type UnitSignals,
} from './lane-inputs.js';
import { placesOf, placesOfCell } from './places.js';
import { biasRead } from './step-addresses.js';
import { type CellKit, sumOffsets } from './step-lines.js';
import { timeMultiplexedLanes } from './time-multiplexed-lanes.js';
import type { LaneModule } from './unit.js';
import { laneOf, overlapsIn, stepsApart, unitOf, unitsOf } from './units.js';

/** Biases of all gates of all lanes. */
export function biasWord({ c, m, p, io, entry, lines }: CellKit, rom: Rom): Expr<'u'> {
  // a step keeps its biases until the last gate has been at the lane
  const done = isTimeMultiplexed(c) ? lines.steps.at(c.slices - 1) : io.step;
  const width = lanesOf(p).times(placesOf(c).length).times(p.BIAS_BITS);
  const biases = m.net('biases', uint(width));
  const { address, enable } = biasRead(m, io, entry, done);
  m.instance(
    'u_bias',
    rom,
    { clk: io.clk, enable, address, data: biases },
    { WIDTH: width, DEPTH: p.BIAS_DEPTH, MEM_DIR, INIT_FILE: { parameter: 'BIAS_FILE' } },
  );
  return biases;
}

/** Says which sums, and which h, are at the ports. */
export function visibleSteps({ c, m, io, stage, lines }: CellKit): void {
  const { steps, cells, retire, end, leaves, marks, place, sumPlace } = lines;
  const sums = (line: Line<'u'>) => anyOf(...sumOffsets(c).map((n) => line.at(stage.sum.plus(n))));
  m.assign(io.retire, retire.at(stage.retire));
  if (io.retire_place && io.sum_place && io.h_place) {
    m.assign(io.retire_place, place.at(stage.retire));
    m.assign(io.sum_place, (sumPlace ?? place).at(stage.sum));
    m.assign(io.h_place, place.at(stage.hidden));
  }
  m.assign(io.sum_valid, allOf(sums(steps), sums(cells).not()));
  m.assign(io.sum_end, allOf(io.sum_valid, end.at(stage.lastSum)));
  m.assign(io.h_valid, cells.at(stage.hidden));
  m.assign(io.h_leaves, leaves.at(stage.hidden));
  m.assign(io.h_end, allOf(io.h_valid, end.at(stage.hidden)));
  if (marks === null || io.output_marks === undefined) return;
  // a time-multiplexed lane has the last sum of a step before another row group set comes
  m.assign(io.output_marks, marks.at(c.outputLayer ? stage.sum : stage.hidden));
}

/** Where the sums of rows that take turns are, and when; null in a design without. */
export function turns({ c, m, io, entry }: CellKit): LaneSignals['flat'] {
  if (c.turns === undefined || io.take_flat === undefined) return null;
  m.assign(io.take_flat, entry.early('flat'));
  return { now: m.wire('flat', entry.field('flat'), 'rows take turns'), slices: c.turns };
}

/** What all lanes of a step share, but for its biases and c. */
export function laneSignals(
  { c, m, io, entry, stage, cycles, lines }: CellKit,
  outputLayer: Expr<'u'>,
): Omit<LaneSignals, 'state' | 'biases' | 'ranges' | 'flat' | 'peephole'> {
  const { field } = entry;
  const { steps, cells } = lines;
  const single = hasSingles(c) ? m.wire('single', field('single')) : outputLayer;
  const xFirst = io.x_first ?? m.wire('x_first', field('x_first').and(single.not()));
  if (io.alone !== undefined && hasSingles(c)) m.unused('single', single);
  if (io.x_first !== undefined) m.unused('order', field('x_first'));
  const operands = operandStages(m, c, io.clk, io.step);
  const late = (name: string) => {
    const value = field(name);
    const register = operands.reg(operands.at(0), name, uint(value.width));
    operands.set(operands.held(operands.at(0), set(register, value)));
    return register;
  };
  const aligned = gateSumLatency(c);
  const shifts = {
    shift_x: late('shift_x'),
    shift_h: late('shift_h'),
    shift_bias: late('shift_bias'),
    round: delayed(m, io.clk, 'round', late('round'), aligned).at(aligned),
  };
  // a stage of the gate sum is active for as many cycles as a step has gates one after another
  const during = (line: Line<'u'>, from: Int, past: Int) =>
    sumOffsets(c)
      .map((n) => line.from(from.plus(n), past.plus(n)))
      .reduce((a, b) => a.or(b));
  const sumActive = m.wire(
    'sum_active',
    concat(
      // sums that the lane rounds itself need no more than this
      ...(placesOf(c).some(({ rounded }) => rounded) && !stage.u.equals(stage.sum)
        ? [during(cells, stage.sum, stage.u)]
        : []),
      during(steps, stage.operand, stage.sum),
    ),
  );
  const clamp = gateSumClamp(c);
  const clip = c.clips ? delayed(m, io.clk, 'clip', late('clip'), clamp) : null;
  return {
    clip: clip && { sums: clip.at(aligned), clamp: clip.at(clamp) },
    pipelined: c,
    ...{ alone: io.alone ?? single, mayLack: io.alone !== undefined, xFirst, shifts },
    ...{ step: io.step, sumActive, slices: laneSlices(c), scheme: tablesOf(c) },
    ...{ places: placesOf(c), units: unitSignals({ c, m, stage, cycles, lines }) },
  };
}

/** What the lanes of each kind get. */
function unitSignals({
  c,
  m,
  stage,
  cycles,
  lines,
}: Pick<CellKit, 'c' | 'm' | 'stage' | 'cycles' | 'lines'>): readonly UnitSignals[] {
  const units = unitsOf(c);
  const places = placesOf(c);
  return units.map((unit, n): UnitSignals => {
    const lane = laneOf(unit, c);
    const { value, state, stateRead } = lane.stages(c);
    const [prefix, end] =
      units.length === 1 ? ['lane', stage.hidden] : [unit.name, stage.u.plus(value)];
    const steps = lines.units[n] as Line<'u'>;
    const kind = c.cells.find((own) => unitOf(own) === unit) as CellKind;
    const { channels } = cellOf(kind);
    const open = channels.some(({ table }) => table === null);
    return {
      ...{ unit, lane, channels, places: isTimeMultiplexed(c) ? [] : placesOfCell(places, kind) },
      active: m.wire(`${prefix}_active`, steps.from(stage.u, end)),
      open,
      early:
        open && lane.early !== false && cycles.u > cycles.sum
          ? m.wire(`${prefix}_early`, steps.from(stage.sum, stage.u))
          : null,
      late: {
        read: stateRead === null ? 0 : cycles.u + stateRead - stateLatency(c) - cycles.cellRead,
        state: state === null ? 0 : cycles.cell - cycles.u - state,
        value: cycles.hidden - cycles.u - value,
      },
      writes:
        units.length === 1 ? null : { state: steps.at(stage.cell), value: steps.at(stage.hidden) },
    };
  });
}

/** The shift of c with the first u of a cell, and as long as its lane asks for it. */
function cellShiftOf({ c, m, p, io, entry, stage, cycles, lines }: CellKit): Expr<'u'> {
  const shift = entry.field('cell_shift');
  const apart = stepsApart(c);
  if (overlapsIn(c)) {
    // the lane takes copies of its own
    const times = copyTimes(apart, cycles.u);
    const event = (n: number) => lines.steps.at(n);
    return heldCopies(m, io.clk, 'cell_shift', shift, { event, times }).at(stage.u);
  }
  const held = m.reg('cell_shift', uint(stateInts(p).CELL_SHIFT_BITS), 'from u to c of a cell');
  const early = stage.u.minus(1);
  // steps are so far apart that one of the output layer, which has no u, disturbs none
  const arrives = early.equals(0) ? io.step : lines.cells.at(early);
  m.always(io.clk, [when(arrives, [set(held, shift)])]);
  return held;
}

/** The time-multiplexed lane, and the sums of a cell side by side for the trace. */
export function timeMultiplexed(
  { c, m, p, io, entry, stage, cycles, lines }: CellKit,
  { gateSum, lane }: { readonly gateSum: GateSum; readonly lane: LaneModule },
  signals: Omit<LaneSignals, 'state' | 'ranges' | 'flat' | 'peephole'>,
  state: Omit<StateSignals, 'cellShift'>,
): TraceSignals['sums'] {
  const { steps, cells } = lines;
  const cellShift = cellShiftOf({ c, m, p, io, entry, stage, cycles, lines });
  const gateNow = sumOffsets(c).map((n) => steps.at(n));
  const sum = timeMultiplexedLanes(
    m,
    p,
    io,
    { gateSum, lane },
    {
      ...signals,
      state: { ...state, cellShift },
      gateNow,
    },
  );
  const rest = p.SUM_BITS.times(c.slices - 1);
  const before = m.net('sums_before', uint(rest), 'of the gates before, for the trace');
  m.assign(io.sums, concat(sum, before));
  const collect = anyOf(
    ...sumOffsets(c)
      .slice(1)
      .map((n) => cells.at(stage.sum.plus(n - 1))),
  );
  return { sum, collect, before };
}
