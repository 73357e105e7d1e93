import {
  concat,
  type Expr,
  type Int,
  int,
  literal,
  max,
  type Scope,
  type Stage,
  type Stages,
  set,
  sint,
} from '../../../hdl/index.js';
import { resetWord } from '../../../network/arithmetic.js';
import type { TableScheme } from '../../../network/model.js';
import { clampWithin, roundAnyShift, roundShift, saturate } from '../../build/numeric.js';
import { delayed } from '../../build/pipeline.js';
import { TABLE_INPUT } from '../../pipeline/tracks.js';
import { gateBits } from '../lane-arithmetic.js';
import type { LaneInts, OpenInts } from '../lane-interface.js';

/** Registers from r to the table input of n, and from the new state to h. */
export const RESET_INPUT = ['resetProduct', 'resetSum', 'resetRounded', 'resetInput'] as const;
export const STATE_VALUE = ['valueScaled', 'valueRounded', 'value'] as const;

/** Ports of the sums of the new gate. */
interface SumPorts {
  readonly clk: Expr<'u'>;
  readonly round: Expr<'u'>;
  readonly s_n_x: Expr<'s'>;
  readonly s_n_h: Expr<'s'>;
  /** Largest magnitude of u_n, in a design with clips. */
  readonly limit?: Expr<'u'> | undefined;
}

/** d = sat(rnd(s_n_h)), in stage 0 of the lane with the table inputs of the other gates. */
export function resetSum(
  m: Scope,
  p: OpenInts,
  io: SumPorts,
  { stages, scheme }: { readonly stages: Stages; readonly scheme: TableScheme },
): Expr<'s'> {
  const { bits, fraction } = resetWord(scheme);
  const first = stages.at(-TABLE_INPUT.length);
  const scaled = stages.reg(first, 'reset_scaled', sint(p.SUM_BITS.plus(p.ROUND_MOST)));
  const shift = p.ROUND_MOST.minus(fraction - scheme.inputFraction);
  const rounded = roundAnyShift(m, 'reset_rounded', scaled, shift);
  const late = stages.reg(first.plus(1), 'reset_late', sint(rounded.width));
  const clamped = saturate(m, 'reset_clamped', late, bits);
  const sum = stages.reg(first.plus(2), 'reset_sum', sint(bits), `d, ${fraction} fraction bits`);
  stages.set(
    stages.held(first, set(scaled, io.s_n_h.shiftLeft(io.round, p.ROUND_MOST))),
    stages.held(first.plus(1), set(late, rounded)),
    stages.held(first.plus(2), set(sum, clamped)),
  );
  return sum;
}

/** u_n = sat(rnd(s_n_x + r * d)), RESET_INPUT stages behind r, which is there in stage `at`. */
export function candidateInput(
  m: Scope,
  p: OpenInts,
  { stages, scheme, ...io }: SumPorts & { readonly stages: Stages; readonly scheme: TableScheme },
  at: Stage,
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
  const d = delayed(m, io.clk, 'reset_sum', under, at.cycle).at(at.cycle);
  const before = stages.track.between(-TABLE_INPUT.length, 0);
  const wait = at.cycle.plus(before);
  const direct = delayed(m, io.clk, 's_n_x', io.s_n_x, wait).at(wait);
  const round = delayed(m, io.clk, 'round', io.round, wait).at(wait);
  const product = stages.reg(at, 'reset_product', sint(productBits), 'r * d');
  const scaled = stages.reg(at, 'direct_scaled', sint(sumBits));
  const exact = stages.reg(at.plus(1), 'meet', sint(width), 'u_n before rounding');
  const raised = (name: string, value: Expr<'s'>, by: Int): Expr<'s'> =>
    m.wire(name, concat(value, literal(0, by)).asSigned(), 'at the finer point').resize(width);
  const sum = raised('direct_raised', scaled, toPoint).addWrap(
    raised('product_raised', product, point.minus(productPoint)),
  );
  const rounded = roundShift(m, 'meet_rounded', exact, point.minus(inputFraction));
  const roundedLate = stages.reg(at.plus(2), 'meet_late', sint(rounded.width));
  const clamp = at.plus(3).cycle.plus(before);
  const clamped =
    io.limit === undefined
      ? saturate(m, 'meet_clamped', roundedLate, inputBits)
      : clampWithin(
          m,
          'meet_clamped',
          roundedLate,
          delayed(m, io.clk, 'limit', io.limit, clamp).at(clamp),
        );
  const input = stages.reg(at.plus(3), 'u_n', sint(inputBits));
  stages.set(
    stages.free(at, set(product, r.mul(d))),
    stages.held(at, set(scaled, direct.shiftLeft(round, p.ROUND_MOST))),
    stages.held(at.plus(1), set(exact, sum)),
    stages.held(at.plus(2), set(roundedLate, rounded)),
    stages.held(at.plus(3), set(input, clamped)),
  );
  return input;
}

/** h = sat(rnd(s)) in `hidden`, a port or what stands behind the last stage, STATE_VALUE stages behind s, which is there in stage `at`. */
export function valueOfState(
  m: Scope,
  p: LaneInts,
  io: {
    readonly state: Expr<'s'>;
    readonly hidden: Expr<'s'>;
  },
  {
    stages,
    shift,
  }: {
    readonly stages: Stages;
    readonly shift: (stage: Stage) => Expr<'u'>;
  },
  at: Stage,
): void {
  const fraction = p.ACT_BITS.minus(1);
  const point = m.local('H_POINT', max(p.CELL_POINT, fraction), 'finer binary point of s and h');
  const raise = point.minus(p.CELL_POINT);
  // a word of h lies below its highest bits, so that saturation has bits to look at
  const bits = m.local(
    'STATE_BITS',
    max(p.CELL_BITS.plus(p.CELL_SHIFT_MOST), p.CELL_POINT.plus(1)).plus(raise).plus(1),
  );
  const state = stages.reg(at, 'state', sint(bits), 's at this point');
  const rounded = roundAnyShift(m, 'state_rounded', state, point.minus(fraction));
  const late = stages.reg(at.plus(1), 'state_late', sint(rounded.width));
  const clamped = saturate(m, 'hidden_clamped', late, p.ACT_BITS);
  const own = io.state.resize(bits.minus(raise)).shiftLeft(shift(at), 0);
  stages.set(
    stages.held(at, set(state, concat(own, literal(0, raise)).asSigned())),
    stages.held(at.plus(1), set(late, rounded)),
    stages.held(at.plus(2), set(io.hidden, clamped)),
  );
}
