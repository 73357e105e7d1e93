import { type Expr, literal } from '../../hdl/index.js';
import type { LoadedStore, LoadLayout } from './layout.js';

/** A constant of the store with the number `store`, by ranges of stores that have it in common; the last one's for numbers beyond. */
export function byStore(
  store: Expr<'u'>,
  { stores }: LoadLayout,
  width: number,
  what: (store: LoadedStore) => number,
): Expr<'u'> {
  const values = stores.map(what);
  const ends = values.flatMap((value, n) =>
    n + 1 < values.length && value !== values[n + 1] ? [n] : [],
  );
  return ends.reduceRight<Expr<'u'>>(
    (others, end) => store.lt(end + 1).choose(literal(values[end] as number, width), others),
    literal(values.at(-1) as number, width),
  );
}
