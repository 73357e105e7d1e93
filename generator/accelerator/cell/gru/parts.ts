import {
  concat,
  type Expr,
  type Int,
  type IntLike,
  int,
  literal,
  max,
  type Scope,
  set,
  sint,
  when,
} from '../../../hdl/index.js';
import { resetWord } from '../../../network/arithmetic.js';
import type { TableScheme } from '../../../network/model.js';
import { clampWithin, roundAnyShift, roundShift, saturate } from '../../build/numeric.js';
import { delayed } from '../../build/pipeline.js';
import { TABLE_INPUT_LATENCY } from '../gate-sum.js';
import { gateBits } from '../lane-arithmetic.js';
import type { LaneInts, OpenInts } from '../lane-interface.js';

/** Cycles from r to the table input of n, and from the new state to h. */
export const RESET_TO_INPUT = 4;
export const STATE_TO_VALUE = 3;

/** Ports of the sums of the new gate. */
interface SumPorts {
  readonly clk: Expr<'u'>;
  readonly early: Expr<'u'>;
  readonly round: Expr<'u'>;
  readonly s_n_x: Expr<'s'>;
  readonly s_n_h: Expr<'s'>;
  /** Largest magnitude of u_n, in a design with clips. */
  readonly limit?: Expr<'u'> | undefined;
}

/** d = sat(rnd(s_n_h)), in a register with the table inputs of the other gates. */
export function resetSum(m: Scope, p: OpenInts, io: SumPorts, scheme: TableScheme): Expr<'s'> {
  const { bits, fraction } = resetWord(scheme);
  const scaled = m.reg('reset_scaled', sint(p.SUM_BITS.plus(p.ROUND_MOST)));
  const shift = p.ROUND_MOST.minus(fraction - scheme.inputFraction);
  const rounded = roundAnyShift(m, 'reset_rounded', scaled, shift);
  const late = m.reg('reset_late', sint(rounded.width));
  const clamped = saturate(m, 'reset_clamped', late, bits);
  const sum = m.reg('reset_sum', sint(bits), `d, ${fraction} fraction bits`);
  m.always(io.clk, [
    when(io.early.bit(0), [set(scaled, io.s_n_h.shiftLeft(io.round, p.ROUND_MOST))]),
    when(io.early.bit(1), [set(late, rounded)]),
    when(io.early.bit(2), [set(sum, clamped)]),
  ]);
  return sum;
}

/** u_n = sat(rnd(s_n_x + r * d)), RESET_TO_INPUT cycles after r, which is there in cycle `at`. */
export function candidateInput(
  m: Scope,
  p: OpenInts,
  {
    active,
    scheme,
    ...io
  }: SumPorts & { readonly active: (stage: IntLike) => Expr<'u'>; readonly scheme: TableScheme },
  at: Int,
  r: Expr<'s'>,
  under: Expr<'s'>,
): Expr<'s'> {
  const { outputFraction, inputFraction, inputBits } = scheme;
  const { bits, fraction } = resetWord(scheme);
  const productBits = gateBits(scheme) + bits;
  const productPoint = outputFraction + fraction;
  const sumPoint = p.ROUND_MOST.plus(inputFraction);
  const point = m.local('MEET_POINT', max(sumPoint, int(productPoint)), 'binary point of the sum');
  const sumBits = p.SUM_BITS.plus(p.ROUND_MOST);
  const toPoint = point.minus(sumPoint);
  const width = m.local(
    'MEET_BITS',
    max(sumBits.plus(toPoint), point.minus(productPoint).plus(productBits)).plus(1),
  );
  const d = delayed(m, io.clk, 'reset_sum', under, at).at(at);
  const wait = at.plus(TABLE_INPUT_LATENCY);
  const direct = delayed(m, io.clk, 's_n_x', io.s_n_x, wait).at(wait);
  const round = delayed(m, io.clk, 'round', io.round, wait).at(wait);
  const product = m.reg('reset_product', sint(productBits), 'r * d');
  const scaled = m.reg('direct_scaled', sint(sumBits));
  const exact = m.reg('meet', sint(width), 'u_n before rounding');
  const raised = (name: string, value: Expr<'s'>, by: Int): Expr<'s'> =>
    m.wire(name, concat(value, literal(0, by)).asSigned(), 'at the finer point').resize(width);
  const sum = raised('direct_raised', scaled, toPoint).addWrap(
    raised('product_raised', product, point.minus(productPoint)),
  );
  const rounded = roundShift(m, 'meet_rounded', exact, point.minus(inputFraction));
  const roundedLate = m.reg('meet_late', sint(rounded.width));
  const clamped =
    io.limit === undefined
      ? saturate(m, 'meet_clamped', roundedLate, inputBits)
      : clampWithin(
          m,
          'meet_clamped',
          roundedLate,
          delayed(m, io.clk, 'limit', io.limit, wait.plus(3)).at(wait.plus(3)),
        );
  const input = m.reg('u_n', sint(inputBits));
  m.always(io.clk, [
    set(product, r.mul(d)),
    when(active(at), [set(scaled, direct.shiftLeft(round, p.ROUND_MOST))]),
    when(active(at.plus(1)), [set(exact, sum)]),
    when(active(at.plus(2)), [set(roundedLate, rounded)]),
    when(active(at.plus(3)), [set(input, clamped)]),
  ]);
  return input;
}

/** h = sat(rnd(s)) in the register or port `hidden`, STATE_TO_VALUE cycles after s, which is there in cycle `at`. */
export function valueOfState(
  m: Scope,
  p: LaneInts,
  io: {
    readonly clk: Expr<'u'>;
    readonly state: Expr<'s'>;
    readonly hidden: Expr<'s'>;
  },
  {
    active,
    shift,
  }: {
    readonly active: (stage: IntLike) => Expr<'u'>;
    readonly shift: (stage: IntLike) => Expr<'u'>;
  },
  at: Int,
): void {
  const fraction = p.ACT_BITS.minus(1);
  const point = m.local('H_POINT', max(p.CELL_POINT, fraction), 'finer binary point of s and h');
  const raise = point.minus(p.CELL_POINT);
  // a word of h lies below its highest bits, so that saturation has bits to look at
  const bits = m.local(
    'STATE_BITS',
    max(p.CELL_BITS.plus(p.CELL_SHIFT_MOST), p.CELL_POINT.plus(1)).plus(raise).plus(1),
  );
  const state = m.reg('state', sint(bits), 's at this point');
  const rounded = roundAnyShift(m, 'state_rounded', state, point.minus(fraction));
  const late = m.reg('state_late', sint(rounded.width));
  const clamped = saturate(m, 'hidden_clamped', late, p.ACT_BITS);
  const own = io.state.resize(bits.minus(raise)).shiftLeft(shift(at), 0);
  m.always(io.clk, [
    when(active(at), [set(state, concat(own, literal(0, raise)).asSigned())]),
    when(active(at.plus(1)), [set(late, rounded)]),
    when(active(at.plus(2)), [set(io.hidden, clamped)]),
  ]);
}
