import { anyOf, type Expr, int, repeat, type Scope, sint } from '../../hdl/index.js';
import { MEM_DIR } from '../images/names.js';
import { type CellInts, type CellPorts, stateInts } from './cell-interface.js';
import { type GateSum, gateSumValues } from './gate-sum.js';
import {
  cellOperand,
  gateOperands,
  type LaneSignals,
  type StateSignals,
  type UnitSignals,
} from './lane-inputs.js';
import { laneValues } from './lane-interface.js';
import type { LaneModule } from './unit.js';

/** What a time-multiplexed lane needs to know. */
export interface TimeMultiplexedSignals extends Omit<LaneSignals, 'ranges' | 'flat' | 'peephole'> {
  readonly state: StateSignals;
  /** Bit n: the sums of gate n are at the lane. */
  readonly gateNow: readonly Expr<'u'>[];
}

/** The time-multiplexed lane: one gate sum for gate after gate, which is returned, and the update of the cell behind it. */
export function timeMultiplexedLanes(
  m: Scope,
  p: CellInts,
  io: CellPorts,
  parts: { readonly gateSum: GateSum; readonly lane: LaneModule },
  of: TimeMultiplexedSignals,
): Expr<'s'> {
  const own = m.wire(
    'own_bias',
    anyOf(
      ...of.gateNow.map((now, gate) =>
        repeat(p.BIAS_BITS, now).and(of.biases.part(p.BIAS_BITS.times(gate), p.BIAS_BITS)),
      ),
    ),
    'of the gate that is at the lane',
  );
  const operands = gateOperands(m, p, io.clk, of, {
    ready: io.ready_sums,
    complete: io.complete_sums,
    bias: own,
    when: anyOf(...of.gateNow),
  });
  const sum = m.net('sum', sint(p.SUM_BITS));
  const u = m.net('u', sint(of.scheme.inputBits));
  m.instance(
    'u_gate_sum',
    parts.gateSum,
    {
      ...{ clk: io.clk, active: of.sumActive, ...operands, ...of.shifts },
      ...(of.clip !== null && { limit: of.clip.clamp }),
      ...{ sum, u },
    },
    gateSumValues(p),
  );
  const { state } = of;
  const cellNow = cellOperand(m, p, of.pipelined, io.clk, state, int(0));
  const next = m.net('new_cell', sint(stateInts(p).CELL_BITS));
  const hidden = m.net('new_hidden', sint(p.ACT_BITS));
  m.instance(
    'u_lane',
    parts.lane,
    {
      clk: io.clk,
      active: (of.units[0] as UnitSignals).active,
      u,
      cell_now: cellNow,
      cell_shift: state.cellShift,
      cell_next: next,
      hidden,
    },
    { ...laneValues(p, true, parts.lane), MEM_DIR },
  );
  m.assign(state.cellNext, next.asUnsigned());
  m.assign(io.h_data, hidden.asUnsigned());
  return sum;
}
