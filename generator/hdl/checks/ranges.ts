import type { Diagnostic } from '../diagnostics.js';
import { Int } from '../int.js';
import type { Module, Parameter } from '../module.js';
import { walk } from '../verilog/lower.js';

/**
 * Values outside the range that a parameter declares: defaults, and what instances pass on at the defaults of the
 * module around them.
 */
export function checkRanges(module: Module): Diagnostic[] {
  const found: Diagnostic[] = [];
  const check = (where: string, parameter: Parameter, value: number, site: string): void => {
    if (parameter.kind !== 'integer') return;
    const { least, most } = parameter;
    if (value >= least && value <= most) return;
    const message = `${where}: ${value}, expected ${least} ... ${most}`;
    found.push({ code: 'PARAMETER_RANGE', message, site });
  };
  const defaults = new Map<string, number>();
  for (const [name, parameter] of Object.entries(module.parameters)) {
    if (parameter.kind !== 'integer') continue;
    defaults.set(name, parameter.value);
    check(`${module.name}.${name}`, parameter, parameter.value, parameter.site);
  }
  walk(module.items, (item) => {
    if (item.kind !== 'instance') return;
    for (const [name, value] of Object.entries(item.parameters)) {
      const parameter = item.module.parameters[name];
      // What depends on a loop variable is not known here.
      if (parameter === undefined || !(value instanceof Int)) continue;
      const { expanded } = value;
      if (!expanded.names.every((n) => defaults.has(n))) continue;
      const number = expanded.evaluate((n) => defaults.get(n) as number);
      check(`${module.name}.${item.name}.${name}`, parameter, number, item.site);
    }
  });
  return found;
}
