import {
  bit,
  type Expr,
  input,
  literal,
  output,
  type Scope,
  Stages,
  set,
  sint,
  uint,
} from '../../../hdl/index.js';
import { defineBlock } from '../../build/define-block.js';
import { roundAnyShift, saturate } from '../../build/numeric.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { cyclesOf, TABLE_INPUT, trackOf } from '../../pipeline/tracks.js';
import type { Configuration } from '../../plan/configuration.js';
import { tableInputLatency } from '../gate-sum.js';
import {
  activeOf,
  earlyPort,
  openParameters,
  openRelations,
  valueParameters,
} from '../lane-interface.js';

/** Registers from the place of a table input to the value; those before it lie where a table input is made. */
const VALUE = ['range'] as const;

/** Cycles from the place of a table input to the value. */
export function linearLatency(c: Pipelined): number {
  return cyclesOf(c, VALUE);
}

/** y = s within a range, one cell per cycle, with the rounding points of arithmetic.ts; without ranges none is below zero. */
export function linearLane(c: Configuration) {
  const before = tableInputLatency(c);
  const latency = before + linearLatency(c);
  const what = c.ranges
    ? 'y = min(high, max(low, sat(rnd(s))))'
    : 'a ReLU, y = sat(rnd(max(0, s)))';
  return defineBlock({
    name: `${c.name}_linear_lane`,
    doc: `Values of a layer from its sums, one cell per cycle: ${what}, ${latency} cycle${latency === 1 ? '' : 's'} after the aligned sum. The rounding shift to the binary point of y is ROUND_MOST - round.`,
    parameters: {
      ...valueParameters(c, 'Bits of y; each layer has a binary point of its own'),
      ...openParameters(c),
    },
    relations: (p) => openRelations(p, 0),
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(linearLatency(c)), `bit n: the sum came ${before} + n cycles ago`),
      ...earlyPort(c, 'bit n: the sum came n cycles ago'),
      round: input(uint(p.ROUND_BITS), 'with the sum'),
      s_y: input(sint(p.SUM_BITS)),
      ...(c.ranges
        ? {
            low: input(sint(p.ACT_BITS), `${before} cycles after the sum`),
            high: input(sint(p.ACT_BITS)),
          }
        : {}),
      hidden: output(sint(p.ACT_BITS)),
    }),
    body: (m, p, io) => {
      const track = trackOf(c, [...TABLE_INPUT, ...VALUE], TABLE_INPUT.length);
      const stages = new Stages(m, io.clk, track, activeOf(c, track, io));
      const first = stages.at(-TABLE_INPUT.length);
      const [scale, round, clamp] = [first, first.plus(1), first.plus(2)] as const;
      const scaled = stages.reg(scale, 'scaled', sint(p.SUM_BITS.plus(p.ROUND_MOST)));
      const rounded = roundAnyShift(m, 'rounded', scaled, p.ROUND_MOST);
      const late = stages.reg(round, 'rounded_late', sint(rounded.width));
      const clamped = saturate(m, 'clamped', late, p.ACT_BITS);
      const value = stages.reg(clamp, 'value', sint(p.ACT_BITS));
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
      stages.set(
        stages.held(scale, set(scaled, taken.shiftLeft(io.round, p.ROUND_MOST))),
        stages.held(round, set(late, rounded)),
        stages.held(clamp, set(value, clamped)),
        stages.held(stages.at(0), set(io.hidden, kept)),
      );
    },
  });
}

function within(m: Scope, value: Expr<'s'>, low: Expr<'s'>, high: Expr<'s'>): Expr<'s'> {
  const below = m.wire('below', value.lt(low));
  const above = m.wire('above', high.lt(value));
  const bounded = m.wire('bounded', above.choose(high, value));
  return m.wire('value_within', below.choose(low, bounded), 'the range of the layer');
}
