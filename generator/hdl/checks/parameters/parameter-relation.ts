import { type Diagnostic, joinPath } from '../../diagnostics.js';
import type { Module } from '../../module.js';
import type { Relation } from '../../relation.js';
import { broken } from '../walk/broken.js';
import { firstOfEach } from '../walk/first.js';
import { type Subject, showPoint } from '../walk/points.js';

/**
 * Values of parameters that are not to each other as their module says: defaults, and what instances pass on at every
 * combination of parameter values in use.
 */
export function checkParameterRelation({ module, points }: Subject): Diagnostic[] {
  const defaults = new Map(Object.entries(module.parameters).map(([n, p]) => [n, p.value]));
  const own = broken(module, defaults).map((relation) => ({
    path: module.name,
    ...({ code: 'PARAMETER_RELATION', message: told(relation, module, defaults) } as const),
    site: relation.site,
  }));
  const passed = points.flatMap((point) =>
    point.instances.flatMap(({ item, values }) =>
      broken(item.module, values).map((relation) => ({
        code: 'PARAMETER_RELATION' as const,
        path: joinPath(module.name, item.name),
        message: `${told(relation, item.module, values)}${showPoint(point)}`,
        site: item.site,
      })),
    ),
  );
  return firstOfEach([...own, ...passed]);
}

/** A relation with the values that break it. */
function told(
  { a, b, message }: Relation,
  { parameters }: Module,
  values: ReadonlyMap<string, number | string>,
): string {
  const names = Object.keys(parameters).filter((n) => a.names.includes(n) || b.names.includes(n));
  return `${message}: ${names.map((name) => `${name} is ${values.get(name)}`).join(', ')}`;
}
