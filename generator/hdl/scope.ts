import { declared, type Given } from './declared.js';
import { callSite } from './diagnostics.js';
import { type Expr, literalOf, type Sign } from './expr.js';
import { inBlock } from './in-block.js';
import { clog2, genvarInt, type Int, type IntLike, int, localInt } from './int.js';
import { type Memory, wordsOf } from './memory.js';
import {
  bit,
  type Item,
  type ItemBody,
  named,
  type Statement,
  type TextValue,
  type Type,
  type TypedModule,
} from './module.js';
import { namesIn } from './names-in.js';
import { alike, expectValue, expectWidth } from './operands.js';
import type { CompareOp } from './relation.js';
import { checkStatement, describe } from './statements.js';

/** What sumOver and addOver say of their partial sums. */
const SUM = 'sum of the terms up to this one';

/**
 * Collects the items of a module or of one generate block, in the order in which they are written.
 *
 * `wire`, `net`, `reg` and `local` take a name, or take that of the variable (or of the key of an object) that they
 * are the value of: `const tileLast = m.reg(bit)` is `tile_last`. A comment above the declaration goes with it where
 * source lines do, unless a text is given.
 */
export class Scope {
  readonly items: Item[] = [];
  /** Items that are there for localparams: the localparams themselves, or a comment on some of them. */
  readonly #optional = new Map<Item, readonly string[]>();

  private add(item: ItemBody, site = callSite()): void {
    this.items.push({ ...item, site });
  }

  /** A named integer that follows from the parameters: a localparam. Use the returned name from then on. */
  local(name: string, value: IntLike, doc?: string): Int;
  local(value: IntLike, doc?: string): Int;
  local(...given: Given<IntLike>): Int {
    const { name, what, doc, site } = declared('local', given, 'upper');
    this.add({ kind: 'local', name, value: int(what), doc }, site);
    return localInt(name, int(what));
  }

  /** A localparam that is left out where nothing in the body of the module depends on it. */
  localFor(name: string, value: IntLike, doc: string): Int {
    const own = this.local(name, value, doc);
    this.#optional.set(this.items.at(-1) as Item, [name]);
    return own;
  }

  /** A comment that is left out with all of these localparams, which may come later. */
  commentFor(text: string, locals: readonly string[]): void {
    this.comment(text);
    this.#optional.set(this.items.at(-1) as Item, locals);
  }

  /** The items, without those that are left out. */
  get settled(): readonly Item[] {
    if (this.#optional.size === 0) return this.items;
    const used = namesIn(this.items);
    return this.items.filter((item) => this.#optional.get(item)?.some((n) => used.has(n)) ?? true);
  }

  /** A named value. */
  wire<S extends Sign>(name: string, value: Expr<S>, doc?: string): Expr<S>;
  wire<S extends Sign>(value: Expr<S>, doc?: string): Expr<S>;
  wire(...given: Given<Expr>): Expr {
    const { name, what, doc, site } = declared('wire', given);
    const value = expectValue<Expr>(what, `wire(${name})`, literalOf(0n, bit), site);
    const type = { sign: value.sign, width: value.width };
    this.add({ kind: 'signal', name, type, storage: 'wire', value, doc }, site);
    return named(name, type);
  }

  /** A wire that instances or assignments to its parts drive. */
  net<S extends Sign>(name: string, type: Type<S>, doc?: string): Expr<S>;
  net<S extends Sign>(type: Type<S>, doc?: string): Expr<S>;
  net(...given: Given<Type>): Expr {
    return this.signal('net', given);
  }

  /** Several unsigned wires at once, by name and width. */
  nets<const N extends Readonly<Record<string, IntLike>>>(
    widths: N,
  ): { readonly [K in keyof N]: Expr<'u'> } {
    return Object.fromEntries(
      Object.entries(widths).map(([name, width]) => [
        name,
        this.net(name, { sign: 'u', width: int(width) }),
      ]),
    ) as { readonly [K in keyof N]: Expr<'u'> };
  }

  /** A register; set it in always(). */
  reg<S extends Sign>(name: string, type: Type<S>, doc?: string): Expr<S>;
  reg<S extends Sign>(type: Type<S>, doc?: string): Expr<S>;
  reg(...given: Given<Type>): Expr {
    return this.signal('reg', given);
  }

  private signal(method: 'net' | 'reg', given: Given<Type>): Expr {
    const { name, what: type, doc, site } = declared(method, given);
    const storage = method === 'net' ? 'wire' : 'reg';
    this.add({ kind: 'signal', name, type, storage, value: null, doc }, site);
    return named(name, type);
  }

  /** Drives a wire, an output, or a part of one; equal widths and signs. No cycle. */
  assign<S extends Sign>(target: Expr<S>, value: Expr<S>): void {
    const what = `assignment to ${describe(target)}`;
    const given = alike(target, value, what);
    expectWidth(given.width, target.width, what);
    this.add({ kind: 'assign', target, value: given });
  }

  /** What registers and memories do at the rising edge of `clock`. */
  always(clock: Expr<'u'>, body: readonly Statement[], doc = ''): void {
    for (const statement of body) checkStatement(statement);
    this.add({ kind: 'always', clock, body, doc });
  }

  /**
   * `depth` words of `width` bits. `image` names the text parameter with the `$readmemh` file, or that and the one with
   * its folder, which ends in `/` or is empty; null, or an empty file name: all words are zero at start. No reset clears
   * it.
   */
  memory(
    name: string,
    width: IntLike,
    depth: IntLike,
    image: string | { readonly file: string; readonly folder: string } | null,
    doc = '',
  ): Memory {
    const bits = int(width);
    const files = typeof image === 'string' ? { file: image, folder: null } : image;
    this.add({ kind: 'memory', name, width: bits, depth: int(depth), image: files, doc });
    return wordsOf(name, bits);
  }

  /** The same with words of which nothing is known before they are written, as a memory has them that no tool can fill. */
  unsetMemory(name: string, width: IntLike, depth: IntLike, doc = ''): Memory {
    const bits = int(width);
    const size = { width: bits, depth: int(depth) };
    this.add({ kind: 'memory', name, ...size, image: null, unset: true, doc });
    return wordsOf(name, bits);
  }

  /**
   * Sum of `count` signed terms of `word` bits, one generate block each: `body` describes a term, `name` is the
   * partial sum up to it. Width: word + clog2(count), never overflows.
   */
  sumOver(
    variable: string,
    count: IntLike,
    name: string,
    word: IntLike,
    body: (index: Int, scope: Scope) => Expr<'s'>,
  ): Expr<'s'> {
    const type = { sign: 's', width: int(word).plus(clog2(count)) } as const;
    return this.addOver(variable, count, name, type, body);
  }

  /** Logical sum of `count` words of `word` bits, one generate block each: a multiplexer when one is not zero. */
  orOver(
    variable: string,
    count: IntLike,
    name: string,
    word: IntLike,
    body: (index: Int, scope: Scope) => Expr<'u'>,
  ): Expr<'u'> {
    const type = { sign: 'u', width: int(word) } as const;
    const partial = { name, type, doc: 'OR of the terms up to this one' };
    return this.fold(variable, count, partial, body, (all, term) => all.or(term));
  }

  /** Sum of `count` terms, modulo 2^width of its type, one generate block each; `name` is the sum up to it. */
  addOver<S extends Sign>(
    variable: string,
    count: IntLike,
    name: string,
    type: Type<S>,
    body: (index: Int, scope: Scope) => Expr<S>,
  ): Expr<S> {
    return this.fold(variable, count, { name, type, doc: SUM }, body, (sum, term) =>
      sum.addWrap(term),
    );
  }

  private fold<S extends Sign>(
    variable: string,
    count: IntLike,
    { name, type, doc }: { readonly name: string; readonly type: Type<S>; readonly doc: string },
    body: (index: Int, scope: Scope) => Expr<S>,
    combine: (before: Expr<S>, term: Expr<S>) => Expr<S>,
  ): Expr<S> {
    const label = `g_${variable}`;
    this.forEach(variable, count, (index, inner) => {
      const term = body(index, inner).resize(type.width);
      const partial = inner.net(name, type, doc);
      inner.ifGenerate(
        'first',
        index,
        '==',
        0,
        (first) => first.assign(partial, term),
        (next) => next.assign(partial, combine(inBlock(label, index.minus(1), name, type), term)),
        'next',
      );
    });
    return inBlock(label, int(count).minus(1), name, type);
  }

  /** Generate loop over 0 ... count - 1; the label of the block is `g_<variable>`. */
  forEach(variable: string, count: IntLike, body: (index: Int, scope: Scope) => void): void {
    const scope = new Scope();
    body(genvarInt(variable), scope);
    const label = `g_${variable}`;
    this.add({ kind: 'for', variable, count: int(count), label, items: scope.items });
  }

  /** The signal `name` that every round of forEach(variable, ...) declares, as it is in round `index`. */
  inRound<S extends Sign>(variable: string, index: IntLike, name: string, type: Type<S>): Expr<S> {
    return inBlock(`g_${variable}`, int(index), name, type);
  }

  /** Generate condition over parameters. */
  ifGenerate(
    label: string,
    a: IntLike,
    op: CompareOp,
    b: IntLike,
    then: (scope: Scope) => void,
    otherwise: (scope: Scope) => void = () => {},
    otherwiseLabel = `${label}_else`,
  ): void {
    const [yes, no] = [new Scope(), new Scope()];
    then(yes);
    otherwise(no);
    this.add({
      kind: 'if',
      a: int(a),
      op,
      b: int(b),
      label: `g_${label}`,
      otherwiseLabel: `g_${otherwiseLabel}`,
      then: yes.items,
      otherwise: no.items,
    });
  }

  /** An instance: every port connected; parameters left out keep their defaults. */
  instance<M extends TypedModule>(
    name: string,
    module: M,
    ports: { readonly [K in keyof M['portTypes']]: Expr },
    parameters: Readonly<Record<string, IntLike | TextValue>> = {},
  ): void {
    const values = Object.fromEntries(
      Object.entries(parameters).map(([k, v]) => [
        k,
        typeof v === 'number' || !('parameter' in v || 'text' in v) ? int(v as IntLike) : v,
      ]),
    );
    const connections = Object.entries<Expr>(ports).map(([k, v]) => [
      k,
      expectValue<Expr>(v, `${name}.${k}`, literalOf(0n, module.ports[k]?.type ?? bit)),
    ]);
    this.add({
      kind: 'instance',
      name,
      module,
      parameters: values,
      ports: Object.fromEntries(connections),
    });
  }

  /** States that these values, or some of their bits, are left over on purpose. */
  unused(name: string, ...values: Expr[]): void {
    this.add({ kind: 'unused', name: `unused_${name}`, values });
  }

  /** A line of comment in the Verilog. */
  comment(text: string): void {
    this.add({ kind: 'comment', text });
  }
}
