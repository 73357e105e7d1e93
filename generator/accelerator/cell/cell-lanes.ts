import { type Scope, uint } from '../../hdl/index.js';
import { MEM_DIR } from '../images/names.js';
import { type CellInts, type CellPorts, lanesOf } from './cell-interface.js';
import { type GateSum, gateSumValues } from './gate-sum.js';
import { cellOperand, gateOperands, type LaneSignals } from './lane-inputs.js';
import { laneValues } from './lane-interface.js';
import type { LaneModule } from './unit.js';

/** CELL_LANES lanes: a gate sum for each gate, and the update of the cell behind them. */
export function cellLanes(
  m: Scope,
  p: CellInts,
  io: CellPorts,
  parts: { readonly gateSum: GateSum; readonly lane: LaneModule },
  of: LaneSignals,
): void {
  const slices = of.gates.length;
  const { inputBits } = of.scheme;
  m.forEach('lane', lanesOf(p), (lane, scope) => {
    const u = scope.net('u', uint(slices * inputBits));
    scope.forEach('gate', slices, (gate, inner) => {
      const place = lane.times(slices).plus(gate);
      const operands = gateOperands(inner, p, io.clk, of, {
        ready: io.ready_sums.part(place.times(p.ACC_BITS), p.ACC_BITS),
        complete: io.complete_sums.part(place.times(p.ACC_BITS), p.ACC_BITS),
        bias: of.biases.part(place.times(p.BIAS_BITS), p.BIAS_BITS),
        when: of.step,
      });
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
    const gateInput = (name: string, gate: number) =>
      scope.wire(name, u.part(gate * inputBits, inputBits).asSigned());
    const cellNow = cellOperand(scope, p, io.clk, of, lane);
    scope.instance(
      'u_lane',
      parts.lane,
      {
        clk: io.clk,
        active: of.laneActive,
        ...Object.fromEntries(of.gates.map((gate, n) => [`u_${gate}`, gateInput(`u_${gate}`, n)])),
        cell_now: cellNow,
        cell_shift: of.cellShift,
        cell_next: of.cellNext.part(lane.times(p.CELL_BITS), p.CELL_BITS),
        hidden: io.h_data.part(lane.times(p.ACT_BITS), p.ACT_BITS),
      },
      { ...laneValues(p), MEM_DIR },
    );
  });
}
