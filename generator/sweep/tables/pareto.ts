import type { Ended } from '../sweep.js';

/** Which figures are better small, and which large. */
export type Objectives = Readonly<Record<string, 'min' | 'max'>>;

/** The figures of the objectives of a point, such that less is better; null where one is not known. */
export function costsOf({ state }: Ended, objectives: Objectives): readonly number[] | null {
  if (state.state !== 'done') return null;
  const costs = Object.entries(objectives).map(([name, way]) => {
    const value = state.figures[name];
    return typeof value === 'number' ? (way === 'min' ? value : -value) : Number.NaN;
  });
  return costs.some(Number.isNaN) ? null : costs;
}

/**
 * The points that no other one is better than: none has all objectives at least as good and one better. Of points with equal
 * objectives all are there. By the first objective, the best first; none without objectives.
 */
export function paretoSet(ended: readonly Ended[], objectives: Objectives): readonly Ended[] {
  if (Object.keys(objectives).length === 0) return [];
  const candidates = ended
    .flatMap((one) => {
      const costs = costsOf(one, objectives);
      return costs === null ? [] : [{ one, costs }];
    })
    .sort((a, b) => compare(a.costs, b.costs));
  const front: typeof candidates = [];
  for (const candidate of candidates) {
    // whoever is better comes first in this order
    if (!front.some(({ costs }) => dominates(costs, candidate.costs))) front.push(candidate);
  }
  return front.map(({ one }) => one);
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  return (
    a.every((cost, i) => cost <= (b[i] as number)) && a.some((cost, i) => cost < (b[i] as number))
  );
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((cost, i) => cost !== b[i]);
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number);
}
