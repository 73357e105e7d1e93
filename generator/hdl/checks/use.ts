import type { Diagnostic } from '../diagnostics.js';
import type { Expr } from '../expr.js';
import type { Item, Module, Statement } from '../module.js';
import { targetName, walk } from '../verilog/lower.js';

/** Signals that nobody drives or nobody reads. */
export function checkUse(module: Module): Diagnostic[] {
  const driven = new Set<string>();
  const read = new Set<string>();
  const sites = new Map<string, string>();
  const drive = (target: Expr): void => {
    const name = targetName(target);
    driven.add(name);
    if (target.node.kind === 'select') reads(target.node.index, read);
  };
  for (const [name, port] of Object.entries(module.ports)) {
    if (port.direction === 'input') driven.add(name);
    else read.add(name);
  }
  walk(module.items, (item) => useOf(item, drive, read, sites));
  const found: Diagnostic[] = [];
  const names = [...new Set([...Object.keys(module.ports), ...sites.keys()])];
  for (const name of names) {
    const site = sites.get(name) ?? (module.ports[name]?.site as string);
    const message = `${module.name}.${name}`;
    if (!driven.has(name)) found.push({ code: 'UNDRIVEN', message, site });
    if (!read.has(name)) found.push({ code: 'UNREAD', message, site });
  }
  return found;
}

function useOf(
  item: Item,
  drive: (target: Expr) => void,
  read: Set<string>,
  sites: Map<string, string>,
): void {
  switch (item.kind) {
    case 'signal':
      sites.set(item.name, item.site);
      if (item.value !== null) {
        drive({ node: { kind: 'name', name: item.name } } as Expr);
        reads(item.value, read);
      }
      return;
    case 'assign':
      drive(item.target);
      reads(item.value, read);
      return;
    case 'always':
      reads(item.clock, read);
      for (const s of item.body) statement(s, drive, read);
      return;
    case 'instance':
      for (const [name, port] of Object.entries(item.module.ports)) {
        const value = item.ports[name];
        if (value === undefined) continue;
        if (port.direction === 'input') reads(value, read);
        else drive(value);
      }
      return;
    case 'unused':
      for (const v of item.values) reads(v, read);
      return;
    default:
      return;
  }
}

function statement(s: Statement, drive: (target: Expr) => void, read: Set<string>): void {
  if (s.kind === 'set') {
    drive(s.target);
    reads(s.value, read);
    return;
  }
  reads(s.test, read);
  for (const inner of [...s.then, ...s.otherwise]) statement(inner, drive, read);
}

/** Adds the names a value reads. */
export function reads(value: Expr, into: Set<string>): void {
  const { node } = value;
  switch (node.kind) {
    case 'name':
    case 'inBlock':
    case 'part':
      into.add(node.name);
      return;
    case 'select':
      into.add(node.name);
      reads(node.index, into);
      return;
    case 'binary':
      reads(node.a, into);
      reads(node.b, into);
      return;
    case 'choose':
      for (const e of [node.test, node.yes, node.no]) reads(e, into);
      return;
    case 'concat':
      for (const e of node.parts) reads(e, into);
      return;
    case 'unary':
    case 'repeat':
    case 'extend':
    case 'cast':
      reads(node.a, into);
      return;
    default:
      return;
  }
}
