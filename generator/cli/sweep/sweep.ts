import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError, unexpected } from '../../base/errors.js';
import { writeFileAtomic } from '../../base/files.js';
import type { Progress } from '../../base/progress.js';
import { svgOf } from '../../base/svg.js';
import type { Launcher } from '../../sweep/launch/launcher.js';
import { localLauncher } from '../../sweep/launch/local-launcher.js';
import { slurmLauncher } from '../../sweep/launch/slurm/slurm-launcher.js';
import { readManifest, type SweepManifest } from '../../sweep/results/directory.js';
import { pointsOf } from '../../sweep/space/points.js';
import { STAGE_NAMES, type StageName } from '../../sweep/space/space.js';
import { runSweep } from '../../sweep/sweep.js';
import { sweepCsv } from '../../sweep/tables/csv.js';
import { sweepPlot } from '../../sweep/tables/plot.js';
import { defineCommand, optionName } from '../frame/command.js';
import {
  badValue,
  choice,
  flag,
  input,
  integer,
  outputDirectory,
  text,
} from '../options/options.js';
import { dryRun } from './dry-run.js';
import { checkTools, planOf } from './plan-of.js';
import { type ReadSpace, readSpace } from './read-space.js';
import { sweepReport } from './summary.js';
import { sweepLines } from './text.js';

/** Relative to the directory of a sweep. */
const LAUNCHERS = ['local', 'slurm'] as const;
const TABLE_FILE = 'table.csv';
const PLOT_FILE = 'pareto.svg';

export const sweepCommand = defineCommand({
  name: 'sweep',
  summary: 'run many networks on many configurations, and keep what each came to',
  positionals: {
    SPACE: input('what to try, .json, .ts or .mjs; or the directory of a sweep, to go on with it', {
      required: true,
    }),
  },
  options: {
    o: outputDirectory('directory of the sweep: what it has already is not run again', {
      valueName: 'DIR',
    }),
    stages: text(
      `in place of those of the space: ${STAGE_NAMES.join(', ')}; each is for the points that passed the one before`,
      { valueName: 'STAGE,...' },
    ),
    workers: integer('processes, or tasks, at a time; default: as many as there is room for', {
      min: 1,
    }),
    launcher: choice(
      'where points are run: on this machine, or in tasks of a Slurm cluster',
      LAUNCHERS,
      {
        default: 'local',
      },
    ),
    taskPoints: integer('slurm: points of a task (default 10)', { min: 1 }),
    taskMinutes: integer('slurm: time limit of a task (default 240)', { min: 1 }),
    partition: text('slurm: partition of the tasks', { valueName: 'NAME' }),
    maxFailures: integer('no point begins after so many failures of this run', {
      min: 1,
    }),
    repeatFailed: flag('runs the points that failed, too'),
    dryRun: flag('says which points there are and runs none'),
  },
  examples: [
    ['sweep space.json -o sweeps/first', 'every point, on all processors'],
    [
      'sweep space.json -o sweeps/first',
      'the same again: what is missing, after whatever stopped it',
    ],
    ['sweep sweeps/first --repeat-failed', 'points that failed, once more'],
    ['sweep space.ts -o sweeps/first --dry-run', 'how many points, and how long they may take'],
    ['sweep sweeps/first --stages estimate,generate,cosim', 'goes on with what was only estimated'],
    ['sweep space.json -o sweeps/first --launcher slurm', 'in arrays of tasks of a cluster'],
    ['sweep space.json -o sweeps/first --max-failures 3', 'stops early where something is wrong'],
  ],
  run: async (args, { progress, note }) => {
    const place = await placeOf(args.SPACE, args.o);
    const { directory, manifest, space, folder } = place;
    const plan = planOf(space, stagesOf(args.stages), args.SPACE);
    progress.step('listing points');
    const points = await pointsOf(space, folder);
    if (args.dryRun) {
      return dryRun({ directory, points, plan, ...args });
    }
    await checkTools(plan);
    if (manifest !== null && isOther(manifest, place)) {
      note(`${directory} was a sweep of another space: results of points of both are kept`);
    }
    const result = await runSweep({
      ...{ directory, folder, space, manifest, points, plan, progress },
      launcher: (name) => launcherOf(name, args, progress),
      repeatFailed: args.repeatFailed,
      maxFailures: args.maxFailures ?? Number.POSITIVE_INFINITY,
    });
    const objectives = space.objectives ?? {};
    const tableFile = join(directory, TABLE_FILE);
    await writeFileAtomic(tableFile, sweepCsv(result.ended, plan.stages));
    const plot = sweepPlot(result.ended, objectives);
    const plotFile = plot === null ? null : join(directory, PLOT_FILE);
    if (plot !== null && plotFile !== null) await writeFileAtomic(plotFile, await svgOf(plot));
    const written = { directory, stages: plan.stages, objectives, tableFile, plotFile };
    const report = sweepReport(result, written);
    const { failed, missing } = report.counts;
    return {
      ok: failed === 0 && missing === 0,
      json: { ...report, dryRun: null },
      lines: sweepLines(report, result.ended),
    };
  },
});

/** @throws UserError BAD_USAGE for options of the other launcher */
function launcherOf(
  name: string,
  {
    launcher,
    workers = null,
    taskPoints,
    taskMinutes,
    partition,
  }: {
    readonly launcher: (typeof LAUNCHERS)[number];
    readonly workers?: number | null | undefined;
    readonly taskPoints: number | undefined;
    readonly taskMinutes: number | undefined;
    readonly partition: string | undefined;
  },
  progress: Progress,
): Launcher {
  if (launcher === 'local') {
    const given = Object.entries({ taskPoints, taskMinutes, partition });
    const [other] = given.filter(([, value]) => value !== undefined);
    if (other === undefined) return localLauncher(workers);
    const field = optionName(other[0]);
    const message = `${field} belongs to --launcher slurm`;
    throw new UserError({ code: 'BAD_USAGE', message, field });
  }
  return slurmLauncher(
    name,
    {
      taskPoints: taskPoints ?? 10,
      minutes: taskMinutes ?? 240,
      atOnce: workers,
      partition: partition ?? null,
    },
    progress,
  );
}

interface Place extends ReadSpace {
  readonly directory: string;
  readonly manifest: SweepManifest | null;
}

/** The space of a command line and its directory, which may be named alone. */
async function placeOf(given: string, o: string | undefined): Promise<Place> {
  const isDirectory = existsSync(given) && statSync(given).isDirectory();
  const directory = o ?? (isDirectory ? given : undefined);
  if (directory === undefined) {
    throw new UserError({
      code: 'MISSING_ARGUMENT',
      message: '-o is missing: the directory of the sweep; see hcgs sweep --help',
      field: '-o',
    });
  }
  if (isDirectory && o !== undefined) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: `${given} is the directory of a sweep: -o belongs to the file of a space`,
      field: '-o',
    });
  }
  const manifest = readManifest(directory);
  if (!isDirectory) return { directory, manifest, ...(await readSpace(given)) };
  if (manifest !== null) return { directory, manifest, ...manifest };
  throw unexpected({
    ...{ code: 'SWEEP_PLACE', file: given, field: 'SPACE' },
    expected: 'the file of a space, or the directory of a sweep',
    got: 'an empty directory',
  });
}

function isOther(manifest: SweepManifest, { space, folder }: ReadSpace): boolean {
  return (
    manifest.folder !== resolve(folder) || JSON.stringify(manifest.space) !== JSON.stringify(space)
  );
}

function stagesOf(given: string | undefined): readonly StageName[] | undefined {
  return given?.split(',').map((part) => {
    const stage = STAGE_NAMES.find((name) => name === part.trim());
    if (stage === undefined) throw badValue('--stages', STAGE_NAMES.join(', '), given);
    return stage;
  });
}
