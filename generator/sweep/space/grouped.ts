import type { Point } from './point.js';

/** Points by network, in the order in which networks come first. */
export function grouped(points: readonly Point[]): ReadonlyMap<string, readonly Point[]> {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const own = groups.get(point.networkId);
    if (own === undefined) groups.set(point.networkId, [point]);
    else own.push(point);
  }
  return groups;
}
