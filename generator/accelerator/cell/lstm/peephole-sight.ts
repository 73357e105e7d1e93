import {
  concat,
  type Expr,
  type Int,
  literal,
  max,
  type Scope,
  type Stage,
  type Stages,
  set,
  sint,
} from '../../../hdl/index.js';
import type { TableScheme } from '../../../network/model.js';
import { clampWithin, roundAnyShift, saturate } from '../../build/numeric.js';
import { delayed } from '../../build/pipeline.js';

/** Registers from a state to the table input of a gate that sees it: product, shift, sum, rounding, saturation. */
export const SEEN = [
  'seenProduct',
  'seenAligned',
  'seenExact',
  'seenRounded',
  'seenInput',
] as const;

/**
 * Makes the table inputs of gates: SEEN stages behind the state that a gate sees, which is there in stage `at`; `latest`: the last
 * stage before such an input.
 */
export function peepholeSight(
  m: Scope,
  p: {
    readonly SUM_BITS: Int;
    readonly ROUND_MOST: Int;
    readonly BIAS_BITS: Int;
    readonly CELL_BITS: Int;
    readonly PEEPHOLE_POINT: Int;
    readonly PEEPHOLE_SHIFT_MOST: Int;
  },
  io: Readonly<Record<'clk' | 'round' | 'peephole_shift', Expr<'u'>>> & {
    readonly limit?: Expr<'u'> | undefined;
  },
  {
    stages,
    before,
    latest,
    scheme: { inputFraction, inputBits },
  }: {
    readonly scheme: TableScheme;
    readonly stages: Stages;
    readonly before: number;
    readonly latest: number;
  },
): (
  gate: string,
  sum: Expr<'s'>,
  weight: Expr<'s'> | null,
  seen: { readonly state: Expr<'s'>; readonly at: number },
) => Expr<'s'> {
  const sumPoint = p.ROUND_MOST.plus(inputFraction);
  const point = m.local(
    'SIGHT_POINT',
    max(sumPoint, p.PEEPHOLE_POINT),
    'binary point of s + p * c',
  );
  const sumBits = p.SUM_BITS.plus(p.ROUND_MOST);
  const productBits = p.BIAS_BITS.plus(p.CELL_BITS);
  const alignedBits = productBits.plus(p.PEEPHOLE_SHIFT_MOST);
  const toPoint = point.minus(sumPoint);
  const raise = point.minus(p.PEEPHOLE_POINT);
  const width = m.local('SIGHT_BITS', max(sumBits.plus(toPoint), alignedBits.plus(raise)).plus(1));
  /** Cycles from the sums to a stage. */
  const behindSums = (stage: number): number => stages.track.cycles(stage) + before;
  const limits =
    io.limit === undefined ? null : delayed(m, io.clk, 'limit', io.limit, behindSums(latest));
  return (gate, sum, weight, { state, at }) => {
    const named = (name: string) => `${gate}_${name}`;
    const late = <S extends 's' | 'u'>(name: string, value: Expr<S>, stage: number): Expr<S> => {
      const cycles = behindSums(stage);
      return delayed(m, io.clk, named(name), value, cycles).at(cycles);
    };
    const [multiply, align, add, round, clamp] = SEEN.map((_, n) => stages.at(at + n)) as [
      Stage,
      Stage,
      Stage,
      Stage,
      Stage,
    ];
    const scaled = stages.reg(
      align,
      named('scaled'),
      sint(sumBits),
      's at the finest point of sums',
    );
    const exact = stages.reg(add, named('exact'), sint(width), 's + p * c before rounding');
    const wide = (name: string, value: Expr<'s'>, by: Int): Expr<'s'> =>
      m.wire(named(name), concat(value, literal(0, by)).asSigned(), 'at this point').resize(width);
    const raised = wide('raised', scaled, toPoint);
    const scale = late('sum', sum, at + 1).shiftLeft(late('round', io.round, at + 1), p.ROUND_MOST);
    stages.set(stages.held(align, set(scaled, scale)));
    if (weight === null) {
      stages.set(stages.held(add, set(exact, raised)));
    } else {
      const product = stages.reg(multiply, named('product'), sint(productBits), 'p * c');
      const aligned = stages.reg(
        align,
        named('aligned'),
        sint(alignedBits),
        'at their finest point',
      );
      const shift = late('peephole_shift', io.peephole_shift, at + 1);
      stages.set(
        stages.free(multiply, set(product, late('peephole', weight, at).mul(state))),
        stages.held(align, set(aligned, product.resize(alignedBits).shiftLeft(shift, 0))),
        stages.held(add, set(exact, raised.addWrap(wide('seen', aligned, raise)))),
      );
    }
    const rounded = roundAnyShift(m, named('rounded'), exact, point.minus(inputFraction));
    const roundedLate = stages.reg(round, named('late'), sint(rounded.width));
    const clamped =
      limits === null
        ? saturate(m, named('clamped'), roundedLate, inputBits)
        : clampWithin(m, named('clamped'), roundedLate, limits.at(behindSums(at + 4)));
    const input = stages.reg(clamp, `u_${gate}`, sint(inputBits));
    stages.set(
      stages.held(round, set(roundedLate, rounded)),
      stages.held(clamp, set(input, clamped)),
    );
    return input;
  };
}
