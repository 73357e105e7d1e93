import { type Expr, literal, repeat, type Scope, set, sint, uint, when } from '../../hdl/index.js';
import { TABLE_INPUT_BITS } from '../../network/arithmetic.js';
import { GATE_COUNT } from '../configuration.js';
import { type CellInts, type CellPorts, lanesOf } from './cell-interface.js';
import type { GateSum } from './gate-sum.js';
import type { LstmLane } from './lstm-lane.js';

/** What all lanes of a step share. */
export interface LaneSignals {
  readonly outputLayer: Expr<'u'>;
  /** The ready half is the input side. */
  readonly xFirst: Expr<'u'>;
  /** [lane][gate] */
  readonly biases: Expr<'u'>;
  readonly shifts: Readonly<Record<'shift_x' | 'shift_h' | 'shift_bias' | 'round', Expr<'u'>>>;
  /** A step is at the ports; its shifts come one cycle later. */
  readonly step: Expr<'u'>;
  /** Which stages of the gate sums and of the lanes hold a step. */
  readonly sumActive: Expr<'u'>;
  readonly laneActive: Expr<'u'>;
  /** c has been read. */
  readonly cellRead: Expr<'u'>;
  /** c reads as zero: first frame of an utterance. */
  readonly fresh: Expr<'u'>;
  /** c and c' of all lanes, [lane]. */
  readonly cellStored: Expr<'u'>;
  readonly cellNext: Expr<'u'>;
  readonly cellShift: Expr<'u'>;
}

/** CELL_LANES lanes: a gate sum for each gate, and the LSTM update behind them. */
export function cellLanes(
  m: Scope,
  p: CellInts,
  io: CellPorts,
  parts: { readonly gateSum: GateSum; readonly lane: LstmLane },
  of: LaneSignals,
): void {
  m.forEach('lane', lanesOf(p), (lane, scope) => {
    const u = scope.net('u', uint(GATE_COUNT * TABLE_INPUT_BITS));
    scope.forEach('gate', GATE_COUNT, (gate, inner) => {
      const place = lane.times(GATE_COUNT).plus(gate);
      const ready = inner.wire(
        'ready',
        io.ready_sums.part(place.times(p.ACC_BITS), p.ACC_BITS).asSigned(),
      );
      const complete = inner.wire(
        'complete',
        io.complete_sums.part(place.times(p.ACC_BITS), p.ACC_BITS).asSigned(),
      );
      const none = inner.wire(
        'masked',
        of.outputLayer.choose(literal(0, p.ACC_BITS).asSigned(), ready),
      );
      const xSum = inner.reg('x_sum', sint(p.ACC_BITS));
      const hSum = inner.reg('h_sum', sint(p.ACC_BITS));
      const bias = inner.reg('bias', sint(p.BIAS_BITS));
      inner.always(io.clk, [
        when(of.step, [
          set(xSum, of.xFirst.choose(ready, complete)),
          set(hSum, of.xFirst.choose(complete, none)),
          set(bias, of.biases.part(place.times(p.BIAS_BITS), p.BIAS_BITS).asSigned()),
        ]),
      ]);
      inner.instance(
        'u_gate_sum',
        parts.gateSum,
        {
          clk: io.clk,
          active: of.sumActive,
          x_sum: xSum,
          h_sum: hSum,
          bias,
          ...of.shifts,
          sum: io.sums.part(place.times(p.SUM_BITS), p.SUM_BITS),
          u: u.part(gate.times(TABLE_INPUT_BITS), TABLE_INPUT_BITS),
        },
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
    });
    const gateInput = (name: string, gate: number) =>
      scope.wire(name, u.part(gate * TABLE_INPUT_BITS, TABLE_INPUT_BITS).asSigned());
    const c0 = scope.reg('cell_now', sint(p.CELL_BITS), 'zero in the first frame of an utterance');
    scope.always(io.clk, [
      when(of.cellRead, [
        set(
          c0,
          repeat(p.CELL_BITS, of.fresh.not())
            .and(of.cellStored.part(lane.times(p.CELL_BITS), p.CELL_BITS))
            .asSigned(),
        ),
      ]),
    ]);
    scope.instance(
      'u_lane',
      parts.lane,
      {
        clk: io.clk,
        active: of.laneActive,
        u_i: gateInput('u_i', 0),
        u_f: gateInput('u_f', 1),
        u_g: gateInput('u_g', 2),
        u_o: gateInput('u_o', 3),
        cell_now: c0,
        cell_shift: of.cellShift,
        cell_next: of.cellNext.part(lane.times(p.CELL_BITS), p.CELL_BITS),
        hidden: io.h_data.part(lane.times(p.ACT_BITS), p.ACT_BITS),
      },
      {
        ACT_BITS: p.ACT_BITS,
        CELL_BITS: p.CELL_BITS,
        CELL_POINT: p.CELL_POINT,
        CELL_SHIFT_MOST: p.CELL_SHIFT_MOST,
        CELL_SHIFT_BITS: p.CELL_SHIFT_BITS,
      },
    );
  });
}
