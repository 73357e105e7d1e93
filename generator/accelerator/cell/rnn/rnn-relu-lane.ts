import { bit, input, int, literal, output, set, sint, uint, when } from '../../../hdl/index.js';
import { defineBlock } from '../../build/define-block.js';
import { roundAnyShift, saturate } from '../../build/numeric.js';
import type { Configuration } from '../../plan/configuration.js';
import { TABLE_INPUT_LATENCY } from '../gate-sum.js';
import { openParameters, openRelations, valueParameters } from '../lane-interface.js';

/** Cycles from the place of a table input to h. */
export const RNN_RELU_VALUE = 1;

/** h = max(0, s), one cell per cycle, with the rounding points of arithmetic.ts. */
export function rnnReluLane(c: Configuration) {
  return defineBlock({
    name: `${c.name}_rnn_relu_lane`,
    doc: `RNN update, one cell per cycle: h = sat(rnd(max(0, s))), ${TABLE_INPUT_LATENCY + RNN_RELU_VALUE} cycles after the aligned sum. The rounding shift to the binary point of h is ROUND_MOST - round.`,
    parameters: {
      ...valueParameters(c, 'Bits of h; each layer has a binary point of its own'),
      ...openParameters(c),
    },
    relations: (p) => openRelations(p, 0),
    ports: (p) => ({
      clk: input(bit),
      active: input(
        uint(RNN_RELU_VALUE),
        `bit n: the sum came ${TABLE_INPUT_LATENCY} + n cycles ago`,
      ),
      early: input(uint(TABLE_INPUT_LATENCY), 'bit n: the sum came n cycles ago'),
      round: input(uint(p.ROUND_BITS), 'with the sum'),
      s_h: input(sint(p.SUM_BITS)),
      hidden: output(sint(p.ACT_BITS)),
    }),
    body: (m, p, io) => {
      const scaled = m.reg('scaled', sint(p.SUM_BITS.plus(p.ROUND_MOST)));
      const rounded = roundAnyShift(m, 'rounded', scaled, p.ROUND_MOST);
      const late = m.reg('rounded_late', sint(rounded.width));
      const clamped = saturate(m, 'clamped', late, p.ACT_BITS);
      const value = m.reg('value', sint(p.ACT_BITS));
      const positive = m.wire(
        'positive',
        io.s_h.bit(p.SUM_BITS.minus(1)).choose(literal(0, p.SUM_BITS).asSigned(), io.s_h),
        'max(0, s)',
      );
      m.always(io.clk, [
        when(io.early.bit(0), [set(scaled, positive.shiftLeft(io.round, p.ROUND_MOST))]),
        when(io.early.bit(1), [set(late, rounded)]),
        when(io.early.bit(2), [set(value, clamped)]),
        when(io.active.bit(int(0)), [set(io.hidden, value)]),
      ]);
    },
  });
}
