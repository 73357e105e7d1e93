import {
  Expr,
  type IntLike,
  int,
  type Scope,
  type Sign,
  set,
  type Type,
  when,
} from '../../hdl/index.js';

/** A value as it is some cycles after it came: copies in a line, or some that stand. */
export interface Late<S extends Sign> {
  at(cycle: IntLike): Expr<S>;
}

/** Cycles at which copies are taken that stand for `apart` cycles each, for a value that is wanted up to `last` cycles late. */
export function copyTimes(apart: number, last: number): readonly number[] {
  return Array.from({ length: Math.ceil(last / apart) }, (_, k) => k * apart);
}

/**
 * Copies of a value that comes no sooner than some cycles after the one before: each is taken from the one before it, and stands
 * until the next value comes there. `event(n)`: a value came n cycles ago; `times`: when copies are taken, at most as many cycles
 * apart as values are; `reset`: they are zero from then on, where they decide something.
 */
export function heldCopies<S extends Sign>(
  scope: Scope,
  clock: Expr<'u'>,
  name: string,
  value: Expr<S>,
  {
    event,
    times,
    reset,
  }: {
    readonly event: (n: number) => Expr<'u'>;
    readonly times: readonly number[];
    readonly reset?: Expr<'u'> | undefined;
  },
): Late<S> {
  const zero = new Expr(value.sign, value.width, {
    kind: 'literal',
    value: 0n,
    width: value.width,
  });
  const copies: { readonly from: number; readonly value: Expr<S> }[] = [];
  for (const [k, time] of times.entries()) {
    const type: Type<S> = { sign: value.sign, width: value.width };
    const copy = scope.reg(`${name}_${k}`, type, `from ${time + 1} cycles on`);
    const taken = when(event(time), [set(copy, copies.at(-1)?.value ?? value)]);
    scope.always(clock, [reset === undefined ? taken : when(reset, [set(copy, zero)], [taken])]);
    copies.push({ from: time + 1, value: copy });
  }
  return {
    at: (cycle) => {
      const n = int(cycle).expanded.constant;
      if (n === undefined) throw new Error(`${name} at a cycle that a parameter says`);
      return copies.findLast(({ from }) => from <= n)?.value ?? value;
    },
  };
}
