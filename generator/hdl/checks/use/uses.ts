import type { Expr } from '../../expr.js';
import { Int } from '../../int.js';
import type { Item, Module, Statement } from '../../module.js';
import { integers, operands, type Reference, targetOf } from '../walk/exprs.js';
import { type Declared, type NameScope, scopeOf } from '../walk/scopes.js';

/** A value that stands somewhere in a module. */
export interface Read {
  readonly value: Expr;
  readonly scope: NameScope;
  readonly site: string;
}

/** A target that something drives. */
export interface Driven {
  readonly target: Reference;
  readonly scope: NameScope;
  readonly site: string;
}

/** An elaboration-time integer that is written somewhere in a module. */
export interface Written {
  readonly value: Int;
  readonly scope: NameScope;
  readonly site: string;
}

/** An always block. */
export interface Clocked {
  readonly body: readonly Statement[];
  readonly scope: NameScope;
}

/** Everything a module says, each piece once, in every branch of its generate conditions. */
export interface Uses {
  readonly scope: NameScope;
  readonly declared: readonly Declared[];
  readonly reads: readonly Read[];
  readonly driven: readonly Driven[];
  readonly ints: readonly Written[];
  readonly clocked: readonly Clocked[];
  /** What wires and outputs are declared with, or assigned. */
  readonly assigned: ReadonlyMap<Declared, readonly Read[]>;
}

export function usesOf(module: Module): Uses {
  const scope = scopeOf(module);
  const ports = Object.keys(module.ports).map((name) => scope.names.get(name) as Declared);
  const uses: Collected = {
    ...{ scope, declared: ports, reads: [], driven: [], ints: [], clocked: [] },
    assigned: new Map(),
  };
  collectItems(module.items, scope, uses);
  return uses;
}

/** The declaration behind a name in a value; undefined for parameters and for names that are not visible. */
export function lookUp(node: Reference, scope: NameScope): Declared | undefined {
  const names = node.kind === 'inBlock' ? scope.blocks.get(node.label)?.names : scope.names;
  return names?.get(node.name);
}

interface Collected extends Uses {
  readonly declared: Declared[];
  readonly reads: Read[];
  readonly driven: Driven[];
  readonly ints: Written[];
  readonly clocked: Clocked[];
  readonly assigned: Map<Declared, Read[]>;
}

function collectItems(items: readonly Item[], scope: NameScope, into: Collected): void {
  for (const item of items) {
    const { site } = item;
    const reads = (value: Expr): unknown => into.reads.push({ value, scope, site });
    const int = (value: Int): unknown => into.ints.push({ value, scope, site });
    const drives = (value: Expr): void => drive(value, scope, site, into);
    const inner = (below: readonly Item[]): void =>
      collectItems(below, scope.inner.get(below) as NameScope, into);
    switch (item.kind) {
      case 'signal':
        into.declared.push(scope.names.get(item.name) as Declared);
        int(item.type.width);
        if (item.value === null) break;
        reads(item.value);
        assign(scope.names.get(item.name), { value: item.value, scope, site }, into);
        break;
      case 'memory':
        into.declared.push(scope.names.get(item.name) as Declared);
        for (const value of [item.width, item.depth]) int(value);
        break;
      case 'local':
        int(item.value);
        break;
      case 'assign':
        drives(item.target);
        reads(item.value);
        assign(targetIn(item.target, scope), { value: item.value, scope, site }, into);
        break;
      case 'always':
        reads(item.clock);
        for (const s of item.body) statement(s, scope, into);
        into.clocked.push({ body: item.body, scope });
        break;
      case 'instance':
        for (const value of Object.values(item.parameters)) if (value instanceof Int) int(value);
        for (const [name, value] of Object.entries(item.ports)) {
          if (item.module.ports[name]?.direction === 'output') drives(value);
          else reads(value);
        }
        break;
      case 'unused':
        for (const value of item.values) reads(value);
        break;
      case 'for':
        int(item.count);
        inner(item.items);
        break;
      case 'if':
        for (const value of [item.a, item.b]) int(value);
        inner(item.then);
        inner(item.otherwise);
    }
  }
}

function targetIn(value: Expr, scope: NameScope): Declared | undefined {
  const target = targetOf(value);
  return target === null ? undefined : lookUp(target, scope);
}

function assign(declared: Declared | undefined, read: Read, into: Collected): void {
  if (declared === undefined) return;
  into.assigned.set(declared, [...(into.assigned.get(declared) ?? []), read]);
}

function statement(s: Statement, scope: NameScope, into: Collected): void {
  const { site } = s;
  if (s.kind === 'set') {
    drive(s.target, scope, site, into);
    into.reads.push({ value: s.value, scope, site });
    return;
  }
  into.reads.push({ value: s.test, scope, site });
  for (const inner of [...s.then, ...s.otherwise]) statement(inner, scope, into);
}

function drive(value: Expr, scope: NameScope, site: string, into: Collected): void {
  const target = targetOf(value);
  if (target === null) return;
  into.driven.push({ target, scope, site });
  if (target.kind === 'select') into.reads.push({ value: target.index, scope, site });
}

/** Visits every integer inside a value. */
export function integersIn(value: Expr, visit: (int: Int) => void): void {
  for (const int of integers(value)) visit(int);
  const { node } = value;
  const below = node.kind === 'select' ? [node.index] : operands(node);
  for (const inner of below) integersIn(inner, visit);
}
