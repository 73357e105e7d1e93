import type { Model } from '../../network/model.js';
import type { Tiling } from '../schedule/pass-walk.js';
import type { Prediction } from '../schedule/schedule.js';
import { multipliers } from './configuration.js';
import type { Lanes } from './configure.js';
import { fewestCycles, queueArea, queuesWorth } from './queues.js';

/** A way to build an array and its lanes. */
export interface Candidate {
  readonly tiling: Tiling;
  readonly lanes: Lanes;
  readonly prediction: Prediction;
}

/** Least product of multipliers and cycles, then fewest cycles; then fewest activation copies (row groups), then squarest tile. */
export function cheapest(cost: number): (a: Candidate, b: Candidate) => number {
  const squareness = (t: Tiling): number => Math.abs(Math.log2(t.tileRows / t.tileColumns));
  const product = (c: Candidate): number =>
    areaDelay(c.tiling, cost, c.lanes.cellLanes, c.prediction.cyclesPerFrame);
  return (a, b) =>
    product(a) - product(b) ||
    a.prediction.cyclesPerFrame - b.prediction.cyclesPerFrame ||
    a.prediction.latencyCycles - b.prediction.latencyCycles ||
    a.tiling.rowGroups - b.tiling.rowGroups ||
    squareness(a.tiling) - squareness(b.tiling);
}

/** Multipliers of array and cell lanes, of `cost` each, times cycles: what lanes are chosen by, and arrays with queues. */
export function areaDelay(tiling: Tiling, cost: number, cellLanes: number, cycles: number): number {
  const queues = tiling.queues === undefined ? 0 : queueArea(tiling);
  return (multipliers(tiling) + cost * cellLanes + queues) * cycles;
}

/** Plans of arrays with queues, but for those that even without any loss are no better than one before them. */
export function promising(
  model: Model,
  tilingsOf: readonly Tiling[],
  cost: number,
  plan: (tiling: Tiling) => Candidate,
): readonly Candidate[] {
  const atLeast = tilingsOf.map((tiling) => {
    const lanes = tiling.queues?.lanes ?? 1;
    return { tiling, product: areaDelay(tiling, cost, lanes, fewestCycles(model, tiling)) };
  });
  const plans: Candidate[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const { tiling, product } of atLeast.sort((a, b) => a.product - b.product)) {
    if (product > least) break;
    const own = plan(tiling);
    plans.push(own);
    const { cellLanes } = own.lanes;
    least = Math.min(least, areaDelay(tiling, cost, cellLanes, own.prediction.cyclesPerFrame));
  }
  return plans;
}

/** The best of arrays with sets, or of those with queues where these are worth it. */
export function better(
  sets: readonly Candidate[],
  queues: readonly Candidate[],
  cost: number,
): Candidate | undefined {
  const [set] = [...sets].sort(cheapest(cost));
  const [queue] = [...queues].sort(cheapest(cost));
  if (set === undefined || queue === undefined) return set ?? queue;
  const product = ({ tiling, lanes, prediction }: Candidate): number =>
    (multipliers(tiling) + cost * lanes.cellLanes) * prediction.cyclesPerFrame;
  return queuesWorth(product(queue), product(set)) ? queue : set;
}
