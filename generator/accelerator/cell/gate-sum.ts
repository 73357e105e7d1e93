import {
  bit,
  clog2,
  type Expr,
  type Int,
  input,
  int,
  integer,
  max,
  output,
  type ParameterInts,
  type PortValues,
  type Relation,
  requires,
  type Scope,
  set,
  sint,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { clampWithin, roundAnyShift, saturate } from '../build/numeric.js';
import { MATCHES, matched } from '../images/matches.js';
import { leastSumBits } from '../plan/bounds.js';
import { bitsOf, type Configuration, tablesOf } from '../plan/configuration.js';

/** Cycles from the two sums to the aligned sum, and from there to the table input. */
export const GATE_SUM_LATENCY = 2;
export const TABLE_INPUT_LATENCY = 3;
/** Cycles from the two sums to the cycle in which the rounded sum is saturated. */
export const GATE_SUM_CLAMP = GATE_SUM_LATENCY + TABLE_INPUT_LATENCY - 1;

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

/** Registers of what is added, at one binary point; the function that is returned adds it in a stage. */
function alignment(
  m: Scope,
  p: AlignedSumInts,
  io: PortValues<ReturnType<typeof operandPorts>> & {
    readonly clk: Expr<'u'>;
    readonly active: Expr<'u'>;
    readonly sum: Expr<'s'>;
  },
): (stage: Int) => void {
  const aligned = sint(p.SUM_BITS);
  const x = m.reg('x_aligned', aligned);
  const h = m.reg('h_aligned', aligned);
  const b = m.reg('bias_aligned', aligned);
  return (stage) =>
    m.always(io.clk, [
      when(io.active.bit(0), [
        set(x, io.x_sum.resize(p.SUM_BITS).shiftLeft(io.shift_x, 0)),
        set(h, io.h_sum.resize(p.SUM_BITS).shiftLeft(io.shift_h, 0)),
        set(b, io.bias.resize(p.SUM_BITS).shiftLeft(io.shift_bias, 0)),
      ]),
      when(io.active.bit(stage), [set(io.sum, x.addWrap(h).addWrap(b))]),
    ]);
}

/** A sum of one lane that is aligned only: its lane rounds it. */
export function alignedSum(c: Configuration) {
  return defineBlock({
    name: `${c.name}_aligned_sum`,
    doc: 'Aligned sum s = (Sx << shift_x) + (Sh << shift_h) + (b << shift_bias), exact, after two cycles.',
    parameters: alignedSumParameters(c),
    relations: (p) => [holdsOperands(p)],
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(GATE_SUM_LATENCY), 'bit n: sums came n cycles ago'),
      ...operandPorts(p),
      sum: output(sint(p.SUM_BITS), 'two cycles late'),
    }),
    body: (m, p, io) => {
      const add = alignment(m, p, io);
      m.comment('Stages, in cycles after the sums.');
      add(m.local('ADD_STAGE', int(GATE_SUM_LATENCY - 1), 'aligned sums are added'));
    },
  });
}

export type GateSum = ReturnType<typeof gateSum>;
export type AlignedSum = ReturnType<typeof alignedSum>;

/** One gate of one lane: aligns both sums and the bias, then rounds and saturates to the table input. */
export function gateSum(c: Configuration) {
  const { inputBits } = tablesOf(c);
  const clipNote = `largest magnitude of u, ${GATE_SUM_CLAMP} cycles after the sums`;
  const clamp = c.clips ? 'max(-limit, min(limit, rnd(s)))' : 'sat(rnd(s))';
  return defineBlock({
    name: `${c.name}_gate_sum`,
    doc: `Aligned gate sum s = (Sx << shift_x) + (Sh << shift_h) + (b << shift_bias), exact, after two cycles; three more to the table input u = ${clamp}. The rounding shift is ROUND_MOST - round: a left shift by \`round\` and a constant right shift.`,
    parameters: gateSumParameters(c),
    relations: (p) => [
      holdsOperands(p),
      requires(p.ROUND_BITS, '>=', clog2(p.ROUND_MOST.plus(1)), 'ROUND_BITS must hold ROUND_MOST'),
    ],
    ports: (p) => ({
      clk: input(bit),
      active: input(
        uint(GATE_SUM_LATENCY + TABLE_INPUT_LATENCY),
        'bit n: sums came n cycles ago (n > 1: and go to a table)',
      ),
      ...operandPorts(p),
      round: input(
        uint(p.ROUND_BITS),
        `ROUND_MOST less the rounding shift, ${GATE_SUM_LATENCY} cycles after the sums`,
      ),
      ...(c.clips && { limit: input(uint(inputBits - 1), clipNote) }),
      sum: output(sint(p.SUM_BITS), 'two cycles late'),
      u: output(sint(inputBits), 'five cycles late'),
    }),
    body: (m, p, io) => {
      const add = alignment(m, p, io);
      m.comment('Stages, in cycles after the sums; u follows the last.');
      const stage = {
        add: m.local('ADD_STAGE', int(GATE_SUM_LATENCY - 1), 'aligned sums are added'),
        scale: m.local('SCALE_STAGE', int(GATE_SUM_LATENCY), 'the sum is shifted'),
        round: m.local('ROUND_STAGE', int(GATE_SUM_LATENCY + 1), 'rounded'),
        clamp: m.local('CLAMP_STAGE', int(GATE_SUM_CLAMP), 'saturated'),
      };
      add(stage.add);
      const scaled = m.reg('scaled', sint(p.SUM_BITS.plus(p.ROUND_MOST)));
      const value = roundAnyShift(m, 'rounded', scaled, p.ROUND_MOST);
      const late = m.reg('rounded_late', sint(p.SUM_BITS.plus(1)));
      const clamped =
        io.limit === undefined
          ? saturate(m, 'clamped', late, inputBits)
          : clampWithin(m, 'clamped', late, io.limit);
      m.always(io.clk, [
        when(io.active.bit(stage.scale), [set(scaled, io.sum.shiftLeft(io.round, p.ROUND_MOST))]),
        when(io.active.bit(stage.round), [set(late, value)]),
        when(io.active.bit(stage.clamp), [set(io.u, clamped)]),
      ]);
    },
  });
}
