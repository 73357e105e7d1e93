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
  sint,
  uint,
  when,
} from '../../hdl/index.js';
import type { TableScheme } from '../../network/model.js';
import { y0Bits } from '../../network/table-scheme.js';
import { roundShift, saturate } from '../build/numeric.js';
import type { LaneInts } from './lane-interface.js';

/** Signed width of a gate: sigmoid 0 ... 1, tanh -1 ... 1. */
export function gateBits(scheme: TableScheme): number {
  return y0Bits(scheme) + 1;
}

/** Cycles from the products of the gates to c', from there to the input of tanh, from o * tanh(c') to h. */
export const PRODUCTS_TO_CELL = 5;
export const CELL_TO_TABLE = 3;
export const PRODUCT_TO_HIDDEN = 2;

/** Ports that every lane with a state has. */
export interface LanePorts {
  readonly clk: Expr<'u'>;
  readonly cell_now: Expr<'s'>;
  readonly cell_shift: Expr<'u'>;
  readonly cell_next: Expr<'s'>;
  readonly hidden: Expr<'s'>;
}

/** `active(n)`: the cell whose u came n cycles ago; `shift(n)`: its cell_shift. */
interface Timing {
  /** How the tables are cut. */
  readonly scheme: TableScheme;
  readonly active: (stage: IntLike) => Expr<'u'>;
  readonly shift: (stage: IntLike) => Expr<'u'>;
}

/** What a cell calls the products of its state, and its state. */
interface StateNotes {
  readonly kept: string;
  readonly added: string;
  readonly state: string;
}

/**
 * c' = sat(rnd(f * c + i * g)), PRODUCTS_TO_CELL cycles after the products of the gates, which are in registers in cycle
 * `at` and leave them in the next.
 */
export function newCell(
  m: Scope,
  p: LaneInts,
  io: LanePorts,
  { active, shift, scheme }: Timing,
  at: Int,
  gates: { readonly i: Expr<'s'>; readonly f: Expr<'s'>; readonly g: Expr<'s'> },
  notes: StateNotes = { kept: 'f * c', added: 'i * g', state: "c'" },
): void {
  const width = gateBits(scheme);
  const forgetBits = p.CELL_BITS.plus(width);
  const forgetProduct = m.reg('forget_product', sint(forgetBits), notes.kept);
  const inputProduct = m.reg('input_product', sint(2 * width), notes.added);
  const inputLate = m.reg('input_late', sint(2 * width));
  const most = p.CELL_SHIFT_MOST;
  const raise = p.CELL_POINT.minus(scheme.outputFraction);
  const exactBits = m.local(
    'EXACT_BITS',
    max(forgetBits.plus(most), raise.plus(2 * width)).plus(1),
  );
  const forget = m.reg('forget_aligned', sint(exactBits), `${notes.kept} at the finest point`);
  const exact = m.reg(
    'exact',
    sint(exactBits),
    `${notes.state} before rounding, CELL_POINT + ${scheme.outputFraction} fraction bits`,
  );
  const inputTerm = m.wire(
    'input_aligned',
    concat(inputLate, literal(0, raise)).asSigned(),
    `${notes.added} at the finest point`,
  );
  m.always(io.clk, [
    set(forgetProduct, gates.f.mul(io.cell_now)),
    set(inputProduct, gates.i.mul(gates.g)),
    when(active(at), [
      set(forget, forgetProduct.resize(exactBits).shiftLeft(shift(at), 0)),
      set(inputLate, inputProduct),
    ]),
    when(active(at.plus(1)), [set(exact, forget.addWrap(inputTerm.resize(exactBits)))]),
  ]);
  const back = m.reg(
    'back',
    uint(io.cell_shift.width),
    'CELL_SHIFT_MOST - cell_shift: left, for the right shift behind it to be a constant',
  );
  const scaled = m.reg('scaled', sint(exactBits.plus(most)));
  const rounded = roundShift(m, 'rounded', scaled, most.plus(scheme.outputFraction));
  const late = m.reg('rounded_late', sint(rounded.width));
  const clamped = saturate(m, 'clamped', late, p.CELL_BITS);
  m.always(io.clk, [
    when(active(at.plus(1)), [
      set(back, parameterValue(most, io.cell_shift.width).subWrap(shift(at.plus(1)))),
    ]),
    when(active(at.plus(2)), [set(scaled, exact.shiftLeft(back, most))]),
    when(active(at.plus(3)), [set(late, rounded)]),
    when(active(at.plus(4)), [set(io.cell_next, clamped)]),
  ]);
}

/** c' of cycle `at`, rounded and saturated to the input of tanh, CELL_TO_TABLE cycles later. */
export function tableInputOfCell(
  m: Scope,
  p: LaneInts,
  io: LanePorts,
  { active, shift, scheme }: Timing,
  at: Int,
): Expr<'s'> {
  const stateBits = m.local(
    'STATE_BITS',
    max(p.CELL_BITS.plus(p.CELL_SHIFT_MOST), p.CELL_POINT.plus(scheme.inputBits)),
  );
  const state = m.reg('state', sint(stateBits), "c' at the finest point");
  const stateRounded = roundShift(
    m,
    'state_rounded',
    state,
    p.CELL_POINT.minus(scheme.inputFraction),
  );
  const stateLate = m.reg('state_late', sint(stateRounded.width));
  const stateClamped = saturate(m, 'state_clamped', stateLate, scheme.inputBits);
  const input = m.reg('u_state', sint(scheme.inputBits));
  m.always(io.clk, [
    when(active(at), [set(state, io.cell_next.resize(stateBits).shiftLeft(shift(at), 0))]),
    when(active(at.plus(1)), [set(stateLate, stateRounded)]),
    when(active(at.plus(2)), [set(input, stateClamped)]),
  ]);
  return input;
}

/** h = sat(rnd(o * tanh(c'))): o and tanh(c') are there in cycle `at`, h comes PRODUCT_TO_HIDDEN cycles after their product. */
export function newHidden(
  m: Scope,
  p: LaneInts,
  io: LanePorts,
  { active, scheme }: Pick<Timing, 'active' | 'scheme'>,
  at: Int,
  o: Expr<'s'>,
  squashed: Expr<'s'>,
): void {
  const product = m.reg('product', sint(2 * gateBits(scheme)), "o * tanh(c')");
  m.always(io.clk, [set(product, o.mul(squashed))]);
  const hiddenShift = int(2 * scheme.outputFraction + 1).minus(p.ACT_BITS);
  const hidden = roundShift(m, 'hidden_rounded', product, hiddenShift);
  const hiddenLate = m.reg('hidden_late', sint(hidden.width));
  const hiddenClamped = saturate(m, 'hidden_clamped', hiddenLate, p.ACT_BITS);
  m.always(io.clk, [
    when(active(at.plus(1)), [set(hiddenLate, hidden)]),
    when(active(at.plus(2)), [set(io.hidden, hiddenClamped)]),
  ]);
}
