import { moduleBeside } from '../../base/pool.js';
import { pointState } from '../results/state.js';
import { ResultStore } from '../results/store.js';
import type { Point } from '../space/point.js';
import type { StageName } from '../space/space.js';
import { stageKey } from '../stages/registry.js';
import type { Launcher } from './launcher.js';
import { runLocal } from './local.js';
import { workersFor } from './memory.js';
import type { WorkerSetup } from './setup.js';
import type { Crash } from './worker.js';

/** Runs points on this machine; `workers` at a time, or as many as it has processors and memory for. */
export function localLauncher(workers: number | null): Launcher {
  const width = (workerMb: number) => workers ?? workersFor(workerMb);
  return {
    settle: async () => undefined,
    width,
    run: async ({ setup, groups, workerMb, onDone, goesOn }) =>
      runLocal<Point>({
        module: moduleBeside(import.meta.url, 'sweep-worker'),
        ...{ setup, groups, workers: width(workerMb), workerMb, onDone, goesOn },
        onCrash: async (point, stage, crash) => {
          await putCrash(setup, point, stage as StageName, crash);
          onDone(point);
        },
      }),
  };
}

/** A point whose process ended under it has failed, unless the stage was over already. */
async function putCrash(
  { directory, plan }: WorkerSetup,
  point: Point,
  stage: StageName,
  { how, said }: Crash,
): Promise<void> {
  const store = new ResultStore(directory);
  const stored = store.read(point.id);
  const state = pointState(point, stored.kind === 'record' ? stored.record : null, plan);
  if (!('stage' in state) || state.stage !== stage || state.state === 'excluded') return;
  const message = `its process ended with ${how}`;
  const settings = Object.entries(point.settings).map(([key, value]) => `${key}: ${value}`);
  const log = await store.putLog(
    point.id,
    [`point ${point.id}, stage ${stage}: ${message}`, ...settings, '', said].join('\n'),
  );
  await store.put(point, {
    outcome: 'failed',
    ...{ stage, key: stageKey(stage, point), seconds: 0, code: 'SWEEP_CRASH', message, log },
  });
}
