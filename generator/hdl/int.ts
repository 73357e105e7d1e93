/**
 * Elaboration-time integers: widths, depths, counts. Expressions over parameters and generate variables,
 * kept in one normal form (a sum of products with integer coefficients), so that `A + 1` and `1 + A` are
 * the same value and print as the same text.
 */
export type IntLike = Int | number;

export type Atom =
  | { readonly kind: 'parameter' | 'genvar'; readonly name: string }
  | { readonly kind: 'local'; readonly name: string; readonly value: Int }
  | { readonly kind: 'call'; readonly fn: IntFunction; readonly args: readonly Int[] };

/**
 * clog2(x); indexBits(x) = max(1, clog2(x)); ceilPower2(x) = 2^clog2(x); max(a, b); div(a, b) rounds down; ceilDiv(a, b)
 * rounds up.
 */
export type IntFunction = 'clog2' | 'indexBits' | 'ceilPower2' | 'max' | 'div' | 'ceilDiv';

export interface Term {
  readonly coefficient: number;
  /** Sorted by key. */
  readonly atoms: readonly Atom[];
}

export type Environment = (name: string) => number;

/** A sum of products of parameters, localparams and loop variables. Immutable. */
export class Int {
  /** Sorted by key; no zero coefficients; the constant term last. */
  readonly terms: readonly Term[];
  /** Worked out once: widths are compared again and again. */
  #key: string | undefined;
  #expanded: Int | undefined;

  constructor(terms: readonly Term[]) {
    this.terms = normalise(terms);
  }

  plus(other: IntLike): Int {
    return new Int([...this.terms, ...int(other).terms]);
  }

  minus(other: IntLike): Int {
    return this.plus(int(other).times(-1));
  }

  times(other: IntLike): Int {
    const terms = this.terms.flatMap((a) =>
      int(other).terms.map((b) => ({
        coefficient: a.coefficient * b.coefficient,
        atoms: [...a.atoms, ...b.atoms],
      })),
    );
    return new Int(terms);
  }

  /** The value when no parameter is involved, else undefined. */
  get constant(): number | undefined {
    if (this.terms.length === 0) return 0;
    const [term] = this.terms;
    if (this.terms.length > 1 || term === undefined || term.atoms.length > 0) return undefined;
    return term.coefficient;
  }

  get key(): string {
    this.#key ??= this.terms.map((t) => `${t.coefficient}*${termKey(t)}`).join('+');
    return this.#key;
  }

  /** Equal in value: localparams count as what they stand for. */
  equals(other: IntLike): boolean {
    return this === other || this.expanded.key === int(other).expanded.key;
  }

  /** Every localparam replaced by its value. */
  get expanded(): Int {
    this.#expanded ??= this.terms.some((t) => t.atoms.some(hidesLocal))
      ? this.substitute(parameterInt)
      : this;
    return this.#expanded;
  }

  /** Value under given parameters and generate variables. */
  evaluate(env: Environment): number {
    let sum = 0;
    for (const { coefficient, atoms } of this.terms) {
      sum += atoms.reduce((product, atom) => product * evaluateAtom(atom, env), coefficient);
    }
    return sum;
  }

  /** Every parameter replaced by an expression over other parameters. */
  substitute(value: (parameter: string) => Int): Int {
    return this.terms.reduce(
      (sum, t) =>
        sum.plus(t.atoms.reduce((p, a) => p.times(substituteAtom(a, value)), int(t.coefficient))),
      int(0),
    );
  }

  /** Names of the parameters and generate variables it depends on. */
  get names(): readonly string[] {
    return this.terms.flatMap((t) =>
      t.atoms.flatMap((a) => (a.kind === 'call' ? a.args.flatMap((x) => x.names) : [a.name])),
    );
  }
}

/** A number as an elaboration-time integer. Throws RangeError when it is not an integer. */
export function int(value: IntLike): Int {
  if (value instanceof Int) return value;
  if (!Number.isInteger(value)) throw new RangeError(`not an integer: ${value}`);
  return new Int([{ coefficient: value, atoms: [] }]);
}

export function parameterInt(name: string): Int {
  return new Int([{ coefficient: 1, atoms: [{ kind: 'parameter', name }] }]);
}

export function localInt(name: string, value: Int): Int {
  return new Int([{ coefficient: 1, atoms: [{ kind: 'local', name, value }] }]);
}

export function genvarInt(name: string): Int {
  return new Int([{ coefficient: 1, atoms: [{ kind: 'genvar', name }] }]);
}

/** Bits that count to `value` - 1; 0 for 1. */
export const clog2 = (value: IntLike): Int => call('clog2', value);
/** Bits of an address of `depth` words, at least one. */
export const indexBits = (depth: IntLike): Int => call('indexBits', depth);
/** Least power of two that is not below `value`; equal to it where it is one itself. */
export const ceilPower2 = (value: IntLike): Int => call('ceilPower2', value);
/** The larger of two. */
export const max = (a: IntLike, b: IntLike): Int => (int(a).equals(b) ? int(a) : call('max', a, b));
/** Quotient rounded down. */
export const div = (a: IntLike, b: IntLike): Int => call('div', a, b);
/** Quotient rounded up. */
export const ceilDiv = (a: IntLike, b: IntLike): Int => call('ceilDiv', a, b);

function call(fn: IntFunction, ...values: IntLike[]): Int {
  const args = values.map(int);
  const constants = args.map((a) => a.constant);
  if (constants.every((c) => c !== undefined)) return int(apply(fn, constants));
  const [first, second] = args as [Int, Int];
  if (fn === 'max' && first.equals(second)) return first;
  if ((fn === 'div' || fn === 'ceilDiv') && second.constant === 1) return first;
  if (fn === 'max') args.sort((a, b) => compare(a.expanded.key, b.expanded.key));
  return new Int([{ coefficient: 1, atoms: [{ kind: 'call', fn, args }] }]);
}

function apply(fn: IntFunction, args: readonly number[]): number {
  const [a, b] = args as [number, number];
  switch (fn) {
    case 'clog2':
      return Math.ceil(Math.log2(Math.max(1, a)));
    case 'indexBits':
      return Math.max(1, Math.ceil(Math.log2(Math.max(1, a))));
    case 'ceilPower2':
      return 2 ** Math.ceil(Math.log2(Math.max(1, a)));
    case 'max':
      return Math.max(a, b);
    case 'div':
      return Math.floor(a / b);
    case 'ceilDiv':
      return Math.ceil(a / b);
  }
}

function evaluateAtom(atom: Atom, env: Environment): number {
  if (atom.kind === 'local') return atom.value.evaluate(env);
  if (atom.kind !== 'call') return env(atom.name);
  return apply(
    atom.fn,
    atom.args.map((a) => a.evaluate(env)),
  );
}

function hidesLocal(atom: Atom): boolean {
  if (atom.kind === 'call')
    return atom.args.some((a) => a.terms.some((t) => t.atoms.some(hidesLocal)));
  return atom.kind === 'local';
}

function substituteAtom(atom: Atom, value: (parameter: string) => Int): Int {
  if (atom.kind === 'local') return atom.value.substitute(value);
  if (atom.kind !== 'call') {
    return atom.kind === 'parameter'
      ? value(atom.name)
      : new Int([{ coefficient: 1, atoms: [atom] }]);
  }
  const args = atom.args.map((a) => a.substitute(value));
  return call(atom.fn, ...args);
}

function atomKey(atom: Atom): string {
  if (atom.kind !== 'call') return atom.name;
  return `${atom.fn}(${atom.args.map((a) => a.key).join(',')})`;
}

function termKey(term: Term): string {
  return term.atoms.map(atomKey).join('*');
}

function normalise(terms: readonly Term[]): readonly Term[] {
  const sums = new Map<string, Term>();
  for (const term of terms) {
    const atoms = [...term.atoms].sort((a, b) => compare(atomKey(a), atomKey(b)));
    const key = termKey({ ...term, atoms });
    const coefficient = (sums.get(key)?.coefficient ?? 0) + term.coefficient;
    sums.set(key, { coefficient, atoms });
  }
  const entries = [...sums].filter(([, t]) => t.coefficient !== 0);
  // Positive terms first, then by key, so that text never starts with a minus where it need not.
  entries.sort(
    ([ka, a], [kb, b]) =>
      Number(a.atoms.length === 0) - Number(b.atoms.length === 0) ||
      Number(a.coefficient < 0) - Number(b.coefficient < 0) ||
      compare(ka, kb),
  );
  return entries.map(([, t]) => t);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
