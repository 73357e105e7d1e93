import { joinPath } from '../../diagnostics.js';
import type { Expr, Sign } from '../../expr.js';
import { type Int, int } from '../../int.js';
import type { Item, Module } from '../../module.js';

/** A port, signal or memory as it is declared: once, whatever the counts of the loops around it. */
export interface Declared {
  readonly name: string;
  readonly path: string;
  readonly storage: 'input' | 'output' | 'wire' | 'reg' | 'memory';
  readonly sign: Sign;
  readonly width: Int;
  /** Words of a memory; 1 else. */
  readonly depth: Int;
  readonly site: string;
  /** What a wire is declared with. */
  readonly value: Expr | null;
}

/** The names that a place in a module sees. */
export interface NameScope {
  readonly path: string;
  readonly names: ReadonlyMap<string, Declared>;
  /** Parameters, localparams, loop variables. */
  readonly ints: ReadonlySet<string>;
  /** Generate loops that can be looked into, by label. */
  readonly blocks: ReadonlyMap<string, NameScope>;
  /** The scopes of the generate blocks right below. */
  readonly inner: ReadonlyMap<readonly Item[], NameScope>;
}

/** The scope of a module, with the scopes of its generate blocks below. */
export function scopeOf(module: Module): NameScope {
  const ports = Object.entries(module.ports).map(([name, { direction, type, site }]): Declared => {
    const path = joinPath(module.name, name);
    return { name, path, storage: direction, ...type, depth: int(1), site, value: null };
  });
  const outer = {
    names: new Map(ports.map((d) => [d.name, d])),
    ints: new Set(Object.keys(module.parameters)),
    blocks: new Map(),
  };
  return nested(module.items, outer, module.name);
}

function nested(
  items: readonly Item[],
  outer: Pick<NameScope, 'names' | 'ints' | 'blocks'>,
  path: string,
  loop?: { readonly label: string; readonly variable: string },
): NameScope {
  const names = new Map(outer.names);
  const ints = new Set(outer.ints);
  const blocks = new Map(outer.blocks);
  const inner = new Map<readonly Item[], NameScope>();
  const scope: NameScope = { path, names, ints, blocks, inner };
  if (loop !== undefined) {
    ints.add(loop.variable);
    blocks.set(loop.label, scope);
  }
  const own = new Set<string>();
  for (const item of items) {
    const declared = declarationOf(item, path);
    // Of two of one name the first counts; the clash is complained about.
    if (declared !== null && !own.has(declared.name)) names.set(declared.name, declared);
    if (declared !== null) own.add(declared.name);
    if (item.kind === 'local') ints.add(item.name);
  }
  for (const item of items) {
    if (item.kind === 'for') {
      const below = nested(item.items, scope, joinPath(path, item.label), item);
      inner.set(item.items, below);
      blocks.set(item.label, below);
    }
    if (item.kind === 'if') {
      inner.set(item.then, nested(item.then, scope, joinPath(path, item.label)));
      inner.set(item.otherwise, nested(item.otherwise, scope, joinPath(path, item.otherwiseLabel)));
    }
  }
  return scope;
}

function declarationOf(item: Item, path: string): Declared | null {
  const { site } = item;
  if (item.kind === 'signal') {
    const { name, storage, type, value } = item;
    return { name, path: joinPath(path, name), storage, ...type, depth: int(1), site, value };
  }
  if (item.kind !== 'memory') return null;
  const { name, width, depth } = item;
  const kind = { storage: 'memory', sign: 'u', value: null } as const;
  return { name, path: joinPath(path, name), ...kind, width, depth, site };
}
