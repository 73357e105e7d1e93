import {
  bit,
  type Expr,
  input,
  int,
  literal,
  output,
  type Scope,
  set,
  sint,
  uint,
  when,
} from '../../../hdl/index.js';
import { defineBlock } from '../../build/define-block.js';
import { roundAnyShift, saturate } from '../../build/numeric.js';
import type { Configuration } from '../../plan/configuration.js';
import { TABLE_INPUT_LATENCY } from '../gate-sum.js';
import { openParameters, openRelations, valueParameters } from '../lane-interface.js';

/** Cycles from the place of a table input to the value. */
export const LINEAR_VALUE = 1;

/** y = s within a range, one cell per cycle, with the rounding points of arithmetic.ts; without ranges none is below zero. */
export function linearLane(c: Configuration) {
  const latency = TABLE_INPUT_LATENCY + LINEAR_VALUE;
  const what = c.ranges
    ? 'y = min(high, max(low, sat(rnd(s))))'
    : 'a ReLU, y = sat(rnd(max(0, s)))';
  return defineBlock({
    name: `${c.name}_linear_lane`,
    doc: `Values of a layer from its sums, one cell per cycle: ${what}, ${latency} cycles after the aligned sum. The rounding shift to the binary point of y is ROUND_MOST - round.`,
    parameters: {
      ...valueParameters(c, 'Bits of y; each layer has a binary point of its own'),
      ...openParameters(c),
    },
    relations: (p) => openRelations(p, 0),
    ports: (p) => ({
      clk: input(bit),
      active: input(
        uint(LINEAR_VALUE),
        `bit n: the sum came ${TABLE_INPUT_LATENCY} + n cycles ago`,
      ),
      early: input(uint(TABLE_INPUT_LATENCY), 'bit n: the sum came n cycles ago'),
      round: input(uint(p.ROUND_BITS), 'with the sum'),
      s_y: input(sint(p.SUM_BITS)),
      ...(c.ranges
        ? {
            low: input(sint(p.ACT_BITS), `${TABLE_INPUT_LATENCY} cycles after the sum`),
            high: input(sint(p.ACT_BITS)),
          }
        : {}),
      hidden: output(sint(p.ACT_BITS)),
    }),
    body: (m, p, io) => {
      const scaled = m.reg('scaled', sint(p.SUM_BITS.plus(p.ROUND_MOST)));
      const rounded = roundAnyShift(m, 'rounded', scaled, p.ROUND_MOST);
      const late = m.reg('rounded_late', sint(rounded.width));
      const clamped = saturate(m, 'clamped', late, p.ACT_BITS);
      const value = m.reg('value', sint(p.ACT_BITS));
      const taken =
        io.low === undefined
          ? m.wire(
              'positive',
              io.s_y.bit(p.SUM_BITS.minus(1)).choose(literal(0, p.SUM_BITS).asSigned(), io.s_y),
              'max(0, s)',
            )
          : io.s_y;
      const kept =
        io.low === undefined || io.high === undefined ? value : within(m, value, io.low, io.high);
      m.always(io.clk, [
        when(io.early.bit(0), [set(scaled, taken.shiftLeft(io.round, p.ROUND_MOST))]),
        when(io.early.bit(1), [set(late, rounded)]),
        when(io.early.bit(2), [set(value, clamped)]),
        when(io.active.bit(int(0)), [set(io.hidden, kept)]),
      ]);
    },
  });
}

function within(m: Scope, value: Expr<'s'>, low: Expr<'s'>, high: Expr<'s'>): Expr<'s'> {
  const below = m.wire('below', value.lt(low));
  const above = m.wire('above', high.lt(value));
  const bounded = m.wire('bounded', above.choose(high, value));
  return m.wire('value_within', below.choose(low, bounded), 'the range of the layer');
}
