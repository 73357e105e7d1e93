import { anyOf, type Expr, type Scope } from '../../../hdl/index.js';

/** Cycles that the input of tanh(c') waits at most until table and multiplier are free. */
export const SQUASH_WAIT = 2;

/**
 * Whether a c' went to the table of tanh some cycles ago, of cells whose gates i, f, g and o come one after another. It goes there
 * `there` cycles after i did, when it is there, but not in a cycle in which f or g of another cell is at a table: g would need
 * the same table then, and c' would meet o at the multiplier when f meets c, or i meets g. As cells are as many cycles apart as there
 * are gates at least, o of that other cell tells that c' waits no more.
 */
export function squashes(
  m: Scope,
  active: (cycle: number) => Expr<'u'>,
  there: number,
): (cycles: number) => Expr<'u'> {
  const known = new Map<number, Expr<'u'>>();
  return (cycles) => {
    const late = (cycle: number): Expr<'u'> => active(cycle + cycles);
    const busy = anyOf(late(1), late(2));
    const waits = Array.from({ length: SQUASH_WAIT }, (_, n) => late(there + 1 + n));
    const own =
      known.get(cycles) ??
      m.wire(
        `squash_${cycles}`,
        anyOf(late(there).and(busy.not()), anyOf(...waits).and(late(3))),
        `c' came to its table ${cycles} cycles ago`,
      );
    known.set(cycles, own);
    return own;
  };
}
