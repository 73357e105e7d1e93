import {
  bit,
  bitOfStage,
  clog2,
  type Expr,
  input,
  integer,
  max,
  output,
  type ParameterInts,
  type PortValues,
  type Relation,
  requires,
  type Scope,
  type Stage,
  Stages,
  set,
  sint,
  type Track,
  uint,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { clampWithin, roundAnyShift, saturate } from '../build/numeric.js';
import { MATCHES, matched } from '../images/matches.js';
import type { Pipelined } from '../pipeline/registers.js';
import { cyclesOf, SUM, TABLE_INPUT, trackOf } from '../pipeline/tracks.js';
import { leastSumBits } from '../plan/bounds.js';
import { bitsOf, type Configuration, tablesOf } from '../plan/configuration.js';

/** Stages from the two sums to the aligned sum, and to where the rounded sum is saturated. */
const ALIGNED = SUM.length;
const CLAMP = SUM.length + TABLE_INPUT.length - 1;

/** From the two sums to the table input. */
function sumTrack(c: Pipelined): Track {
  return trackOf(c, [...SUM, ...TABLE_INPUT]);
}

/** Cycles from the two sums to the aligned sum, and from there to the table input. */
export function gateSumLatency(c: Pipelined): number {
  return cyclesOf(c, SUM);
}
export function tableInputLatency(c: Pipelined): number {
  return cyclesOf(c, TABLE_INPUT);
}

/** Cycles from the two sums to where the rounded sum is saturated. */
export function gateSumClamp(c: Pipelined): number {
  return sumTrack(c).cycles(CLAMP);
}

const COUNTS = ['none', 'one', 'two', 'three', 'four', 'five'] as const;

/** A number of cycles in words. */
function cyclesText(count: number): string {
  return `${COUNTS[count]} cycle${count === 1 ? '' : 's'}`;
}

/** The same behind something. */
function lateText(count: number): string {
  return count === 0 ? 'in the same cycle' : `${cyclesText(count)} late`;
}

/** Parameters of the shifts of a gate sum. */
export function gateSumShifts(c: Configuration) {
  return {
    SHIFT_X_BITS: matched(
      integer(bitsOf(c.shiftXMost + 1), 'Bits of the left shift of Sx'),
      MATCHES.cellFields,
    ),
    SHIFT_H_BITS: matched(
      integer(bitsOf(c.shiftHMost + 1), 'Bits of the left shift of Sh'),
      MATCHES.cellFields,
    ),
    SHIFT_BIAS_BITS: matched(
      integer(bitsOf(c.shiftBiasMost + 1), 'Bits of the left shift of the bias'),
      MATCHES.cellFields,
    ),
    ROUND_MOST: matched(
      integer(c.roundMost, 'Largest rounding shift from a gate sum to the table input', 0),
      MATCHES.cellShifts,
    ),
    ROUND_BITS: matched(
      integer(bitsOf(c.roundMost + 1), 'Bits of a rounding shift'),
      MATCHES.cellFields,
    ),
  };
}

/** Parameters of a gate sum. */
export function gateSumParameters(c: Configuration) {
  return {
    ACC_BITS: matched(integer(c.accumulatorBits, 'Bits of Sx and Sh'), MATCHES.room),
    BIAS_BITS: matched(integer(c.words.bias, 'Bits of the bias'), MATCHES.biases),
    SUM_BITS: matched(
      integer(
        c.sumBits,
        'Bits of the aligned sum: the worst case of the shape',
        leastSumBits(tablesOf(c)),
      ),
      MATCHES.room,
    ),
    ...gateSumShifts(c),
  };
}

/** Parameters of a sum that is aligned only. */
export function alignedSumParameters(c: Configuration) {
  const { ROUND_MOST: _, ROUND_BITS: __, ...parameters } = gateSumParameters(c);
  return parameters;
}

type AlignedSumInts = ParameterInts<ReturnType<typeof alignedSumParameters>>;

/** The values that the cell update gives them. */
export function alignedSumValues(p: AlignedSumInts): AlignedSumInts {
  const { ACC_BITS, BIAS_BITS, SUM_BITS, SHIFT_X_BITS, SHIFT_H_BITS, SHIFT_BIAS_BITS } = p;
  return { ACC_BITS, BIAS_BITS, SUM_BITS, SHIFT_X_BITS, SHIFT_H_BITS, SHIFT_BIAS_BITS };
}

type GateSumInts = ParameterInts<ReturnType<typeof gateSumParameters>>;

/** The values that the cell update gives them. */
export function gateSumValues(p: GateSumInts): GateSumInts {
  const { ACC_BITS, BIAS_BITS, SUM_BITS } = p;
  const { SHIFT_X_BITS, SHIFT_H_BITS, SHIFT_BIAS_BITS, ROUND_BITS, ROUND_MOST } = p;
  return {
    ...{ ACC_BITS, BIAS_BITS, SUM_BITS },
    ...{ SHIFT_X_BITS, SHIFT_H_BITS, SHIFT_BIAS_BITS, ROUND_BITS, ROUND_MOST },
  };
}

/** Ports of what is added. */
function operandPorts(p: AlignedSumInts) {
  return {
    x_sum: input(sint(p.ACC_BITS)),
    h_sum: input(sint(p.ACC_BITS), 'zero in the output layer'),
    bias: input(sint(p.BIAS_BITS)),
    shift_x: input(uint(p.SHIFT_X_BITS)),
    shift_h: input(uint(p.SHIFT_H_BITS)),
    shift_bias: input(uint(p.SHIFT_BIAS_BITS)),
  };
}

function holdsOperands(p: AlignedSumInts): Relation {
  return requires(
    p.SUM_BITS,
    '>=',
    max(p.ACC_BITS, p.BIAS_BITS),
    'SUM_BITS must be at least ACC_BITS and BIAS_BITS',
  );
}

/** What is added, at one binary point; the function that is returned adds it in a stage. */
function alignment(
  stages: Stages,
  p: AlignedSumInts,
  io: PortValues<ReturnType<typeof operandPorts>> & { readonly sum: Expr<'s'> },
): (stage: Stage) => void {
  const aligned = sint(p.SUM_BITS);
  const at = stages.at(0);
  const x = stages.reg(at, 'x_aligned', aligned);
  const h = stages.reg(at, 'h_aligned', aligned);
  const b = stages.reg(at, 'bias_aligned', aligned);
  return (stage) =>
    stages.set(
      stages.held(
        at,
        set(x, io.x_sum.resize(p.SUM_BITS).shiftLeft(io.shift_x, 0)),
        set(h, io.h_sum.resize(p.SUM_BITS).shiftLeft(io.shift_h, 0)),
        set(b, io.bias.resize(p.SUM_BITS).shiftLeft(io.shift_bias, 0)),
      ),
      stages.held(stage, set(io.sum, x.addWrap(h).addWrap(b))),
    );
}

/** The stages of a sum, from its operands on. */
function sumStages(
  m: Scope,
  c: Pipelined,
  io: { readonly clk: Expr<'u'>; readonly active: Expr<'u'> },
): Stages {
  return new Stages(m, io.clk, sumTrack(c), bitOfStage(io.active));
}

/** A sum of one lane that is aligned only: its lane rounds it. */
export function alignedSum(c: Configuration) {
  return defineBlock({
    name: `${c.name}_aligned_sum`,
    doc: `Aligned sum s = (Sx << shift_x) + (Sh << shift_h) + (b << shift_bias), exact, after ${cyclesText(gateSumLatency(c))}.`,
    parameters: alignedSumParameters(c),
    relations: (p) => [holdsOperands(p)],
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(gateSumLatency(c)), 'bit n: sums came n cycles ago'),
      ...operandPorts(p),
      sum: output(sint(p.SUM_BITS), lateText(gateSumLatency(c))),
    }),
    body: (m, p, io) => {
      const stages = sumStages(m, c, io);
      const add = alignment(stages, p, io);
      stages.title('Stages, in cycles after the sums.');
      add(stages.named('ADD_STAGE', ALIGNED - 1, 'aligned sums are added'));
    },
  });
}

export type GateSum = ReturnType<typeof gateSum>;
export type AlignedSum = ReturnType<typeof alignedSum>;

/** One gate of one lane: aligns both sums and the bias, then rounds and saturates to the table input. */
export function gateSum(c: Configuration) {
  const { inputBits } = tablesOf(c);
  const [aligned, toInput] = [gateSumLatency(c), tableInputLatency(c)];
  const clipNote = `largest magnitude of u, ${gateSumClamp(c)} cycles after the sums`;
  const clamp = c.clips ? 'max(-limit, min(limit, rnd(s)))' : 'sat(rnd(s))';
  return defineBlock({
    name: `${c.name}_gate_sum`,
    doc: `Aligned gate sum s = (Sx << shift_x) + (Sh << shift_h) + (b << shift_bias), exact, after ${cyclesText(aligned)}; ${COUNTS[toInput]} more to the table input u = ${clamp}. The rounding shift is ROUND_MOST - round: a left shift by \`round\` and a constant right shift.`,
    parameters: gateSumParameters(c),
    relations: (p) => [
      holdsOperands(p),
      requires(p.ROUND_BITS, '>=', clog2(p.ROUND_MOST.plus(1)), 'ROUND_BITS must hold ROUND_MOST'),
    ],
    ports: (p) => ({
      clk: input(bit),
      active: input(
        uint(aligned + toInput),
        `bit n: sums came n cycles ago${toInput > 0 ? ` (n > ${aligned - 1}: and go to a table)` : ''}`,
      ),
      ...operandPorts(p),
      round: input(
        uint(p.ROUND_BITS),
        `ROUND_MOST less the rounding shift, ${aligned} cycles after the sums`,
      ),
      ...(c.clips && { limit: input(uint(inputBits - 1), clipNote) }),
      sum: output(sint(p.SUM_BITS), lateText(aligned)),
      u: output(sint(inputBits), lateText(aligned + toInput)),
    }),
    body: (m, p, io) => {
      const stages = sumStages(m, c, io);
      const add = alignment(stages, p, io);
      stages.title('Stages, in cycles after the sums; u follows the last.');
      const stage = {
        add: stages.named('ADD_STAGE', ALIGNED - 1, 'aligned sums are added'),
        scale: stages.named('SCALE_STAGE', ALIGNED, 'the sum is shifted'),
        round: stages.named('ROUND_STAGE', ALIGNED + 1, 'rounded'),
        clamp: stages.named('CLAMP_STAGE', CLAMP, 'saturated'),
      };
      add(stage.add);
      const scaled = stages.reg(stage.scale, 'scaled', sint(p.SUM_BITS.plus(p.ROUND_MOST)));
      const value = roundAnyShift(m, 'rounded', scaled, p.ROUND_MOST);
      const late = stages.reg(stage.round, 'rounded_late', sint(p.SUM_BITS.plus(1)));
      const clamped =
        io.limit === undefined
          ? saturate(m, 'clamped', late, inputBits)
          : clampWithin(m, 'clamped', late, io.limit);
      stages.set(
        stages.held(stage.scale, set(scaled, io.sum.shiftLeft(io.round, p.ROUND_MOST))),
        stages.held(stage.round, set(late, value)),
        stages.held(stage.clamp, set(io.u, clamped)),
      );
    },
  });
}
