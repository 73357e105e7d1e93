import {
  concat,
  type Expr,
  int,
  literal,
  max,
  parameterValue,
  type Scope,
  type Stage,
  type Stages,
  set,
  sint,
  uint,
} from '../../hdl/index.js';
import type { TableScheme } from '../../network/model.js';
import { y0Bits } from '../../network/table-scheme.js';
import { roundShift, saturate } from '../build/numeric.js';
import type { LaneInts } from './lane-interface.js';

/** Signed width of a gate: sigmoid 0 ... 1, tanh -1 ... 1. */
export function gateBits(scheme: TableScheme): number {
  return y0Bits(scheme) + 1;
}

/** Ports that every lane with a state has. */
export interface LanePorts {
  readonly clk: Expr<'u'>;
  readonly cell_now: Expr<'s'>;
  readonly cell_shift: Expr<'u'>;
  readonly cell_next: Expr<'s'>;
  readonly hidden: Expr<'s'>;
}

/** The stages of a lane; `shift(stage)`: cell_shift of the cell that is there. */
export interface Timing {
  /** How the tables are cut. */
  readonly scheme: TableScheme;
  readonly stages: Stages;
  readonly shift: (stage: Stage) => Expr<'u'>;
}

/** What a cell calls the products of its state, and its state. */
interface StateNotes {
  readonly kept: string;
  readonly added: string;
  readonly state: string;
}

/** c' = sat(rnd(f * c + i * g)), NEW_STATE stages behind the products of the gates, which are there in stage `at`. */
export function newCell(
  m: Scope,
  p: LaneInts,
  io: LanePorts,
  { stages, shift, scheme }: Timing,
  at: Stage,
  gates: { readonly i: Expr<'s'>; readonly f: Expr<'s'>; readonly g: Expr<'s'> },
  notes: StateNotes = { kept: 'f * c', added: 'i * g', state: "c'" },
): void {
  const width = gateBits(scheme);
  const forgetBits = p.CELL_BITS.plus(width);
  const before = at.plus(-1);
  const forgetProduct = stages.reg(before, 'forget_product', sint(forgetBits), notes.kept);
  const inputProduct = stages.reg(before, 'input_product', sint(2 * width), notes.added);
  const inputLate = stages.reg(at, 'input_late', sint(2 * width));
  const most = p.CELL_SHIFT_MOST;
  const raise = p.CELL_POINT.minus(scheme.outputFraction);
  const exactBits = m.local(
    'EXACT_BITS',
    max(forgetBits.plus(most), raise.plus(2 * width)).plus(1),
  );
  const forget = stages.reg(
    at,
    'forget_aligned',
    sint(exactBits),
    `${notes.kept} at the finest point`,
  );
  const exact = stages.reg(
    at.plus(1),
    'exact',
    sint(exactBits),
    `${notes.state} before rounding, CELL_POINT + ${scheme.outputFraction} fraction bits`,
  );
  const inputTerm = m.wire(
    'input_aligned',
    concat(inputLate, literal(0, raise)).asSigned(),
    `${notes.added} at the finest point`,
  );
  stages.set(
    stages.free(
      before,
      set(forgetProduct, gates.f.mul(io.cell_now)),
      set(inputProduct, gates.i.mul(gates.g)),
    ),
    stages.held(
      at,
      set(forget, forgetProduct.resize(exactBits).shiftLeft(shift(at), 0)),
      set(inputLate, inputProduct),
    ),
    stages.held(at.plus(1), set(exact, forget.addWrap(inputTerm.resize(exactBits)))),
  );
  roundedState(m, p, io, { stages, shift, scheme }, at.plus(1), exact);
}

/** The exact sum of a stage, in its register behind it, rounded and saturated: the new state, in the port `cell_next`. */
export function roundedState(
  m: Scope,
  p: LaneInts,
  io: Pick<LanePorts, 'cell_shift' | 'cell_next'>,
  { stages, shift, scheme }: Timing,
  at: Stage,
  exact: Expr<'s'>,
): void {
  const exactBits = exact.width;
  const most = p.CELL_SHIFT_MOST;
  const back = stages.reg(
    at,
    'back',
    uint(io.cell_shift.width),
    'CELL_SHIFT_MOST - cell_shift: left, for the right shift behind it to be a constant',
  );
  const scaled = stages.reg(at.plus(1), 'scaled', sint(exactBits.plus(most)));
  const rounded = roundShift(m, 'rounded', scaled, most.plus(scheme.outputFraction));
  const late = stages.reg(at.plus(2), 'rounded_late', sint(rounded.width));
  const clamped = saturate(m, 'clamped', late, p.CELL_BITS);
  const left = parameterValue(most, io.cell_shift.width).subWrap(shift(at));
  stages.set(
    stages.held(at, set(back, left)),
    stages.held(at.plus(1), set(scaled, exact.shiftLeft(back, most))),
    stages.held(at.plus(2), set(late, rounded)),
    stages.held(at.plus(3), set(io.cell_next, clamped)),
  );
}

/** c' of stage `at`, rounded and saturated to the input of tanh, SQUASH stages later. */
export function tableInputOfCell(
  m: Scope,
  p: LaneInts,
  io: LanePorts,
  { stages, shift, scheme }: Timing,
  at: Stage,
): Expr<'s'> {
  const stateBits = m.local(
    'STATE_BITS',
    max(p.CELL_BITS.plus(p.CELL_SHIFT_MOST), p.CELL_POINT.plus(scheme.inputBits)),
  );
  const state = stages.reg(at, 'state', sint(stateBits), "c' at the finest point");
  const stateRounded = roundShift(
    m,
    'state_rounded',
    state,
    p.CELL_POINT.minus(scheme.inputFraction),
  );
  const stateLate = stages.reg(at.plus(1), 'state_late', sint(stateRounded.width));
  const stateClamped = saturate(m, 'state_clamped', stateLate, scheme.inputBits);
  const input = stages.reg(at.plus(2), 'u_state', sint(scheme.inputBits));
  stages.set(
    stages.held(at, set(state, io.cell_next.resize(stateBits).shiftLeft(shift(at), 0))),
    stages.held(at.plus(1), set(stateLate, stateRounded)),
    stages.held(at.plus(2), set(input, stateClamped)),
  );
  return input;
}

/** h = sat(rnd(o * tanh(c'))): o and tanh(c') are there in stage `at`, their product in the next, and h VALUE stages later. */
export function newHidden(
  m: Scope,
  p: LaneInts,
  io: LanePorts,
  { stages, scheme }: Pick<Timing, 'stages' | 'scheme'>,
  at: Stage,
  o: Expr<'s'>,
  squashed: Expr<'s'>,
): void {
  const product = stages.reg(at, 'product', sint(2 * gateBits(scheme)), "o * tanh(c')");
  stages.set(stages.free(at, set(product, o.mul(squashed))));
  roundedHidden(m, p, io, { stages, scheme }, at.plus(1), product);
}

/** h = sat(rnd(product)), VALUE stages behind stage `at`, in which o * tanh(c') is there. */
export function roundedHidden(
  m: Scope,
  p: Pick<LaneInts, 'ACT_BITS'>,
  io: Pick<LanePorts, 'hidden'>,
  { stages, scheme }: Pick<Timing, 'stages' | 'scheme'>,
  at: Stage,
  product: Expr<'s'>,
): void {
  const hiddenShift = int(2 * scheme.outputFraction + 1).minus(p.ACT_BITS);
  const hidden = roundShift(m, 'hidden_rounded', product, hiddenShift);
  const hiddenLate = stages.reg(at, 'hidden_late', sint(hidden.width));
  const hiddenClamped = saturate(m, 'hidden_clamped', hiddenLate, p.ACT_BITS);
  stages.set(
    stages.held(at, set(hiddenLate, hidden)),
    stages.held(at.plus(1), set(io.hidden, hiddenClamped)),
  );
}
