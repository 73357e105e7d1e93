import type { Random } from '../../../generator/base/random.js';
import {
  concat,
  type Expr,
  type Int,
  int,
  literal,
  max,
  parameterValue,
  repeat,
  type Scope,
  type Sign,
  signedLiteral,
} from '../../../generator/hdl/index.js';

/** Values of parameters and of inputs (as unsigned bit patterns). */
export interface Values {
  readonly numbers: (parameter: string) => number;
  readonly inputs: Readonly<Record<string, bigint>>;
}

/** A random expression twice: in the eDSL, and as arithmetic on mathematical integers. */
export interface Case<S extends Sign = Sign> {
  readonly text: string;
  readonly expr: Expr<S>;
  /** The value, negative ones for signed expressions. */
  readonly value: (at: Values) => bigint;
}

/** Largest width of anything that is drawn, so that sums and shifts do not grow without end. */
const WIDEST = 90;

/** Reads a bit pattern of an expression's width by its sign. */
export function read(sign: Sign, width: number, bits: bigint): bigint {
  return sign === 's' ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits);
}

/** Draws expressions over given inputs. What Verilog can only do with a name is bound to a wire first. */
export class ExpressionSource {
  /** Every wire that was bound, those of abandoned expressions too. */
  readonly wires: Expr[] = [];

  constructor(
    private readonly random: Random,
    private readonly scope: Scope,
    private readonly inputs: readonly Case[],
    private readonly parameters: Readonly<Record<string, Int>>,
    private readonly defaults: (parameter: string) => number,
  ) {}

  draw(depth: number): Case {
    return this.random.below(2) === 0 ? this.unsigned(depth) : this.signed(depth);
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.random.below(list.length)] as T;
  }

  /** Width at the default parameters. */
  private size(width: Int): number {
    return width.evaluate(this.defaults);
  }

  private leaf<S extends Sign>(sign: S): Case<S> {
    const own = this.inputs.filter((c): c is Case<S> => c.expr.sign === sign);
    if (this.random.below(6) > 0) return this.pick(own);
    const width = this.pick(own).expr.width;
    const bits = this.size(width);
    const symbolic = width.constant === undefined;
    // With a parameter as width only 0 and 1 are sure to fit.
    const value = symbolic
      ? BigInt(this.random.below(sign === 's' ? 1 : 2))
      : this.constant(sign, bits);
    const expr = sign === 's' ? signedLiteral(value, width) : literal(value, width);
    return { text: `${value}`, expr: expr as Expr<Sign> as Expr<S>, value: () => value };
  }

  private constant(sign: Sign, bits: number): bigint {
    const word = (BigInt(this.random.uint32()) << 32n) | BigInt(this.random.uint32());
    const corner = this.pick([0n, 1n, -1n, 1n << BigInt(bits - 1), word, word]);
    return read(sign, bits, corner);
  }

  /** Binds to a wire. */
  private named<S extends Sign>(c: Case<S>): Case<S> {
    if (c.expr.node.kind === 'name') return c;
    const expr = this.scope.wire(`w_${this.wires.length}`, c.expr);
    this.wires.push(expr);
    return { ...c, text: `[${c.text}]`, expr };
  }

  private maybeNamed<S extends Sign>(c: Case<S>): Case<S> {
    return this.random.below(5) === 0 ? this.named(c) : c;
  }

  private make<S extends Sign>(
    text: string,
    expr: Expr<S>,
    value: (at: Values) => bigint,
    wrap = false,
  ): Case<S> {
    const { sign, width } = expr;
    const wrapped = (at: Values): bigint => read(sign, width.evaluate(at.numbers), value(at));
    return this.maybeNamed({ text, expr, value: wrap ? wrapped : value });
  }

  /** A second operand of the same width as `a`. */
  private partner<S extends Sign>(a: Case<S>, depth: number): readonly [Case<S>, Case<S>] {
    const b = this.of(a.expr.sign, depth);
    if (b.expr.width.equals(a.expr.width)) return [a, b];
    const width = max(a.expr.width, b.expr.width);
    return [this.resized(a, width), this.resized(b, width)];
  }

  private resized<S extends Sign>(c: Case<S>, width: Int): Case<S> {
    const from = c.expr.width.equals(width) || c.expr.sign === 'u' ? c : this.named(c);
    return { ...c, text: `resize(${c.text})`, expr: from.expr.resize(width) };
  }

  private of<S extends Sign>(sign: S, depth: number): Case<S> {
    const drawn = sign === 's' ? this.signed(depth) : this.unsigned(depth);
    return drawn as Case<Sign> as Case<S>;
  }

  private narrow<S extends Sign>(c: Case<S>, most = WIDEST): Case<S> {
    return this.size(c.expr.width) <= most ? c : this.leaf(c.expr.sign);
  }

  private signed(depth: number): Case<'s'> {
    if (depth === 0) return this.leaf('s');
    const a = this.narrow(this.signed(depth - 1));
    switch (this.random.below(4)) {
      case 0:
        return this.make(`-${a.text}`, a.expr.negate(), (at) => -a.value(at), true);
      case 1: {
        const u = this.narrow(this.unsigned(depth - 1));
        return this.make(`signed(${u.text})`, u.expr.asSigned(), u.value, true);
      }
      case 2: {
        const [x, y] = [this.named(a), this.named(this.narrow(this.signed(depth - 1)))];
        return this.make(
          `${x.text} - ${y.text}`,
          x.expr.sub(y.expr),
          (at) => x.value(at) - y.value(at),
        );
      }
      default:
        return this.either(a, depth);
    }
  }

  private unsigned(depth: number): Case<'u'> {
    if (depth === 0) return this.leaf('u');
    const some = this.narrow(this.draw(depth - 1));
    const a = this.narrow(this.unsigned(depth - 1));
    switch (this.random.below(10)) {
      case 0: {
        const parts = [
          some,
          ...Array.from({ length: this.random.below(3) }, () => this.draw(depth - 1)),
        ];
        const kept = parts.map((p) => this.narrow(p, WIDEST / 3));
        return this.make(
          `{${kept.map((p) => p.text).join(', ')}}`,
          concat(...kept.map((p) => p.expr)),
          (at) => kept.reduce((word, p) => (word << bitsOf(p, at)) | pattern(p, at), 0n),
        );
      }
      case 1: {
        const b = this.narrow(some, 20);
        const count = this.pick([int(1), int(3), this.parameters.A as Int]);
        const times = (at: Values): number => count.evaluate(at.numbers);
        const all = (at: Values): bigint =>
          Array.from({ length: times(at) }).reduce<bigint>(
            (w) => (w << bitsOf(b, at)) | pattern(b, at),
            0n,
          );
        return this.make(`repeat(${b.text})`, repeat(count, b.expr), all);
      }
      case 2:
        return this.part(this.named(some));
      case 3:
        return this.compare(some, depth);
      case 4: {
        const all = (at: Values): bigint => (1n << bitsOf(some, at)) - 1n;
        return this.random.below(2) === 0
          ? this.make(`any(${some.text})`, some.expr.any(), (at) => flag(pattern(some, at) !== 0n))
          : this.make(`all(${some.text})`, some.expr.all(), (at) =>
              flag(pattern(some, at) === all(at)),
            );
      }
      case 5: {
        const shift = this.pick([0, 1, 2, 7].filter((n) => n < this.size(some.expr.width)));
        return this.make(
          `${some.text} >> ${shift}`,
          some.expr.shiftDown(shift),
          (at) => pattern(some, at) >> BigInt(shift),
        );
      }
      case 6: {
        const s = this.narrow(this.signed(depth - 1));
        return this.make(`unsigned(${s.text})`, s.expr.asUnsigned(), (at) => pattern(s, at));
      }
      case 7:
        return this.word(this.named(a), depth);
      case 8: {
        const width = int(12);
        const value = (at: Values): bigint => BigInt(at.numbers('B'));
        return this.make('B', parameterValue(this.parameters.B as Int, width), value);
      }
      default:
        return this.either(a, depth);
    }
  }

  /** Operators that both signs have. */
  private either<S extends Sign>(a: Case<S>, depth: number): Case<S> {
    const kind = this.random.below(11);
    if (kind === 0) return this.make(`~${a.text}`, a.expr.not(), (at) => ~a.value(at), true);
    if (kind === 1) {
      const [x, y] = [this.named(a), this.named(this.narrow(this.of(a.expr.sign, depth - 1)))];
      return this.make(
        `${x.text} + ${y.text}`,
        x.expr.add(y.expr),
        (at) => x.value(at) + y.value(at),
      );
    }
    if (kind === 2) {
      const small = [a, this.of(a.expr.sign, depth - 1)].map((c) => this.named(this.narrow(c, 40)));
      const [x, y] = small as [Case<S>, Case<S>];
      // as wide as it has to be, or wider: copies of the sign, or zeros
      const own = x.expr.width.plus(y.expr.width);
      const product = x.expr.mul(y.expr, own.plus(this.pick([0, 1, 7])));
      return this.named({
        text: `${x.text} * ${y.text}`,
        expr: product,
        value: (at) => x.value(at) * y.value(at),
      });
    }
    if (kind === 3) {
      const amount = this.index(this.unsigned(depth - 1), 4);
      const most = this.pick([0, 3, 15]);
      const x = this.named(this.narrow(a, 40));
      const shifted = (at: Values): bigint => x.value(at) << amount.value(at);
      return this.make(
        `${x.text} << ${amount.text}`,
        x.expr.shiftLeft(amount.expr, most),
        shifted,
        true,
      );
    }
    if (kind === 4 && this.size(a.expr.width) > 1 && (a.expr.width.constant ?? 0) > 1) {
      return this.random.below(2) === 0
        ? this.make(`${a.text}++`, a.expr.increment(), (at) => a.value(at) + 1n, true)
        : this.make(`${a.text}--`, a.expr.decrement(), (at) => a.value(at) - 1n, true);
    }
    if (kind === 5) {
      return this.maybeNamed(
        this.resized(a, a.expr.width.plus(this.pick([int(1), int(5), this.parameters.A as Int]))),
      );
    }
    const [x, y] = this.partner(a, depth - 1);
    const pair = (op: string): string => `(${x.text} ${op} ${y.text})`;
    switch (kind) {
      case 6:
        return this.make(
          pair('+'),
          x.expr.addWrap(y.expr),
          (at) => x.value(at) + y.value(at),
          true,
        );
      case 7:
        return this.make(
          pair('-'),
          x.expr.subWrap(y.expr),
          (at) => x.value(at) - y.value(at),
          true,
        );
      case 8:
        return this.make(pair('&'), x.expr.and(y.expr), (at) => x.value(at) & y.value(at));
      case 9:
        return this.random.below(2) === 0
          ? this.make(pair('|'), x.expr.or(y.expr), (at) => x.value(at) | y.value(at))
          : this.make(pair('^'), x.expr.xor(y.expr), (at) => x.value(at) ^ y.value(at));
      default: {
        const test = this.bit(depth - 1);
        return this.make(
          `(${test.text} ? ${x.text} : ${y.text})`,
          test.expr.choose(x.expr as Expr, y.expr as Expr) as Expr<S>,
          (at) => (test.value(at) === 1n ? x.value(at) : y.value(at)),
        );
      }
    }
  }

  private bit(depth: number): Case<'u'> {
    const c = this.unsigned(depth);
    if (c.expr.width.equals(1)) return c;
    return this.random.below(2) === 0 ? this.compare(c, depth) : this.part(this.named(c), 1);
  }

  private compare(a: Case, depth: number): Case<'u'> {
    const op = this.pick(['eq', 'ne', 'lt'] as const);
    const apply = (x: bigint, y: bigint): bigint =>
      flag(op === 'eq' ? x === y : op === 'ne' ? x !== y : x < y);
    const kind = this.random.below(3);
    const fixed = a.expr.width.constant;
    if (kind === 0 && fixed !== undefined && fixed <= 50) {
      const value = this.constant(a.expr.sign, fixed);
      return this.make(`(${a.text} ${op} ${value})`, a.expr[op](Number(value)), (at) =>
        apply(a.value(at), value),
      );
    }
    if (kind === 1 && this.size(a.expr.width) >= 8) {
      const n = this.named(a);
      const { A, B } = this.parameters as { A: Int; B: Int };
      const value = this.pick([A, B, A.plus(B), A.times(3).plus(1)]);
      return this.make(`(${a.text} ${op} ${value.key})`, n.expr[op](value), (at) =>
        apply(a.value(at), BigInt(value.evaluate(at.numbers))),
      );
    }
    const [x, y] = this.partner(a, depth === 0 ? 0 : depth - 1);
    return this.make(`(${x.text} ${op} ${y.text})`, x.expr[op](y.expr as Expr), (at) =>
      apply(x.value(at), y.value(at)),
    );
  }

  private part(a: Case, exact?: number): Case<'u'> {
    const fixed = a.expr.width.constant;
    // Of a symbolic width only the lowest and the highest bits are known to be there.
    if (fixed === undefined) {
      const top = a.expr.width.minus(1);
      const base = this.pick([int(0), top]);
      const shift = (at: Values): bigint => BigInt(base.evaluate(at.numbers));
      return this.make(
        `${a.text}[${base.key}]`,
        a.expr.bit(base),
        (at) => (pattern(a, at) >> shift(at)) & 1n,
      );
    }
    const width = exact ?? this.random.between(1, fixed);
    const base = this.random.between(0, fixed - width);
    const value = (at: Values): bigint => BigInt.asUintN(width, pattern(a, at) >> BigInt(base));
    return this.make(`${a.text}[${base} +: ${width}]`, a.expr.part(base, width), value);
  }

  /** The lowest bits of a value. */
  private index(c: Case<'u'>, bits: number): Case<'u'> {
    if ((c.expr.width.constant ?? 0) < bits) {
      return { text: '1', expr: literal(1, bits), value: () => 1n };
    }
    const expr = this.named(c).expr.part(0, bits);
    return { text: `${c.text}[${bits}]`, expr, value: (at) => BigInt.asUintN(bits, c.value(at)) };
  }

  /** One of the words of a constant-width value, chosen by a signal that stays in range. */
  private word(a: Case<'u'>, depth: number): Case<'u'> {
    const fixed = a.expr.width.constant;
    if (fixed === undefined || fixed < 2) return this.part(a);
    const indexBits = this.random.between(1, Math.floor(Math.log2(fixed)));
    const width = Math.floor(fixed / 2 ** indexBits);
    const index = this.index(this.unsigned(depth - 1), indexBits);
    // The words fill the value, so that no number of a word leads outside.
    const whole = width * 2 ** indexBits;
    const all = this.named({ ...a, expr: a.expr.part(0, whole) });
    const place = (at: Values): bigint => index.value(at) * BigInt(width);
    return this.make(
      `word(${a.text}, ${index.text}, ${width})`,
      all.expr.word(index.expr, width),
      (at) => BigInt.asUintN(width, pattern(a, at) >> place(at)),
    );
  }
}

function flag(condition: boolean): bigint {
  return condition ? 1n : 0n;
}

function bitsOf(c: Case, at: Values): bigint {
  return BigInt(c.expr.width.evaluate(at.numbers));
}

function pattern(c: Case, at: Values): bigint {
  return BigInt.asUintN(c.expr.width.evaluate(at.numbers), c.value(at));
}
