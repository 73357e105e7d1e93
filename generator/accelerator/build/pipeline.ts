import {
  concat,
  Expr,
  type Int,
  type IntLike,
  int,
  type Scope,
  type Sign,
  set,
  uint,
  when,
} from '../../hdl/index.js';

/** A value and its delayed copies: registers in one vector. Stages are cycles after the value. */
export class Line<S extends Sign> {
  constructor(
    private readonly value: Expr<S>,
    private readonly registers: Expr<'u'>,
  ) {}

  /** The value `stage` cycles late; 0: the value itself. */
  at(stage: IntLike): Expr<S> {
    if (int(stage).equals(0)) return this.value;
    const { width, sign } = this.value;
    const part = this.registers.part(width.times(int(stage).minus(1)), width);
    return (sign === 's' ? part.asSigned() : part) as Expr<S>;
  }

  /** Copies of stages `first` to `past` - 1, the first in the lowest place: bit n of a line of bits is n stages behind `first`. */
  from(first: IntLike, past: IntLike): Expr<'u'> {
    const { width } = this.value;
    if (int(first).equals(0)) {
      const now = this.value.asUnsigned();
      return int(past).equals(1) ? now : concat(this.from(1, past), now);
    }
    const base = width.times(int(first).minus(1));
    return this.registers.part(base, width.times(int(past).minus(first)));
  }
}

/** Delay line of `stages` registers in one vector `<name>_line`; of none, the value. */
export function delayed<S extends Sign>(
  scope: Scope,
  clock: Expr<'u'>,
  name: string,
  value: Expr<S>,
  stages: IntLike,
): Line<S> {
  if (int(stages).equals(0)) return new Line(value, value.asUnsigned());
  const { line, next } = shifted(scope, name, value, int(stages));
  scope.always(clock, [set(line, next)]);
  return new Line(value, line);
}

/** A delay line of valid bits: cleared by reset. */
export function delayedValid(
  scope: Scope,
  clock: Expr<'u'>,
  reset: Expr<'u'>,
  name: string,
  value: Expr<'u'>,
  stages: IntLike,
): Line<'u'> {
  if (int(stages).equals(0)) return new Line(value, value);
  const { line, next } = shifted(scope, name, value, int(stages));
  const zero = new Expr('u', line.width, { kind: 'literal', value: 0n, width: line.width });
  scope.always(clock, [when(reset, [set(line, zero)], [set(line, next)])]);
  return new Line(value, line);
}

function shifted(scope: Scope, name: string, value: Expr, stages: Int) {
  const { width } = value;
  const line = scope.reg(`${name}_line`, uint(width.times(stages)));
  const bits = value.asUnsigned();
  const next = stages.equals(1) ? bits : concat(line.part(0, width.times(stages.minus(1))), bits);
  return { line, next };
}
