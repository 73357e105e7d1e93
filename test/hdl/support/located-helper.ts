import { type Expr, literal, type Scope } from '../../../generator/hdl/index.js';

/** A wire described in another file than its module. */
export function helperWire(scope: Scope, name: string): Expr<'u'> {
  return scope.wire(name, literal(0, 4));
}

/** Leaves a value over in another file than its module. */
export function helperUnused(scope: Scope, value: Expr): void {
  scope.unused('left', value);
}
