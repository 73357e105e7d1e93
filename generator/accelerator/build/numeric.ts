import {
  concat,
  type Expr,
  type IntLike,
  int,
  low,
  repeat,
  type Scope,
  uint,
} from '../../hdl/index.js';

/**
 * Round half up by a constant number of bits, >= 1: (v + 2^(shift-1)) >> shift, as the sum of the kept bits
 * and the first bit dropped. One bit wider than the kept bits. `value` has a name.
 */
export function roundShift(
  scope: Scope,
  name: string,
  value: Expr<'s'>,
  shift: IntLike,
): Expr<'s'> {
  const kept = value.width.minus(shift);
  scope.unused(name, value);
  const top = scope.wire(`${name}_floor`, value.part(int(shift), kept).asSigned());
  const half = value.bit(int(shift).minus(1));
  const width = kept.plus(1);
  return scope.wire(name, top.resize(width).addWrap(half.resize(width).asSigned()));
}

/** The same for a number of bits that may be zero: a zero bit below gives that shift a bit to round by. */
export function roundAnyShift(
  scope: Scope,
  name: string,
  value: Expr<'s'>,
  shift: IntLike,
): Expr<'s'> {
  const padded = scope.wire(
    `${name}_exact`,
    concat(value, low).asSigned(),
    'one zero bit below, so that a shift of zero has a bit to round by',
  );
  return roundShift(scope, name, padded, int(shift).plus(1));
}

/** Clamp to `bits` bits; the value must be wider. */
export function saturate(scope: Scope, name: string, value: Expr<'s'>, bits: IntLike): Expr<'s'> {
  const to = int(bits);
  const above = value.width.minus(to).plus(1);
  const sign = value.bit(value.width.minus(1));
  const top = scope.wire(
    `${name}_top`,
    value.part(to.minus(1), above),
    'sign and the bits above the word',
  );
  const fits = top.all().or(top.any().not());
  const limit = concat(sign, repeat(to.minus(1), sign.not()));
  return scope.wire(name, fits.choose(value.part(0, to), limit).asSigned());
}

/** Clamp to -limit ... limit, one bit wider than the limit; the value must be wider than that. `value` and `limit` have names. */
export function clampWithin(
  scope: Scope,
  name: string,
  value: Expr<'s'>,
  limit: Expr<'u'>,
): Expr<'s'> {
  const top = scope.wire(`${name}_most`, concat(low, limit).asSigned());
  const bottom = scope.wire(`${name}_least`, top.negate());
  const above = scope.wire(`${name}_above`, top.resize(value.width).lt(value));
  const below = scope.wire(`${name}_below`, value.lt(bottom.resize(value.width)));
  const own = value.part(0, top.width).asSigned();
  return scope.wire(name, above.choose(top, below.choose(bottom, own)), 'the clip of the layer');
}

/**
 * a x b as shifted additions, `bits` wide, which must hold the product: for factors so narrow that a multiplier
 * block would be wasted on them. `a` is the one with fewer bits, named like `b`.
 */
export function productInLogic(
  scope: Scope,
  name: string,
  a: Expr<'u'>,
  b: Expr<'u'>,
  bits: IntLike,
): Expr<'u'> {
  const width = int(bits);
  const factor = scope.wire(
    `${name}_factor`,
    b.resize(width),
    'a product as a sum of shifted words: the factors are too narrow to spend a multiplier on',
  );
  const product = scope.addOver(`${name}_bit`, a.width, 'partial', uint(width), (i) =>
    repeat(width, a.bit(i)).and(factor.shiftUp(i)),
  );
  return scope.wire(name, product);
}
