import type { Point } from '../space/point.js';
import type { SweepPlan } from './state.js';
import type { ResultStore } from './store.js';

/** Points whose results are looked at. */
const LOOKED_AT = 1000;

/** Seconds of work that a point takes by the results that are there; null: a stage has none. */
export function secondsOf(
  points: readonly Point[],
  store: ResultStore,
  { stages }: SweepPlan,
): number | null {
  const times = new Map(stages.map((stage) => [stage as string, [] as number[]]));
  for (const { id } of points.slice(0, LOOKED_AT)) {
    const stored = store.read(id);
    if (stored.kind !== 'record') continue;
    for (const { stage, seconds } of stored.record.stages) times.get(stage)?.push(seconds);
  }
  const lists = [...times.values()];
  if (lists.some((list) => list.length === 0)) return null;
  return lists.reduce((sum, list) => sum + list.reduce((a, b) => a + b, 0) / list.length, 0);
}
