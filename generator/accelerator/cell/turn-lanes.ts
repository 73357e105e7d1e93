import {
  anyOf,
  concat,
  type Expr,
  literal,
  repeat,
  type Scope,
  set,
  sint,
  uint,
  when,
} from '../../hdl/index.js';
import { TABLE_INPUT_BITS } from '../../network/arithmetic.js';
import { GATE_COUNT } from '../configuration.js';
import type { CellInts, CellPorts } from './cell-interface.js';
import type { LaneSignals } from './cell-lanes.js';
import type { GateSum } from './gate-sum.js';
import type { TurnLane } from './turn-lane.js';

/** What a lane needs to know when gates take turns. */
export interface TurnSignals extends LaneSignals {
  /** Bit n: the sums of gate n are at the lane. */
  readonly turns: readonly Expr<'u'>[];
  /** An aligned sum of an LSTM layer is there, of the first three gates. */
  readonly collect: Expr<'u'>;
}

/** One lane whose gates take turns: one gate sum, and the LSTM update behind it. */
export function turnLanes(
  m: Scope,
  p: CellInts,
  io: CellPorts,
  parts: { readonly gateSum: GateSum; readonly lane: TurnLane },
  of: TurnSignals,
): void {
  const ready = m.wire('ready', io.ready_sums.asSigned());
  const complete = m.wire('complete', io.complete_sums.asSigned());
  const none = m.wire('masked', of.outputLayer.choose(literal(0, p.ACC_BITS).asSigned(), ready));
  const own = m.wire(
    'own_bias',
    anyOf(
      ...of.turns.map((turn, gate) =>
        repeat(p.BIAS_BITS, turn).and(of.biases.part(p.BIAS_BITS.times(gate), p.BIAS_BITS)),
      ),
    ),
    'of the gate whose turn it is',
  );
  const xSum = m.reg('x_sum', sint(p.ACC_BITS));
  const hSum = m.reg('h_sum', sint(p.ACC_BITS));
  const bias = m.reg('bias', sint(p.BIAS_BITS));
  m.always(io.clk, [
    when(anyOf(...of.turns), [
      set(xSum, of.xFirst.choose(ready, complete)),
      set(hSum, of.xFirst.choose(complete, none)),
      set(bias, own.asSigned()),
    ]),
  ]);
  const sum = m.net('sum', sint(p.SUM_BITS));
  const u = m.net('u', sint(TABLE_INPUT_BITS));
  m.instance(
    'u_gate_sum',
    parts.gateSum,
    { clk: io.clk, active: of.sumActive, x_sum: xSum, h_sum: hSum, bias, ...of.shifts, sum, u },
    {
      ACC_BITS: p.ACC_BITS,
      BIAS_BITS: p.BIAS_BITS,
      SUM_BITS: p.SUM_BITS,
      SHIFT_X_BITS: p.SHIFT_X_BITS,
      SHIFT_H_BITS: p.SHIFT_H_BITS,
      SHIFT_BIAS_BITS: p.SHIFT_BIAS_BITS,
      ROUND_BITS: p.ROUND_BITS,
      ROUND_MOST: p.ROUND_MOST,
    },
  );
  const rest = p.SUM_BITS.times(GATE_COUNT - 1);
  const before = m.reg('sums_before', uint(rest), 'of the gates before this one, for the trace');
  m.always(io.clk, [
    when(of.collect, [
      set(before, concat(sum, before.part(p.SUM_BITS, p.SUM_BITS.times(GATE_COUNT - 2)))),
    ]),
  ]);
  m.assign(io.sums, concat(sum, before));

  const cellNow = m.reg('cell_now', sint(p.CELL_BITS), 'zero in the first frame of an utterance');
  m.always(io.clk, [
    when(of.cellRead, [
      set(cellNow, repeat(p.CELL_BITS, of.fresh.not()).and(of.cellStored).asSigned()),
    ]),
  ]);
  const next = m.net('new_cell', sint(p.CELL_BITS));
  const hidden = m.net('new_hidden', sint(p.ACT_BITS));
  m.instance(
    'u_lane',
    parts.lane,
    {
      clk: io.clk,
      active: of.laneActive,
      u,
      cell_now: cellNow,
      cell_shift: of.cellShift,
      cell_next: next,
      hidden,
    },
    {
      ACT_BITS: p.ACT_BITS,
      CELL_BITS: p.CELL_BITS,
      CELL_POINT: p.CELL_POINT,
      CELL_SHIFT_MOST: p.CELL_SHIFT_MOST,
      CELL_SHIFT_BITS: p.CELL_SHIFT_BITS,
    },
  );
  m.assign(of.cellNext, next.asUnsigned());
  m.assign(io.h_data, hidden.asUnsigned());
}
