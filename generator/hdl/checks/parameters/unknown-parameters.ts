import { type Diagnostic, joinPath } from '../../diagnostics.js';
import { Int } from '../../int.js';
import type { Module } from '../../module.js';
import { imageParameters, walk } from '../../verilog/lower.js';
import { eachInstance } from '../names/instances.js';
import type { Subject } from '../walk/points.js';

/** Parameters that an instantiated module does not have, and text parameters that the module itself does not. */
export function checkUnknownParameters({ module, uses }: Subject): Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (path: string, message: string, site: string): void => {
    found.push({ code: 'UNKNOWN_PARAMETER', path, message, site });
  };
  for (const [item, { path }] of eachInstance(module.items, uses.scope)) {
    for (const [name, value] of Object.entries(item.parameters)) {
      const where = joinPath(path, item.name, name);
      const kind = value instanceof Int ? 'integer' : 'text';
      if (kindOf(item.module, name) !== kind) {
        add(where, `${item.module.name} has no ${kind} parameter ${name}`, item.site);
      }
      if (!(value instanceof Int) && 'parameter' in value) {
        if (kindOf(module, value.parameter) === 'text') continue;
        add(where, `${module.name} has no text parameter ${value.parameter}`, item.site);
      }
    }
  }
  walk(module.items, (item) => {
    if (item.kind !== 'memory') return;
    for (const name of imageParameters(item)) {
      if (kindOf(module, name) === 'text') continue;
      const message = `${module.name} has no text parameter ${name}`;
      add(joinPath(module.name, item.name), message, item.site);
    }
  });
  return found;
}

function kindOf(module: Module, parameter: string): 'integer' | 'text' | undefined {
  return module.parameters[parameter]?.kind;
}
