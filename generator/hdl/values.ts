import { complain } from './diagnostics.js';
import { Expr, literalOf } from './expr.js';
import { type Int, type IntLike, int } from './int.js';

/** Unsigned constant of `width` bits; LITERAL_RANGE where it does not fit. */
export function literal(value: bigint | number, width: IntLike): Expr<'u'> {
  return literalOf(BigInt(value), { sign: 'u', width: int(width) });
}

/** Signed constant of `width` bits; where the width is a parameter, of no negative value. */
export function signedLiteral(value: bigint | number, width: IntLike): Expr<'s'> {
  return literalOf(BigInt(value), { sign: 's', width: int(width) });
}

/** The value of a parameter as `width` unsigned bits; the caller answers for the range. */
export function parameterValue(parameter: Int, width: IntLike): Expr<'u'> {
  const [name] = parameter.names;
  if (parameter.terms.length !== 1 || name === undefined) {
    complain('NEEDS_NAME', 'a parameter expression used as a value');
    return new Expr('u', int(width), { kind: 'integer', value: parameter });
  }
  return new Expr('u', int(width), {
    kind: 'part',
    name,
    base: int(0),
    width: int(width),
  });
}

/** The constants 1 and 0 of one bit. */
export const high: Expr<'u'> = literal(1, 1);
export const low: Expr<'u'> = literal(0, 1);

/** Concatenation, most significant part first; width = sum of the widths. */
export function concat(...parts: Expr[]): Expr<'u'> {
  if (parts.length === 1) return (parts[0] as Expr).asUnsigned();
  const width = parts.reduce((sum, p) => sum.plus(p.width), int(0));
  return new Expr('u', width, { kind: 'concat', parts });
}

/** `count` copies side by side; width = count * width. */
export function repeat(count: IntLike, a: Expr): Expr<'u'> {
  return new Expr('u', a.width.times(count), { kind: 'repeat', count: int(count), a });
}

/** Every term holds: bit by bit, equal widths. */
export function allOf(...terms: Expr<'u'>[]): Expr<'u'> {
  return terms.reduce((a, b) => a.and(b));
}

/** 1 when an odd number of bits of `a` is 1; one bit. */
export function odd(a: Expr<'u'>): Expr<'u'> {
  return a.width.equals(1) ? a : new Expr('u', int(1), { kind: 'unary', op: '^', a });
}

/** Some term holds: bit by bit, equal widths. */
export function anyOf(...terms: Expr<'u'>[]): Expr<'u'> {
  return terms.reduce((a, b) => a.or(b));
}
