import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporary } from '../../base/cleanup.js';
import { UserError, wholeMessage } from '../../base/errors.js';
import { type PlannedDesign, plannedDesign } from '../../cosim/whole/planned-design.js';
import type { StageEntry } from '../results/record.js';
import { pointState, type SweepPlan } from '../results/state.js';
import type { ResultStore } from '../results/store.js';
import type { Point } from '../space/point.js';
import type { StageName } from '../space/space.js';
import type { Networks } from './networks.js';
import { STAGES, stageKey } from './registry.js';
import type { Found, Stage, WorkPoint } from './stage.js';
import { type WrittenDesign, written } from './written.js';

/** Where and how points are run. */
export interface PointRun {
  readonly directory: string;
  readonly plan: SweepPlan;
  readonly store: ResultStore;
  readonly networks: Networks;
  /** Told before each stage. */
  readonly onStage: (stage: StageName) => void;
}

/** Name of the module, and so of files, of every design of a sweep: points differ by their folder. */
const DESIGN_NAME = 'point';

/**
 * Runs the stages of a point that its result file does not have, each only where the ones before passed, and writes what each came
 * to at once. A failure of a stage is a result, too.
 * @throws UserError where no result can be written
 */
export async function runPoint(point: Point, run: PointRun): Promise<void> {
  const attempt = join(run.directory, 'work', `${point.id}.${randomBytes(4).toString('hex')}`);
  const release = temporary(attempt);
  const work = workPoint(point, run.networks, attempt);
  try {
    for (;;) {
      const stored = run.store.read(point.id);
      const record = stored.kind === 'record' ? stored.record : null;
      const state = pointState(point, record, run.plan);
      if (state.state !== 'missing') break;
      run.onStage(state.stage);
      await run.store.put(point, await entryOf(STAGES[state.stage], work, run.store));
    }
    if (run.plan.keepDesigns) await keepDesign(attempt, join(run.directory, 'designs', point.id));
  } finally {
    await rm(attempt, { recursive: true, force: true });
    release();
  }
}

function workPoint(point: Point, networks: Networks, attempt: string): WorkPoint {
  let planned: Promise<PlannedDesign> | null = null;
  let design: Promise<WrittenDesign> | null = null;
  const network = () => networks.of(point);
  const plan = async () => {
    const { model } = await network();
    const named = { name: DESIGN_NAME, field: 'name', fit: [] };
    return plannedDesign(model, point.design, named);
  };
  const write = async () =>
    written(await work.planned(), (await network()).bytes, join(attempt, DESIGN_NAME));
  const work: WorkPoint = {
    point,
    network,
    planned: () => {
      planned ??= plan();
      return planned;
    },
    design: () => {
      design ??= write();
      return design;
    },
  };
  return work;
}

/** Puts the design that an attempt made, if it made one, where it stays. */
async function keepDesign(attempt: string, place: string): Promise<void> {
  const made = join(attempt, DESIGN_NAME);
  if (!existsSync(made)) return;
  await rm(place, { recursive: true, force: true });
  await mkdir(dirname(place), { recursive: true });
  await rename(made, place);
}

async function entryOf(stage: Stage, work: WorkPoint, store: ResultStore): Promise<StageEntry> {
  const { point } = work;
  const start = performance.now();
  const { found, log } = await outcome(stage, work);
  const seconds = Math.round(performance.now() - start) / 1000;
  const entry = { stage: stage.name, key: stageKey(stage.name, point), seconds };
  if (found.outcome !== 'failed') return { ...entry, ...found };
  return { ...entry, ...found, log: await store.putLog(point.id, log) };
}

/** What a stage came to; what it throws is a failure with a log. */
async function outcome(
  stage: Stage,
  work: WorkPoint,
): Promise<{ readonly found: Found; readonly log: string }> {
  try {
    const found = await stage.run(work);
    return { found, log: found.outcome === 'failed' ? failureLog(work, stage, found.message) : '' };
  } catch (error) {
    const report = error instanceof UserError ? error.report : null;
    const stack = (error instanceof Error && error.stack) || String(error);
    const message = report?.message ?? String(error);
    const text = error instanceof UserError ? wholeMessage(error.report) : stack;
    return {
      found: { outcome: 'failed', code: report?.code ?? 'SWEEP_FAULT', message },
      log: failureLog(work, stage, text),
    };
  }
}

/** A page that says all there is to know of a failure. */
function failureLog({ point }: WorkPoint, { name }: Stage, text: string): string {
  const settings = Object.entries(point.settings).map(([key, value]) => `${key}: ${value}`);
  return [`point ${point.id}, stage ${name}`, ...settings, '', text, ''].join('\n');
}
