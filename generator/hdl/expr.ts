import { complain } from './diagnostics.js';
import { fits } from './fits.js';
import { type Int, type IntLike, int, max } from './int.js';
import {
  alike,
  expectBit,
  expectKept,
  expectSigned,
  expectValue,
  expectWidth,
} from './operands.js';
import { showInt } from './show-int.js';

/** Unsigned and signed values are different types: they never meet in one operator. */
export type Sign = 'u' | 's';

export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '&'
  | '|'
  | '^'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '<<'
  | '<<<'
  | '>>';
export type UnaryOp = '~' | '!' | '-' | '&' | '|' | '^';

/** A value as the author wrote it. Names refer to ports, wires and registers of the module. */
export type Node =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'inBlock'; readonly label: string; readonly index: Int; readonly name: string }
  | { readonly kind: 'part'; readonly name: string; readonly base: Int; readonly width: Int }
  | {
      readonly kind: 'select';
      readonly name: string;
      readonly index: Expr<'u'>;
      readonly stride: Int;
      readonly width: Int;
    }
  | { readonly kind: 'literal'; readonly value: bigint; readonly width: Int }
  | { readonly kind: 'integer'; readonly value: Int }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly a: Expr; readonly b: Expr }
  | { readonly kind: 'unary'; readonly op: UnaryOp; readonly a: Expr }
  | { readonly kind: 'choose'; readonly test: Expr<'u'>; readonly yes: Expr; readonly no: Expr }
  | { readonly kind: 'concat'; readonly parts: readonly Expr[] }
  | { readonly kind: 'repeat'; readonly count: Int; readonly a: Expr }
  | { readonly kind: 'extend'; readonly a: Expr; readonly width: Int }
  | { readonly kind: 'cast'; readonly a: Expr };

/**
 * A value of `width` bits. Every method says how the width of its result follows; none takes a cycle. What does not
 * fit together is complained about: WIDTH_MISMATCH, SIGN_MISMATCH and NOT_A_VALUE by every method with operands.
 * Inside of defineModule complaints are kept for emitDesign, which throws all of them; outside each is thrown at once,
 * as an HdlError.
 */
export class Expr<S extends Sign = Sign> {
  constructor(
    readonly sign: S,
    readonly width: Int,
    readonly node: Node,
  ) {}

  /** Sum, one bit wider than the wider operand: never overflows. */
  add(other: Expr<S>): Expr<S> {
    return this.grow('+', other);
  }

  /** Difference, one bit wider than the wider operand: never overflows. Signed only. */
  sub(this: Expr<'s'>, other: Expr<'s'>): Expr<'s'> {
    expectSigned(this, 'sub()');
    return this.grow('-', other);
  }

  /** Sum modulo 2^width; equal widths. */
  addWrap(other: Expr<S>): Expr<S> {
    return this.same('+', other, this.sign, this.width);
  }

  /** Difference modulo 2^width; equal widths. */
  subWrap(other: Expr<S>): Expr<S> {
    return this.same('-', other, this.sign, this.width);
  }

  /** This + 1 modulo 2^width. */
  increment(): Expr<S> {
    return this.addWrap(literalOf(1n, this));
  }

  /** This - 1 modulo 2^width. */
  decrement(): Expr<S> {
    return this.subWrap(literalOf(1n, this));
  }

  /** Product; width = sum of the widths, or `width`, not less. Stands alone at an assignment or wire() (NEEDS_NAME). */
  mul(other: Expr<S>, width?: IntLike): Expr<S> {
    const b = alike(this, other, 'the factors of mul()');
    const own = this.width.plus(b.width);
    const to = int(width ?? own);
    expectKept(own, to, 'mul()');
    return new Expr(this.sign, to, { kind: 'binary', op: '*', a: this, b });
  }

  /** Left shift by 0 ... `most` bits; width grows by `most`. */
  shiftLeft(amount: Expr<'u'>, most: IntLike): Expr<S> {
    const width = this.width.plus(most);
    const a = this.resize(width);
    const op = this.sign === 's' ? '<<<' : '<<';
    return new Expr(this.sign, width, { kind: 'binary', op, a, b: amount });
  }

  /** Shift towards bit 0 by a constant, zeros from above; width stays. */
  shiftDown(amount: IntLike): Expr<'u'> {
    const b = new Expr('u', this.width, { kind: 'integer', value: int(amount) });
    return new Expr('u', this.width, { kind: 'binary', op: '>>', a: bits(this), b });
  }

  /** Shift away from bit 0 by a constant, zeros from below; width stays. */
  shiftUp(amount: IntLike): Expr<'u'> {
    const b = new Expr('u', this.width, { kind: 'integer', value: int(amount) });
    return new Expr('u', this.width, { kind: 'binary', op: '<<', a: bits(this), b });
  }

  /** Bit by bit; equal widths, which the result has too. */
  and(other: Expr<S>): Expr<S> {
    return this.same('&', other, this.sign, this.width);
  }

  /** Bit by bit; equal widths, which the result has too. */
  or(other: Expr<S>): Expr<S> {
    return this.same('|', other, this.sign, this.width);
  }

  /** Bit by bit; equal widths, which the result has too. */
  xor(other: Expr<S>): Expr<S> {
    return this.same('^', other, this.sign, this.width);
  }

  /** Every bit inverted; the width stays. */
  not(): Expr<S> {
    return new Expr(this.sign, this.width, { kind: 'unary', op: isBit(this) ? '!' : '~', a: this });
  }

  /** Two's complement negation modulo 2^width. */
  negate(this: Expr<'s'>): Expr<'s'> {
    expectSigned(this, 'negate()');
    return new Expr('s', this.width, { kind: 'unary', op: '-', a: this });
  }

  /**
   * 1 when equal, and so on: one bit. Against a value of equal width, or against a number: a constant one must fit
   * (LITERAL_RANGE); one over parameters is compared with as many bits as Verilog gives it.
   */
  eq(other: Expr<S> | IntLike): Expr<'u'> {
    return this.compare('==', other);
  }

  ne(other: Expr<S> | IntLike): Expr<'u'> {
    return this.compare('!=', other);
  }

  lt(other: Expr<S> | IntLike): Expr<'u'> {
    return this.compare('<', other);
  }

  /** 1 when any bit is 1; one bit. */
  any(): Expr<'u'> {
    return isBit(this) ? bits(this) : new Expr('u', int(1), { kind: 'unary', op: '|', a: this });
  }

  /** 1 when every bit is 1; one bit. */
  all(): Expr<'u'> {
    return new Expr('u', int(1), { kind: 'unary', op: '&', a: this });
  }

  /** This ? yes : no; one bit, equal widths. */
  choose<T extends Sign>(this: Expr<'u'>, yes: Expr<T>, no: Expr<T>): Expr<T> {
    expectBit(this, 'the condition of choose()');
    const what = 'the two values of choose()';
    const first = expectValue<Expr>(yes, what, this) as Expr<T>;
    const second = alike(first, no, what);
    expectWidth(first.width, second.width, what);
    return new Expr(first.sign, first.width, {
      kind: 'choose',
      test: this,
      yes: first,
      no: second,
    });
  }

  /** Explicit extension to `width` bits, not fewer, by sign for signed values; these need a name (NEEDS_NAME). */
  resize(width: IntLike): Expr<S> {
    const to = int(width);
    if (to.equals(this.width)) return this;
    expectKept(this.width, to, 'resize()');
    return new Expr(this.sign, to, { kind: 'extend', a: this, width: to });
  }

  /** Bits base ... base + width - 1 of a named value (NEEDS_NAME), unsigned, inside of it (INDEX_RANGE). */
  part(base: IntLike, width: IntLike): Expr<'u'> {
    const left = this.width.minus(base).minus(width).constant ?? 0;
    if (left < 0 || (int(base).constant ?? 0) < 0 || (int(width).constant ?? 1) < 1) {
      const what = `part(${showInt(int(base))}, ${showInt(int(width))})`;
      complain('INDEX_RANGE', `${what} of ${showInt(this.width)} bits`);
    }
    if (isBit(this) || (int(base).equals(0) && this.width.equals(width))) return bits(this);
    const source = this.node.kind === 'cast' ? this.node.a.node : this.node;
    if (source.kind === 'part') {
      const from = source.base.plus(base);
      return new Expr('u', int(width), { ...source, base: from, width: int(width) });
    }
    const name = nameOf(this, 'part()');
    if (name === undefined) return new Expr('u', int(width), this.node);
    return new Expr('u', int(width), { kind: 'part', name, base: int(base), width: int(width) });
  }

  /** part(index, 1). */
  bit(index: IntLike): Expr<'u'> {
    return this.part(index, 1);
  }

  /** Word number `index` (a signal) of a named value made of words of `width` bits. */
  word(index: Expr<'u'>, width: IntLike): Expr<'u'> {
    if (isBit(this)) return bits(this);
    const name = nameOf(this, 'word()');
    const stride = int(width);
    if (name === undefined) return new Expr('u', stride, { kind: 'concat', parts: [this, index] });
    return new Expr('u', stride, { kind: 'select', name, index, stride, width: stride });
  }

  /** The same bits, read as two's complement. */
  asSigned(): Expr<'s'> {
    if (this.sign === 's') return this as Expr<'s'>;
    return new Expr(
      's',
      this.width,
      this.node.kind === 'cast' ? this.node.a.node : { kind: 'cast', a: this },
    );
  }

  /** The same bits, read as a count. */
  asUnsigned(): Expr<'u'> {
    return bits(this);
  }

  private same<T extends Sign>(op: BinaryOp, other: Expr<S>, sign: T, width: Int): Expr<T> {
    const b = alike(this, other, `the operands of ${op}`);
    expectWidth(this.width, b.width, `the operands of ${op}`);
    return new Expr(sign, width, { kind: 'binary', op, a: this, b });
  }

  private grow(op: BinaryOp, other: Expr<S>): Expr<S> {
    const second = alike(this, other, `the operands of ${op}`);
    const width = max(this.width, second.width).plus(1);
    const [a, b] = [this.resize(width), second.resize(width)];
    return new Expr(this.sign, width, { kind: 'binary', op, a, b });
  }

  private compare(op: BinaryOp, other: Expr<S> | IntLike): Expr<'u'> {
    if (other instanceof Expr) return this.same(op, other, 'u', int(1));
    const { constant } = int(other);
    const b =
      constant === undefined
        ? new Expr<Sign>(this.sign, this.width, { kind: 'integer', value: int(other) })
        : literalOf(BigInt(constant), this);
    return new Expr('u', int(1), { kind: 'binary', op, a: this, b });
  }
}

function bits(a: Expr): Expr<'u'> {
  return a.sign === 'u'
    ? (a as Expr<'u'>)
    : new Expr('u', a.width, a.node.kind === 'cast' ? a.node.a.node : { kind: 'cast', a });
}

function isBit(a: Expr): boolean {
  return a.width.equals(1);
}

/** The name that a value is; undefined, and a complaint, where it is none. */
function nameOf(a: Expr, what: string): string | undefined {
  if (a.node.kind === 'name') return a.node.name;
  if (a.node.kind === 'cast') return nameOf(a.node.a, what);
  complain('NEEDS_NAME', `${what} of an expression`);
  return undefined;
}

/** A constant of the sign and width of `like`; it must fit. */
export function literalOf<S extends Sign>(
  value: bigint,
  { sign, width }: { readonly sign: S; readonly width: Int },
): Expr<S> {
  if (!fits(value, { sign, width })) {
    const word = `${showInt(width)} ${sign === 's' ? 'signed' : 'unsigned'} bits`;
    complain('LITERAL_RANGE', `${value} in ${word}`);
  }
  return new Expr(sign, width, { kind: 'literal', value, width });
}
