import type { Expr, Scope } from '../../../hdl/index.js';
import { heldCopies } from '../../build/held-copies.js';

/**
 * o of a cell in any of the cycles `first` to `last` of it, in which it meets tanh(c'): copies that are taken `apart` cycles apart at
 * most, from cycle `there` on, in which o is there, the last of them such that it stands in all of these cycles.
 */
export function outputCopies(
  m: Scope,
  clock: Expr<'u'>,
  o: Expr<'s'>,
  of: {
    readonly event: (n: number) => Expr<'u'>;
    readonly apart: number;
    readonly there: number;
    readonly first: number;
    readonly last: number;
  },
): Expr<'s'> {
  const times = timesOfCopies(of);
  const { event } = of;
  return heldCopies(m, clock, 'gate_o', o, { event, times }).at(of.last);
}

/** When they are taken. */
export function timesOfCopies({
  apart,
  there,
  first,
  last,
}: {
  readonly apart: number;
  readonly there: number;
  readonly first: number;
  readonly last: number;
}): readonly number[] {
  const more = Math.max(0, Math.ceil((last - apart - there) / apart));
  return Array.from({ length: more + 1 }, (_, k) => Math.min(there + k * apart, first - 1));
}
