import {
  concat,
  type Expr,
  type Int,
  int,
  literal,
  max,
  parameterValue,
  type Scope,
  type Stage,
  type Stages,
  set,
  signedLiteral,
  sint,
  uint,
} from '../../../hdl/index.js';
import type { TableScheme } from '../../../network/model.js';
import { tableOne } from '../../../network/table-scheme.js';
import { roundAnyShift, roundShift, saturate } from '../../build/numeric.js';
import { gateBits } from '../lane-arithmetic.js';
import type { LaneInts } from '../lane-interface.js';

/** Registers from a value at a fixed binary point to its code in the word of the state. */
export const CODE = ['codeScaled', 'codeRounded', 'code'] as const;
/** From the products of z to the new state, and from a state to h. */
export const BLEND = ['blendLate', 'stateExact', 'state'] as const;
export const WORD_VALUE = ['valueRounded', 'value'] as const;

/** The stages of a lane; `shift(stage)`: cell_shift of the cell that is there. */
export interface ReluTiming {
  readonly stages: Stages;
  readonly shift: (stage: Stage) => Expr<'u'>;
}

/**
 * sat(rnd(value)) with the fraction bits of the state, which cell_shift says: `value` has `point` of them, and is there in stage `at`
 * in a register or wire with a name; the code is there CODE stages later. `ReLU`: what is below zero becomes zero.
 */
export function toState(
  m: Scope,
  p: LaneInts,
  { stages, shift }: ReluTiming,
  name: string,
  value: Expr<'s'>,
  {
    point,
    at,
    bits,
    relu,
  }: { readonly point: Int; readonly at: Stage; readonly bits: Int; readonly relu: boolean },
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
  const before = at.plus(-1);
  const back = stages.reg(
    before,
    named('back'),
    uint(p.CELL_SHIFT_BITS),
    'CELL_SHIFT_MOST - cell_shift: left, for the right shift behind it to be a constant',
  );
  const shifted = stages.reg(at, named('shifted'), sint(width));
  const rounded = roundAnyShift(m, named('rounded'), shifted, cut);
  const late = stages.reg(at.plus(1), named('late'), sint(rounded.width));
  const clamped = saturate(m, named('clamped'), late, bits);
  const kept = relu
    ? m.wire(
        named('positive'),
        late.bit(late.width.minus(1)).choose(literal(0, bits).asSigned(), clamped),
        'max(0, x), the same behind the rounding as before it',
      )
    : clamped;
  const own = m.wire(named('raised'), concat(value, literal(0, full.minus(point))).asSigned());
  const code = stages.reg(at.plus(2), name, sint(bits));
  const left = parameterValue(p.CELL_SHIFT_MOST, p.CELL_SHIFT_BITS).subWrap(shift(before));
  stages.set(
    stages.held(before, set(back, left)),
    stages.held(at, set(shifted, own.resize(width).shiftLeft(back, 0))),
    stages.held(at.plus(1), set(late, rounded)),
    stages.held(at.plus(2), set(code, kept)),
  );
  return code;
}

/**
 * s' = rnd(z * s + (1 - z) * n) in the port cell_next, BLEND stages behind the products, which are there in stage `at`: it lies
 * between s and n, so that nothing saturates.
 */
export function blendedState(
  m: Scope,
  p: Pick<LaneInts, 'CELL_BITS'>,
  io: Readonly<Record<'cell_now' | 'cell_next', Expr<'s'>>>,
  { stages }: Pick<ReluTiming, 'stages'>,
  at: Stage,
  { z, n, scheme }: { readonly z: Expr<'s'>; readonly n: Expr<'s'>; readonly scheme: TableScheme },
): void {
  const one = signedLiteral(tableOne(scheme), gateBits(scheme));
  const rest = m.wire('gate_rest', one.subWrap(z), '1 - z');
  const width = p.CELL_BITS.plus(gateBits(scheme));
  const before = at.plus(-1);
  const kept = stages.reg(before, 'kept_product', sint(width), 'z * s');
  const added = stages.reg(before, 'added_product', sint(width), '(1 - z) * n');
  const keptLate = stages.reg(at, 'kept_late', sint(width));
  const addedLate = stages.reg(at, 'added_late', sint(width));
  const exact = stages.reg(at.plus(1), 'exact', sint(width), "s' before rounding");
  const rounded = roundShift(m, 'rounded', exact, scheme.outputFraction);
  m.unused('rounded_top', rounded);
  stages.set(
    stages.free(before, set(kept, z.mul(io.cell_now)), set(added, rest.mul(n))),
    stages.held(at, set(keptLate, kept), set(addedLate, added)),
    stages.held(at.plus(1), set(exact, keptLate.addWrap(addedLate))),
    stages.held(at.plus(2), set(io.cell_next, rounded.part(0, p.CELL_BITS).asSigned())),
  );
}

/** h = sat(rnd(s)), the highest bits of the word of s, in `hidden` WORD_VALUE stages behind s, which is there in stage `at`. */
export function valueOfWord(
  m: Scope,
  p: Pick<LaneInts, 'CELL_BITS' | 'ACT_BITS'>,
  { state, hidden }: Readonly<Record<'state' | 'hidden', Expr<'s'>>>,
  stages: Stages,
  at: Stage,
): void {
  const finer = m.local('WIDER_BITS', max(p.CELL_BITS, p.ACT_BITS), 'the longer word of s and h');
  const raised = m.wire(
    'state_raised',
    concat(state, literal(0, finer.minus(p.CELL_BITS))).asSigned(),
    's with as many bits as h at least',
  );
  const rounded = roundAnyShift(m, 'state_rounded', raised, finer.minus(p.ACT_BITS));
  const late = stages.reg(at, 'state_late', sint(rounded.width));
  const clamped = saturate(m, 'hidden_clamped', late, p.ACT_BITS);
  stages.set(stages.held(at, set(late, rounded)), stages.held(at.plus(1), set(hidden, clamped)));
}

/** The sum `s` at a fixed binary point, ROUND_MOST plus the fraction bits of a table input, behind stage `at`; with shift `round`. */
export function scaledSum(
  p: Readonly<Record<'SUM_BITS' | 'ROUND_MOST', Int>>,
  name: string,
  stages: Stages,
  at: Stage,
  { sum, round }: { readonly sum: Expr<'s'>; readonly round: Expr<'u'> },
): Expr<'s'> {
  const type = sint(p.SUM_BITS.plus(p.ROUND_MOST));
  const scaled = stages.reg(at, name, type, 's at the finest point of sums');
  stages.set(stages.held(at, set(scaled, sum.shiftLeft(round, p.ROUND_MOST))));
  return scaled;
}

/** Binary point of what `scaledSum` gives. */
export function scaledPoint(
  p: Pick<Readonly<Record<'ROUND_MOST', Int>>, 'ROUND_MOST'>,
  { inputFraction }: TableScheme,
): Int {
  return p.ROUND_MOST.plus(int(inputFraction));
}
