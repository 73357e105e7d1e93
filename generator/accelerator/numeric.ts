import { concat, type Expr, type IntLike, int, low, repeat, type Scope } from '../hdl/index.js';

/**
 * Round half up by a constant number of bits, >= 0: (v + 2^(shift-1)) >> shift, as the sum of the kept bits
 * and the first bit dropped. One bit wider than the kept bits.
 */
export function roundShift(
  scope: Scope,
  name: string,
  value: Expr<'s'>,
  shift: IntLike,
): Expr<'s'> {
  const kept = value.width.minus(shift);
  const padded = scope.wire(
    `${name}_exact`,
    concat(value, low),
    'one zero bit below, so that a shift of zero has a bit to round by',
  );
  scope.unused(`${name}_exact`, padded);
  const top = scope.wire(`${name}_floor`, padded.part(int(shift).plus(1), kept).asSigned());
  const half = padded.bit(int(shift));
  const width = kept.plus(1);
  return scope.wire(name, top.resize(width).addWrap(half.resize(width).asSigned()));
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
  const factor = scope.wire(`${name}_factor`, b.resize(width));
  const product = scope.addOver(`${name}_bit`, a.width, 'partial', width, (i) =>
    repeat(width, a.bit(i)).and(factor.shiftUp(i)),
  );
  return scope.wire(name, product);
}
