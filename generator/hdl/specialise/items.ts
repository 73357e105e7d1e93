import { Expr } from '../expr.js';
import { Int, int } from '../int.js';
import type { Item, Module } from '../module.js';
import { chosen } from '../verilog/lower.js';
import { foldExpr, foldStatement } from './expr.js';
import { type FoldScope, folded, foldedType, inside, isFolded, type Values } from './scope.js';

/** What a module becomes at given values of its parameters. */
export type ModuleAt = (module: Module, values: Values) => Module;

/**
 * Items with numbers in place of parameters: generate conditions that no loop variable decides are resolved, loops
 * keep their form with a number as their bound, localparams are folded.
 */
export function foldItems(items: readonly Item[], outer: FoldScope, at: ModuleAt): readonly Item[] {
  const taken = takenItems(items, outer);
  const place = inside(outer, taken);
  const made = taken.flatMap((item) => foldItem(item, place, at));
  // A localparam that follows a loop variable stays where it is read as a value.
  const read = new Set<string>();
  partNames(made, read);
  return made.filter((item) => item.kind !== 'local' || read.has(item.name));
}

/** Adds the names that a piece of a module reads bits of. */
function partNames(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null || value instanceof Int) return;
  if (value instanceof Expr && value.node.kind === 'part') into.add(value.node.name);
  for (const [key, inner] of Object.entries(value)) if (key !== 'module') partNames(inner, into);
}

/**
 * Items of a scope with those of the chosen branches in place of the conditions. Names stay as they are: where two
 * branches have the same ones, each keeps a block of its own.
 */
function takenItems(items: readonly Item[], outer: FoldScope): readonly Item[] {
  const place = inside(outer, items);
  const lists = items.map((item) => branchOf(item, place)?.items ?? [item]);
  const names = lists.flat().flatMap(declared);
  const once = (name: string): boolean => names.indexOf(name) === names.lastIndexOf(name);
  return items.flatMap((item) => {
    const branch = branchOf(item, place);
    if (item.kind !== 'if' || branch === null) return [item];
    if (branch.items.flatMap(declared).every(once)) return branch.items;
    const { label, items: then } = branch;
    return [{ ...item, a: int(1), op: '==', b: int(1), label, then, otherwise: [] }];
  });
}

/** The branch that a condition without loop variables takes. */
function branchOf(item: Item, place: FoldScope) {
  if (item.kind !== 'if') return null;
  const [a, b] = [folded(item.a, place), folded(item.b, place)];
  if (a.constant === undefined || b.constant === undefined) return null;
  const yes = chosen({ ...item, a, b }, never);
  return {
    label: yes ? item.label : item.otherwiseLabel,
    items: takenItems(yes ? item.then : item.otherwise, place),
  };
}

function foldItem(item: Item, place: FoldScope, at: ModuleAt): readonly Item[] {
  switch (item.kind) {
    case 'signal': {
      const value = item.value === null ? null : foldExpr(item.value, place);
      return [{ ...item, type: foldedType(item.type, place), value }];
    }
    case 'local': {
      const value = folded(item.value, place);
      return value.constant === undefined ? [{ ...item, value }] : [];
    }
    case 'memory':
      return [{ ...item, width: folded(item.width, place), depth: folded(item.depth, place) }];
    case 'assign':
      return [
        { ...item, target: foldExpr(item.target, place), value: foldExpr(item.value, place) },
      ];
    case 'always':
      return [
        {
          ...item,
          clock: foldExpr(item.clock, place),
          body: item.body.map((s) => foldStatement(s, place)),
        },
      ];
    case 'for': {
      const count = folded(item.count, place);
      const items = foldItems(item.items, place, at);
      return count.equals(0) || items.length === 0 ? [] : [{ ...item, count, items }];
    }
    case 'if': {
      const [a, b] = [folded(item.a, place), folded(item.b, place)];
      const then = foldItems(item.then, place, at);
      const otherwise = foldItems(item.otherwise, place, at);
      return [{ ...item, a, b, then, otherwise }];
    }
    case 'instance':
      return [foldInstance(item, place, at)];
    case 'unused':
      return [{ ...item, values: item.values.map((v) => foldExpr(v, place)) }];
    case 'comment':
      return [item];
  }
}

function foldInstance(
  item: Extract<Item, { kind: 'instance' }>,
  place: FoldScope,
  at: ModuleAt,
): Item {
  const values = instanceValues(item, place);
  const staying = Object.entries(item.parameters)
    .filter(([name]) => !isFolded(item.module.parameters[name]))
    .map(([name, v]) => [name, v instanceof Int ? folded(v, place) : v] as const);
  return {
    ...item,
    module: at(item.module, values),
    parameters: Object.fromEntries(staying),
    ports: Object.fromEntries(
      Object.entries(item.ports).map(([name, value]) => [name, foldExpr(value, place)]),
    ),
  };
}

/** The numbers that an instance gives to the parameters of its module. */
function instanceValues(item: Extract<Item, { kind: 'instance' }>, place: FoldScope): Values {
  const given = Object.entries(item.parameters).flatMap(([name, value]) => {
    if (!(value instanceof Int) || !isFolded(item.module.parameters[name])) return [];
    const { constant } = folded(value, place);
    if (constant === undefined) {
      throw new RangeError(
        `${item.name}.${name} differs between the rounds of a generate loop: one module cannot stand for all of them`,
      );
    }
    return [[name, constant] as const];
  });
  return Object.fromEntries(given);
}

/** Names that an item brings into its scope. */
function declared(item: Item): readonly string[] {
  switch (item.kind) {
    case 'signal':
    case 'memory':
    case 'instance':
    case 'unused':
      return [item.name];
    case 'for':
      return [item.variable, item.label];
    case 'if':
      return [item.label, item.otherwiseLabel];
    default:
      return [];
  }
}

function never(name: string): never {
  throw new Error(`${name} is not a number yet`);
}
