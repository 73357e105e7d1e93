import { type Expr, type Int, int, type Scope, sint, uint } from '../../hdl/index.js';
import type { Channel } from '../../network/cells/cell.js';
import { MEM_DIR } from '../images/names.js';
import { type CellInts, type CellPorts, lanesOf, stateInts } from './cell-interface.js';
import { type AlignedSum, alignedSumValues, type GateSum, gateSumValues } from './gate-sum.js';
import { cellOperand, gateOperands, type LaneSignals, type StateSignals } from './lane-inputs.js';
import { laneValues } from './lane-interface.js';
import type { LaneModule } from './unit.js';

/** Blocks of the lanes; sums that a lane rounds itself are aligned only. */
export interface LaneParts {
  readonly gateSum: GateSum;
  readonly alignedSum: AlignedSum | null;
  readonly lane: LaneModule;
}

/** CELL_LANES lanes: a sum for each channel, and the update of the cell behind them. */
export function cellLanes(
  m: Scope,
  p: CellInts,
  io: CellPorts,
  parts: LaneParts,
  of: LaneSignals,
): void {
  const { inputBits } = of.scheme;
  const rounded = of.channels.filter(({ table }) => table !== null);
  if (rounded.some((channel, n) => channel !== of.channels[n] || channel.gate !== n)) {
    throw new Error('channels that are rounded come first, each from the slice of its place');
  }
  m.forEach('lane', lanesOf(p), (lane, scope) => {
    const own = { of, p, io, lane };
    const u = rounded.length > 0 ? scope.net('u', uint(rounded.length * inputBits)) : null;
    if (u !== null)
      scope.forEach('gate', rounded.length, (gate, inner) => {
        const { place, operands } = channelOperands(inner, own, gate, gate, 'all');
        inner.instance(
          'u_gate_sum',
          parts.gateSum,
          {
            clk: io.clk,
            active: of.sumActive,
            ...operands,
            ...of.shifts,
            sum: io.sums.part(place.times(p.SUM_BITS), p.SUM_BITS),
            u: u.part(gate.times(inputBits), inputBits),
          },
          gateSumValues(p),
        );
      });
    const open = of.channels.slice(rounded.length).map((channel, n) => {
      const name = `s_${channel.name}`;
      return [name, openSum(scope, own, parts, channel, rounded.length + n)] as const;
    });
    const gateInput = (name: string, gate: number) =>
      scope.wire(name, (u as Expr<'u'>).part(gate * inputBits, inputBits).asSigned());
    scope.instance(
      'u_lane',
      parts.lane,
      {
        clk: io.clk,
        active: of.laneActive,
        ...Object.fromEntries(
          rounded.map(({ name }, n) => [`u_${name}`, gateInput(`u_${name}`, n)]),
        ),
        ...Object.fromEntries(open),
        ...(of.early === null ? {} : { early: of.early, round: of.shifts.round }),
        ...(of.state === null ? {} : statePorts(scope, own, of.state)),
        hidden: io.h_data.part(lane.times(p.ACT_BITS), p.ACT_BITS),
      },
      {
        ...laneValues(p, of.state !== null),
        ...(of.early === null ? {} : openValues(p)),
        ...(of.hasTables && { MEM_DIR }),
      },
    );
  });
}

/** Ports of the state of a lane. */
function statePorts(scope: Scope, { p, io, lane }: Own, state: StateSignals) {
  const { CELL_BITS } = stateInts(p);
  return {
    cell_now: cellOperand(scope, p, io.clk, state, lane),
    cell_shift: state.cellShift,
    cell_next: state.cellNext.part(lane.times(CELL_BITS), CELL_BITS),
  };
}

interface Own {
  readonly of: LaneSignals;
  readonly p: CellInts;
  readonly io: CellPorts;
  readonly lane: Int;
}

/** Registers of the operands of a channel, and its place among those of all lanes. */
function channelOperands(
  scope: Scope,
  { of, p, io, lane }: Own,
  channel: Int,
  gate: Int,
  operands: Channel['operands'],
  name?: (own: string) => string,
) {
  const place = lane.times(of.channels.length).plus(channel);
  const slice = lane.times(of.slices).plus(gate);
  const from = {
    ready: io.ready_sums.part(slice.times(p.ACC_BITS), p.ACC_BITS),
    complete: io.complete_sums.part(slice.times(p.ACC_BITS), p.ACC_BITS),
    bias: of.biases.part(place.times(p.BIAS_BITS), p.BIAS_BITS),
    when: of.step,
    operands,
  };
  return { place, operands: gateOperands(scope, p, io.clk, of, from, name) };
}

/** The aligned sum of a channel that the lane rounds itself. */
function openSum(
  scope: Scope,
  own: Own,
  { alignedSum }: LaneParts,
  { name, gate, operands: taken }: Channel,
  channel: number,
): Expr<'s'> {
  const { of, p, io } = own;
  if (alignedSum === null) throw new Error('no block for sums that a lane rounds itself');
  const named = (part: string) => `${name}_${part}`;
  const { place, operands } = channelOperands(scope, own, int(channel), int(gate), taken, named);
  const { round: _, ...shifts } = of.shifts;
  const sum = scope.net(`s_${name}`, sint(p.SUM_BITS));
  scope.instance(
    `u_${name}_sum`,
    alignedSum,
    { clk: io.clk, active: of.sumActive.part(0, 2), ...operands, ...shifts, sum },
    alignedSumValues(p),
  );
  scope.assign(io.sums.part(place.times(p.SUM_BITS), p.SUM_BITS), sum.asUnsigned());
  return sum;
}

/** What a lane has to know of sums that it rounds itself. */
function openValues({ SUM_BITS, ROUND_MOST, ROUND_BITS }: CellInts) {
  return { SUM_BITS, ROUND_MOST, ROUND_BITS };
}
