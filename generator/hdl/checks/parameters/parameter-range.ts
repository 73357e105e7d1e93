import { type Diagnostic, joinPath } from '../../diagnostics.js';
import type { Module } from '../../module.js';
import { firstOfEach } from '../walk/first.js';
import { type Subject, showPoint } from '../walk/points.js';

/**
 * Values outside of the range that a parameter declares: defaults, and what instances pass on at every combination
 * of parameter values in use.
 */
export function checkParameterRange({ module, points }: Subject): Diagnostic[] {
  const defaults = new Map(Object.entries(module.parameters).map(([n, p]) => [n, p.value]));
  const own = outside(module, defaults).map(([name, message]) => ({
    path: joinPath(module.name, name),
    ...({ code: 'PARAMETER_RANGE', message } as const),
    site: module.parameters[name]?.site as string,
  }));
  const passed = points.flatMap((point) =>
    point.instances.flatMap(({ item, values }) =>
      outside(item.module, values)
        // What it does not pass on is complained about where it is declared.
        .filter(([name]) => name in item.parameters)
        .map(([name, text]) => ({
          code: 'PARAMETER_RANGE' as const,
          path: joinPath(module.name, item.name, name),
          message: `${text}${showPoint(point)}`,
          site: item.site,
        })),
    ),
  );
  return firstOfEach([...own, ...passed]);
}

function outside(
  module: Module,
  values: ReadonlyMap<string, number | string>,
): (readonly [name: string, text: string])[] {
  return Object.entries(module.parameters).flatMap(([name, p]) => {
    const value = values.get(name);
    if (p.kind === 'text' || typeof value !== 'number') return [];
    if (value >= p.least && value <= p.most) return [];
    return [[name, `${name} is ${value}, expected ${p.least} ... ${p.most}`] as const];
  });
}
