import { frameOrder } from './frames.js';
import type { OrderKit, TimeOrder } from './order.js';
import { roundOrder } from './rounds.js';
import { visitOrder } from './visits.js';

/** The order of a configuration. */
export function timeOrder(kit: OrderKit): TimeOrder {
  if (kit.c.order === 'sequence') return visitOrder(kit);
  return kit.c.streams === undefined ? frameOrder(kit) : roundOrder(kit);
}
