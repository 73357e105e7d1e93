import { type Diagnostic, joinPath } from '../../diagnostics.js';
import { Int } from '../../int.js';
import { imageParameters, walk } from '../../verilog/lower.js';
import { eachInstance } from '../names/instances.js';
import { integersIn } from '../use/uses.js';
import { references } from '../walk/exprs.js';
import type { Subject } from '../walk/points.js';

/** Parameters and localparams that nothing depends on. */
export function checkDeadParameter({ module, uses }: Subject): Diagnostic[] {
  const used = new Set<string>();
  const use = (int: Int): void => {
    for (const name of int.names) used.add(name);
  };
  for (const { type } of Object.values(module.ports)) use(type.width);
  for (const { value } of uses.ints) use(value);
  for (const { value } of uses.reads) {
    integersIn(value, use);
    references(value, ({ name }) => used.add(name));
  }
  for (const { target } of uses.driven) {
    if (target.kind === 'part') for (const int of [target.base, target.width]) use(int);
  }
  for (const [{ parameters }] of eachInstance(module.items, uses.scope)) {
    for (const value of Object.values(parameters)) {
      if (!(value instanceof Int) && 'parameter' in value) used.add(value.parameter);
    }
  }
  const named = Object.entries(module.parameters).map(([name, { site }]) => ({
    ...{ name, site },
    what: 'parameter',
  }));
  walk(module.items, (item) => {
    if (item.kind === 'memory') for (const name of imageParameters(item)) used.add(name);
    if (item.kind === 'local') named.push({ name: item.name, site: item.site, what: 'localparam' });
  });
  return named
    .filter(({ name }) => !used.has(name))
    .map(({ name, site, what }) => ({
      ...({ code: 'DEAD_PARAMETER', site } as const),
      path: joinPath(module.name, name),
      message: `nothing depends on this ${what}`,
    }));
}
