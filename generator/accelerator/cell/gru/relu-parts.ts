import {
  concat,
  type Expr,
  type Int,
  type IntLike,
  int,
  literal,
  max,
  parameterValue,
  type Scope,
  set,
  signedLiteral,
  sint,
  uint,
  when,
} from '../../../hdl/index.js';
import type { TableScheme } from '../../../network/model.js';
import { tableOne } from '../../../network/table-scheme.js';
import { roundAnyShift, roundShift, saturate } from '../../build/numeric.js';
import { gateBits } from '../lane-arithmetic.js';
import type { LaneInts } from '../lane-interface.js';

/** Cycles from a value at a fixed binary point to its code in the word of the state. */
export const TO_STATE = 3;
/** Cycles from the products of z to the new state, and from a state to h. */
export const PRODUCTS_TO_STATE = 3;
export const WORD_TO_VALUE = 2;

/** `active(n)`: the cell whose u came n cycles ago; `shift(n)`: its cell_shift. */
export interface ReluTiming {
  readonly clk: Expr<'u'>;
  readonly active: (stage: IntLike) => Expr<'u'>;
  readonly shift: (stage: IntLike) => Expr<'u'>;
}

/**
 * sat(rnd(value)) with the fraction bits of the state, which cell_shift says: `value` has `point` of them, and is there in cycle `at`
 * in a register or wire with a name; the code is there TO_STATE cycles later. `ReLU`: what is below zero becomes zero.
 */
export function toState(
  m: Scope,
  p: LaneInts,
  { clk, active, shift }: ReluTiming,
  name: string,
  value: Expr<'s'>,
  {
    point,
    at,
    bits,
    relu,
  }: { readonly point: Int; readonly at: Int; readonly bits: Int; readonly relu: boolean },
): Expr<'s'> {
  const named = (part: string) => `${name}_${part}`;
  const least = p.CELL_POINT.minus(p.CELL_SHIFT_MOST);
  const full = m.local(
    named('point').toUpperCase(),
    max(point, p.CELL_POINT),
    'binary point before rounding',
  );
  const cut = full.minus(least);
  const raised = value.width.plus(full.minus(point)).plus(p.CELL_SHIFT_MOST);
  const width = m.local(named('bits').toUpperCase(), max(raised, cut.plus(bits)));
  const back = m.reg(
    named('back'),
    uint(p.CELL_SHIFT_BITS),
    'CELL_SHIFT_MOST - cell_shift: left, for the right shift behind it to be a constant',
  );
  const shifted = m.reg(named('shifted'), sint(width));
  const rounded = roundAnyShift(m, named('rounded'), shifted, cut);
  const late = m.reg(named('late'), sint(rounded.width));
  const clamped = saturate(m, named('clamped'), late, bits);
  const kept = relu
    ? m.wire(
        named('positive'),
        late.bit(late.width.minus(1)).choose(literal(0, bits).asSigned(), clamped),
        'max(0, x), the same behind the rounding as before it',
      )
    : clamped;
  const own = m.wire(named('raised'), concat(value, literal(0, full.minus(point))).asSigned());
  const code = m.reg(name, sint(bits));
  m.always(clk, [
    when(active(at.minus(1)), [
      set(back, parameterValue(p.CELL_SHIFT_MOST, p.CELL_SHIFT_BITS).subWrap(shift(at.minus(1)))),
    ]),
    when(active(at), [set(shifted, own.resize(width).shiftLeft(back, 0))]),
    when(active(at.plus(1)), [set(late, rounded)]),
    when(active(at.plus(2)), [set(code, kept)]),
  ]);
  return code;
}

/**
 * s' = rnd(z * s + (1 - z) * n) in the port cell_next, PRODUCTS_TO_STATE cycles after the products, which are in registers in cycle `at`: it lies
 * between s and n, so that nothing saturates.
 */
export function blendedState(
  m: Scope,
  p: Pick<LaneInts, 'CELL_BITS'>,
  io: Readonly<Record<'cell_now' | 'cell_next', Expr<'s'>>>,
  { clk, active }: Pick<ReluTiming, 'clk' | 'active'>,
  at: Int,
  { z, n, scheme }: { readonly z: Expr<'s'>; readonly n: Expr<'s'>; readonly scheme: TableScheme },
): void {
  const one = signedLiteral(tableOne(scheme), gateBits(scheme));
  const rest = m.wire('gate_rest', one.subWrap(z), '1 - z');
  const width = p.CELL_BITS.plus(gateBits(scheme));
  const kept = m.reg('kept_product', sint(width), 'z * s');
  const added = m.reg('added_product', sint(width), '(1 - z) * n');
  const keptLate = m.reg('kept_late', sint(width));
  const addedLate = m.reg('added_late', sint(width));
  const exact = m.reg('exact', sint(width), "s' before rounding");
  const rounded = roundShift(m, 'rounded', exact, scheme.outputFraction);
  m.unused('rounded_top', rounded);
  m.always(clk, [
    set(kept, z.mul(io.cell_now)),
    set(added, rest.mul(n)),
    when(active(at), [set(keptLate, kept), set(addedLate, added)]),
    when(active(at.plus(1)), [set(exact, keptLate.addWrap(addedLate))]),
    when(active(at.plus(2)), [set(io.cell_next, rounded.part(0, p.CELL_BITS).asSigned())]),
  ]);
}

/** h = sat(rnd(s)), the highest bits of the word of s, in `hidden` WORD_TO_VALUE cycles after s, which is there in cycle `at`. */
export function valueOfWord(
  m: Scope,
  p: Pick<LaneInts, 'CELL_BITS' | 'ACT_BITS'>,
  { state, hidden }: Readonly<Record<'state' | 'hidden', Expr<'s'>>>,
  { clk, active }: Pick<ReluTiming, 'clk' | 'active'>,
  at: Int,
): void {
  const finer = m.local('WIDER_BITS', max(p.CELL_BITS, p.ACT_BITS), 'the longer word of s and h');
  const raised = m.wire(
    'state_raised',
    concat(state, literal(0, finer.minus(p.CELL_BITS))).asSigned(),
    's with as many bits as h at least',
  );
  const rounded = roundAnyShift(m, 'state_rounded', raised, finer.minus(p.ACT_BITS));
  const late = m.reg('state_late', sint(rounded.width));
  const clamped = saturate(m, 'hidden_clamped', late, p.ACT_BITS);
  m.always(clk, [
    when(active(at), [set(late, rounded)]),
    when(active(at.plus(1)), [set(hidden, clamped)]),
  ]);
}

/** The sum `s` at a fixed binary point, ROUND_MOST plus the fraction bits of a table input: in a register, with shift `round`. */
export function scaledSum(
  m: Scope,
  p: Readonly<Record<'SUM_BITS' | 'ROUND_MOST', Int>>,
  name: string,
  {
    clk,
    enable,
    sum,
    round,
  }: {
    readonly clk: Expr<'u'>;
    readonly enable: Expr<'u'>;
    readonly sum: Expr<'s'>;
    readonly round: Expr<'u'>;
  },
): Expr<'s'> {
  const scaled = m.reg(name, sint(p.SUM_BITS.plus(p.ROUND_MOST)), 's at the finest point of sums');
  m.always(clk, [when(enable, [set(scaled, sum.shiftLeft(round, p.ROUND_MOST))])]);
  return scaled;
}

/** Binary point of what `scaledSum` gives. */
export function scaledPoint(
  p: Pick<Readonly<Record<'ROUND_MOST', Int>>, 'ROUND_MOST'>,
  { inputFraction }: TableScheme,
): Int {
  return p.ROUND_MOST.plus(int(inputFraction));
}
