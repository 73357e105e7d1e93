import type { Diagnostic } from '../diagnostics.js';
import type { Expr } from '../expr.js';
import { Int, int } from '../int.js';
import type { Item, Module } from '../module.js';
import { showInt } from '../show-int.js';
import { walk } from '../verilog/lower.js';

type Instance = Extract<Item, { kind: 'instance' }>;

/** Ports left open, unknown parameters, widths of connections after the parameters are put in. */
export function checkInstances(module: Module): Diagnostic[] {
  const found: Diagnostic[] = [];
  walk(module.items, (item) => {
    if (item.kind === 'instance') found.push(...checkInstance(module, item));
  });
  return found;
}

function checkInstance(module: Module, item: Instance): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { site } = item;
  const where = `${module.name}.${item.name}`;
  for (const name of Object.keys(item.parameters)) {
    if (item.module.parameters[name] === undefined) {
      found.push({ code: 'UNKNOWN_PARAMETER', message: `${where}: ${name}`, site });
    }
  }
  for (const [name, port] of Object.entries(item.module.ports)) {
    const value = item.ports[name];
    if (value === undefined) {
      found.push({ code: 'UNCONNECTED_PORT', message: `${where}: ${name}`, site });
      continue;
    }
    if (port.direction === 'output' && !isTarget(value)) {
      found.push({ code: 'NEEDS_NAME', message: `${where}: output ${name}`, site });
    }
    const expected = substitute(port.type.width, item);
    if (!expected.equals(value.width)) {
      const message = `${where}.${name}: ${showInt(expected)} bits and ${showInt(value.width)} bits`;
      found.push({ code: 'WIDTH_MISMATCH', message, site });
    }
  }
  return found;
}

function isTarget({ node }: Expr): boolean {
  return node.kind === 'cast' ? isTarget(node.a) : ['name', 'part'].includes(node.kind);
}

/** A width of the instantiated module in terms of the parameters of the module around it. */
function substitute(width: Int, item: Instance): Int {
  const value = (name: string): Int => {
    const given = item.parameters[name];
    if (given instanceof Int) return given;
    const own = item.module.parameters[name];
    return int(own?.kind === 'integer' ? own.value : 0);
  };
  return width.substitute(value);
}
