import { callSite, collect, type Off } from './diagnostics.js';
import { Expr, literalOf, type Sign } from './expr.js';
import { clog2, genvarInt, type Int, type IntLike, int, localInt } from './int.js';
import {
  bit,
  type CompareOp,
  type Item,
  type ItemBody,
  type Module,
  named,
  type Parameter,
  type ParameterInts,
  type Port,
  type PortValues,
  parameterInts,
  type Statement,
  type TextValue,
  type Type,
} from './module.js';
import { alike, expectValue, expectWidth } from './operands.js';
import { checkStatement, describe } from './statements.js';

/**
 * Words of a memory. Reading and writing inside an always block takes a clock edge; a word that is read at the edge at
 * which it is written is read as it was before. A wire reads without a clock, which makes flip-flops of the memory.
 */
export interface Memory {
  readonly name: string;
  /** The word at `address`: a value to read at the clock edge, or the target of set(). */
  at(address: Expr<'u'>): Expr<'u'>;
}

/** Collects the items of a module or of one generate block, in the order in which they are written. */
export class Scope {
  readonly items: Item[] = [];

  private add(item: ItemBody): void {
    this.items.push({ ...item, site: callSite() });
  }

  /** A named integer that follows from the parameters: a localparam. Use the returned name from then on. */
  local(name: string, value: IntLike, doc = ''): Int {
    this.add({ kind: 'local', name, value: int(value), doc });
    return localInt(name, int(value));
  }

  /** A named value. */
  wire<S extends Sign>(name: string, given: Expr<S>, doc = ''): Expr<S> {
    const value = expectValue<Expr>(given, `wire(${name})`, literalOf(0n, bit)) as Expr<S>;
    const type = { sign: value.sign, width: value.width };
    this.add({ kind: 'signal', name, type, storage: 'wire', value, doc });
    return named(name, type);
  }

  /** A wire that instances or assignments to its parts drive. */
  net<S extends Sign>(name: string, type: Type<S>, doc = ''): Expr<S> {
    this.add({
      kind: 'signal',
      name,
      type,
      storage: 'wire',
      value: null,
      doc,
    });
    return named(name, type);
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
  reg<S extends Sign>(name: string, type: Type<S>, doc = ''): Expr<S> {
    this.add({
      kind: 'signal',
      name,
      type,
      storage: 'reg',
      value: null,
      doc,
    });
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
   * `depth` words of `width` bits. `image` names the text parameter with the `$readmemh` file; null, or an empty file
   * name: all words are zero at start. No reset clears it.
   */
  memory(name: string, width: IntLike, depth: IntLike, image: string | null, doc = ''): Memory {
    const bits = int(width);
    this.add({ kind: 'memory', name, width: bits, depth: int(depth), image, doc });
    return {
      name,
      at: (address) =>
        new Expr('u', bits, { kind: 'select', name, index: address, stride: int(0), width: bits }),
    };
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
    return this.fold(variable, count, name, type, body, (sum, term) => sum.addWrap(term));
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
    return this.fold(variable, count, name, type, body, (all, term) => all.or(term));
  }

  private fold<S extends Sign>(
    variable: string,
    count: IntLike,
    name: string,
    type: Type<S>,
    body: (index: Int, scope: Scope) => Expr<S>,
    combine: (before: Expr<S>, term: Expr<S>) => Expr<S>,
  ): Expr<S> {
    const label = `g_${variable}`;
    this.forEach(variable, count, (index, inner) => {
      const term = body(index, inner).resize(type.width);
      const partial = inner.net(name, type, 'up to this one');
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

/** A signal inside block number `index` of a generate loop. */
function inBlock<S extends Sign>(label: string, index: Int, name: string, type: Type<S>): Expr<S> {
  return new Expr(type.sign, type.width, { kind: 'inBlock', label, index, name });
}

/** A module that remembers the keys of its ports for type-checked instances. */
export interface TypedModule<Q extends Record<string, Port> = Record<string, Port>> extends Module {
  readonly portTypes: Q;
}

/**
 * Elaborates a module. Names of parameters and ports are the keys of the records; `body` describes the
 * hardware. Complaints are kept with the module; `emitDesign` throws them with all others.
 * @throws HdlError when `body` throws after a complaint, with what it threw as the cause.
 */
export function defineModule<
  const P extends Record<string, Parameter>,
  const Q extends Record<string, Port>,
>(definition: {
  readonly name: string;
  readonly doc: string;
  readonly parameters: P;
  readonly ports: (p: ParameterInts<P>) => Q;
  readonly body: (scope: Scope, p: ParameterInts<P>, io: PortValues<Q>) => void;
  /** Warnings that are not wanted here, their paths below the module, with the reason. */
  readonly off?: readonly Off[];
}): TypedModule<Q> {
  const { name, doc, parameters, off = [] } = definition;
  const p = parameterInts(parameters);
  const [{ ports, items }, diagnostics] = collect(name, () => {
    const ports = definition.ports(p);
    const io = Object.fromEntries(
      Object.entries(ports).map(([name, port]) => [name, named(name, port.type)]),
    ) as PortValues<Q>;
    const scope = new Scope();
    definition.body(scope, p, io);
    return { ports, items: scope.items };
  });
  const site = callSite();
  return {
    kind: 'module',
    name,
    doc,
    parameters,
    ports,
    portTypes: ports,
    items,
    diagnostics,
    off,
    site,
  };
}
