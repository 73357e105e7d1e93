import type { Module } from '../../module.js';
import { holds, type Relation } from '../../relation.js';

/** Relations of a module that do not hold at some values of its integer parameters. */
export function broken(
  module: Module,
  values: ReadonlyMap<string, number | string>,
): readonly Relation[] {
  const at = (name: string): number => Number(values.get(name));
  return module.relations.filter(({ a, op, b }) => !holds(a.evaluate(at), op, b.evaluate(at)));
}
