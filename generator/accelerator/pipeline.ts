import { concat, Expr, type Scope, type Sign, set, uint, when } from '../hdl/index.js';

/**
 * Delay line of `stages` registers in one vector `<name>_line`. Returns the value and its delayed copies:
 * element n is n cycles late.
 */
export function delayed<S extends Sign>(
  scope: Scope,
  clock: Expr<'u'>,
  name: string,
  value: Expr<S>,
  stages: number,
): readonly Expr<S>[] {
  const { width, sign } = value;
  const line = scope.reg(`${name}_line`, uint(width.times(stages)));
  const bits = value.asUnsigned();
  const next = stages === 1 ? bits : concat(line.part(0, width.times(stages - 1)), bits);
  scope.always(clock, [set(line, next)]);
  const taps = Array.from({ length: stages }, (_, i) => {
    const part = line.part(width.times(i), width);
    return (sign === 's' ? part.asSigned() : part) as Expr<S>;
  });
  return [value, ...taps];
}

/** A delay line of valid bits: cleared by reset. */
export function delayedValid(
  scope: Scope,
  clock: Expr<'u'>,
  reset: Expr<'u'>,
  name: string,
  value: Expr<'u'>,
  stages: number,
): readonly Expr<'u'>[] {
  const line = scope.reg(`${name}_line`, uint(stages));
  const next = stages === 1 ? value : concat(line.part(0, stages - 1), value);
  const zero = new Expr('u', line.width, { kind: 'literal', value: 0n, width: line.width });
  scope.always(clock, [when(reset, [set(line, zero)], [set(line, next)])]);
  return [value, ...Array.from({ length: stages }, (_, i) => line.bit(i))];
}
