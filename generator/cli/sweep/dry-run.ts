import { workersFor } from '../../sweep/launch/memory.js';
import { secondsOf } from '../../sweep/results/expected.js';
import type { SweepPlan } from '../../sweep/results/state.js';
import { ResultStore } from '../../sweep/results/store.js';
import { timeText } from '../../sweep/results/tally.js';
import type { Point } from '../../sweep/space/point.js';
import { pointsToRun, statesOf, workerMb } from '../../sweep/sweep.js';
import type { CommandResult } from '../frame/command.js';

/** Points that are shown. */
const SHOWN = 5;

/** Says what a sweep would run. */
export function dryRun({
  directory,
  points,
  plan,
  repeatFailed,
  workers,
}: {
  readonly directory: string;
  readonly points: readonly Point[];
  readonly plan: SweepPlan;
  readonly repeatFailed: boolean;
  readonly workers: number | undefined;
}): CommandResult {
  const store = new ResultStore(directory);
  const { ended } = statesOf(points, store, plan);
  const toRun = new Set(pointsToRun(ended, repeatFailed));
  const missing = ended.filter(({ point }) => toRun.has(point));
  const each = secondsOf(points, store, plan);
  const seconds =
    each === null ? null : (each * toRun.size) / (workers ?? workersFor(workerMb(plan)));
  const networks = new Set(points.map(({ networkId }) => networkId)).size;
  const first = missing.slice(0, SHOWN).map(({ point: { id, settings } }) => ({ id, settings }));
  return {
    ok: true,
    json: {
      directory,
      stages: plan.stages,
      points: points.length,
      dryRun: { networks, toRun: toRun.size, seconds, first },
    },
    lines: [
      `${points.length} points of ${networks} networks through ${plan.stages.join(', ')}; ${toRun.size} to run`,
      ...first.map(({ id, settings }) => `  ${id}  ${wordsOf(settings)}`),
      ...(missing.length > SHOWN ? [`  and ${missing.length - SHOWN} more`] : []),
      seconds === null
        ? 'how long they take is known once some of them have been run'
        : `about ${timeText(seconds)} on this machine, as those before`,
    ],
  };
}

const wordsOf = (settings: Point['settings']): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
