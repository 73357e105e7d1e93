import type { UnitOrders } from '../../network/unit-order.js';

/** A line about hidden units that hardware has in another order; none where it has all as the model has them. */
export function orderLines(orders: UnitOrders | null | undefined): readonly string[] {
  const moved = (orders ?? []).flatMap((order, pass) => (order === null ? [] : [pass]));
  if (moved.length === 0) return [];
  const layers = moved.length === 1 ? `layer ${moved[0]}` : `layers ${moved.join(', ')}`;
  return [
    `hidden units of ${layers}: in another order, which saves cycles (--keep-order leaves it)`,
  ];
}
