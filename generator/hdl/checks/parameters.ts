import type { Diagnostic } from '../diagnostics.js';
import { Expr } from '../expr.js';
import { Int } from '../int.js';
import type { Module } from '../module.js';
import { walk } from '../verilog/lower.js';

/** Parameters and localparams that nothing depends on. */
export function checkParameters(module: Module): Diagnostic[] {
  const used = new Set<string>();
  for (const port of Object.values(module.ports)) mentions(port.type, used);
  for (const item of module.items) mentions(item, used);
  const named = Object.entries(module.parameters).map(([name, { site }]) => ({ name, site }));
  walk(module.items, (item) => {
    if (item.kind === 'local') named.push(item);
  });
  return named
    .filter(({ name }) => !used.has(name))
    .map(({ name, site }) => ({ code: 'DEAD_PARAMETER', message: `${module.name}.${name}`, site }));
}

/** Adds every parameter that a piece of a module depends on. */
function mentions(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Int) {
    for (const name of value.names) into.add(name);
    return;
  }
  if (value instanceof Expr && value.node.kind === 'part') into.add(value.node.name);
  for (const [key, inner] of Object.entries(value)) {
    // The parameters of an instantiated module are its own; `image` and `parameter` name text parameters.
    if (key === 'module') continue;
    if ((key === 'image' || key === 'parameter') && typeof inner === 'string') into.add(inner);
    mentions(inner, into);
  }
}
