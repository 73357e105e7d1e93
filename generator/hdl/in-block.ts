import { Expr, type Sign } from './expr.js';
import type { Int } from './int.js';
import type { Type } from './module.js';

/** A signal inside block number `index` of a generate loop. */
export function inBlock<S extends Sign>(
  label: string,
  index: Int,
  name: string,
  type: Type<S>,
): Expr<S> {
  return new Expr(type.sign, type.width, { kind: 'inBlock', label, index, name });
}
