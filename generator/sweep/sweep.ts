import { resolve } from 'node:path';
import type { Progress } from '../base/progress.js';
import type { Launcher } from './launch/launcher.js';
import { alone, clearWork, putManifest, type SweepManifest } from './results/directory.js';
import { type PointState, pointState, type SweepPlan } from './results/state.js';
import { ResultStore } from './results/store.js';
import { Tally } from './results/tally.js';
import { grouped } from './space/grouped.js';
import type { Point } from './space/point.js';
import type { CheckedSpace } from './space/space.js';
import { STAGES } from './stages/registry.js';

/** A point with what became of it. */
export interface Ended {
  readonly point: Point;
  readonly state: PointState;
}

/** A result file that is none, and whose point was run again. */
export interface RefusedFile {
  readonly file: string;
  readonly why: string;
}

export interface SweepRequest {
  readonly directory: string;
  /** What paths of the space are relative to; absolute. */
  readonly folder: string;
  readonly space: CheckedSpace;
  /** What is in the directory already. */
  readonly manifest: SweepManifest | null;
  readonly points: readonly Point[];
  readonly plan: SweepPlan;
  /** `name` of the sweep tells its jobs from others. */
  readonly launcher: (name: string) => Launcher;
  /** Runs points that failed, too. */
  readonly repeatFailed: boolean;
  /** No point begins after so many failures of this run. */
  readonly maxFailures: number;
  readonly progress: Progress;
}

export interface SweepResult {
  /** Every point of the space once, in its order. */
  readonly ended: readonly Ended[];
  /** Points that this run began with. */
  readonly ran: number;
  readonly refused: readonly RefusedFile[];
  /** It stopped for the number of failures. */
  readonly stopped: boolean;
}

/**
 * Runs what is missing of a sweep. Only result files say what is there: it can be killed at any time, on any machine, and run again.
 * @throws UserError SWEEP_BUSY, SWEEP_WORKER; of the launcher; where results cannot be written
 */
export function runSweep(request: SweepRequest): Promise<SweepResult> {
  const { progress } = request;
  const waiting = () =>
    progress.remark('waiting for another hcgs that runs this sweep, or was killed lately');
  return alone(request.directory, waiting, () => runAlone(request));
}

async function runAlone(request: SweepRequest): Promise<SweepResult> {
  const { directory, points, plan, progress, maxFailures } = request;
  const { name } = await putManifest(directory, request.manifest, request);
  const launcher = request.launcher(name);
  await launcher.settle();
  clearWork(directory);
  const store = new ResultStore(directory);
  progress.step('looking for results');
  const before = statesOf(points, store, plan);
  const toRun = pointsToRun(before.ended, request.repeatFailed);
  if (request.repeatFailed) for (const point of toRun) await store.forgetFailures(point);
  const tally = new Tally(store, plan, toRun, progress);
  const stopped = () => tally.failed >= maxFailures;
  if (toRun.length > 0) {
    progress.step(`${toRun.length} points:`);
    await launcher.run({
      setup: { directory: resolve(directory), plan },
      groups: [...grouped(toRun).values()],
      workerMb: workerMb(plan),
      onDone: (point) => tally.look(point),
      isMissing: ({ id }) => tally.waitsFor(id),
      goesOn: () => !stopped(),
    });
  }
  const after = statesOf(points, store, plan);
  return {
    ended: after.ended,
    ran: toRun.length,
    refused: [...before.refused, ...after.refused.filter(({ file }) => !has(before.refused, file))],
    stopped: stopped(),
  };
}

const has = (refused: readonly RefusedFile[], file: string): boolean =>
  refused.some((one) => one.file === file);

/** Megabytes that a worker takes at most with these stages. */
export function workerMb({ stages }: SweepPlan): number {
  return Math.max(...stages.map((stage) => STAGES[stage].memoryMb));
}

/** The state of every point as its result file says it. */
export function statesOf(
  points: readonly Point[],
  store: ResultStore,
  plan: SweepPlan,
): { readonly ended: readonly Ended[]; readonly refused: readonly RefusedFile[] } {
  const refused: RefusedFile[] = [];
  const ended = points.map((point) => {
    const stored = store.read(point.id);
    if (stored.kind === 'refused') refused.push({ file: stored.file, why: stored.why });
    const record = stored.kind === 'record' ? stored.record : null;
    return { point, state: pointState(point, record, plan) };
  });
  return { ended, refused };
}

/** Points of which a stage is missing, and, where asked for, those that failed. */
export function pointsToRun(ended: readonly Ended[], repeatFailed: boolean): readonly Point[] {
  return ended
    .filter(({ state }) => state.state === 'missing' || (repeatFailed && state.state === 'failed'))
    .map(({ point }) => point);
}
