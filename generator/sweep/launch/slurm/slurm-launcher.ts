import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { moduleBeside } from '../../../base/pool.js';
import { shellWord } from '../../../base/printable.js';
import type { Progress } from '../../../base/progress.js';
import type { Launcher, LaunchJob } from '../launcher.js';
import { cancel, type LiveTask, liveTasks, mostTasks, submit } from './commands.js';
import { putTask, tasksOf } from './task-file.js';

export interface SlurmOptions {
  /** Points of a task. */
  readonly taskPoints: number;
  /** Minutes after which a task is ended. */
  readonly minutes: number;
  /** Tasks at a time; null: as many as the cluster has room for. */
  readonly atOnce: number | null;
  readonly partition: string | null;
}

/** Between two looks at the queue, ms. */
const LOOK = 1000;
/** How often what no task has a result of is handed in: tasks get lost with nodes and controllers. */
const ROUNDS = 3;
/** Beside the points: the process that starts theirs. */
const TASK_MB = 300;

/**
 * Runs points in arrays of tasks of a Slurm cluster, which sees the directory of the sweep. Only result files say what was run: exit codes
 * and states of jobs are not looked at, but for whether a task of the name is there.
 */
export function slurmLauncher(name: string, options: SlurmOptions, progress: Progress): Launcher {
  const job = `hcgs-${name}`;
  return {
    width: () => options.atOnce,
    settle: async () => {
      const live = await liveTasks(job);
      if (live === null || live.length === 0) return;
      progress.remark(`waiting for ${live.length} tasks of an earlier run (${job})`);
      await untilGone(job, progress, () => true);
    },
    run: async (work) => {
      const most = await mostTasks();
      for (let round = 0; round < ROUNDS && work.goesOn(); round++) {
        const groups = work.groups.map((group) => group.filter(work.isMissing));
        const tasks = tasksOf(groups, options.taskPoints);
        if (tasks.length === 0) return;
        if (round > 0) progress.remark(`${tasks.flat().length} points are missing: once more`);
        for (let first = 0; first < tasks.length; first += most) {
          await handIn(job, tasks.slice(first, first + most), work, options);
        }
        await untilGone(job, progress, () => {
          work.onDone(null);
          return work.goesOn();
        });
        work.onDone(null);
      }
    },
  };
}

/** Writes the files of tasks, and hands them in as one array. */
async function handIn(
  job: string,
  tasks: readonly LaunchJob['groups'][number][],
  { setup, workerMb }: LaunchJob,
  { minutes, atOnce, partition }: SlurmOptions,
): Promise<void> {
  const folder = join(setup.directory, 'tasks', randomBytes(4).toString('hex'));
  for (const [n, points] of tasks.entries()) await putTask(folder, n, { setup, workerMb, points });
  const entry = fileURLToPath(new URL('../worker-entry.js', import.meta.url));
  const module = moduleBeside(import.meta.url, 'run-task').href;
  const command = [process.execPath, entry, module, folder].map(shellWord).join(' ');
  const limit = atOnce === null ? '' : `%${atOnce}`;
  await submit([
    ...['--parsable', `--job-name=${job}`, `--array=0-${tasks.length - 1}${limit}`],
    ...['--no-requeue', '--export=ALL', `--time=${minutes}`, '--ntasks=1', '--cpus-per-task=1'],
    ...[
      `--mem=${workerMb + TASK_MB}M`,
      ...(partition === null ? [] : [`--partition=${partition}`]),
    ],
    ...[`--chdir=${process.cwd()}`, `--output=${join(folder, '%a.log')}`],
    `--wrap=exec ${command} "$SLURM_ARRAY_TASK_ID"`,
  ]);
}

/** Resolves when no task of the name is left; `look` is asked now and then, and all are ended once it says no. */
async function untilGone(job: string, progress: Progress, look: () => boolean): Promise<void> {
  let told = '';
  let cancelled = false;
  for (let empty = 0; empty < 2; ) {
    await sleep(LOOK);
    const live = await liveTasks(job);
    if (live !== null) empty = live.length === 0 ? empty + 1 : 0;
    if (!look() && !cancelled) {
      cancelled = true;
      await cancel(job);
    }
    const stuck = stuckText(live ?? []);
    if (stuck !== '' && stuck !== told) progress.remark(stuck);
    told = stuck;
  }
}

/** Waits that do not end by themselves. */
const STUCK =
  /^(JobHeld|launch_failed|DependencyNever|ReqNodeNotAvail|PartitionDown|BadConstraints)/i;

function stuckText(live: readonly LiveTask[]): string {
  const reason = live.find(
    ({ state, reason: own }) => state === 'PENDING' && STUCK.test(own),
  )?.reason;
  if (reason === undefined) return '';
  return `tasks wait for what does not come by itself: ${reason}; scontrol show job says more, scancel ends them`;
}
