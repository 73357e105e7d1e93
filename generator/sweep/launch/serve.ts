import { createInterface } from 'node:readline';
import { runCleanup } from '../../base/cleanup.js';
import { UserError } from '../../base/errors.js';
import { endGroups, killGroups } from '../../base/process-group.js';
import { messageLine, type Task, type WorkerMessage } from './messages.js';

/** Runs one point; `stage` says which of its stages begins. */
export type RunTask<T extends Task> = (task: T, stage: (name: string) => void) => Promise<void>;

/**
 * In a module of a worker process: how its points are run. The first line of its input is what all of them share, each further one
 * a point. It ends when its input does, also because whoever started it is gone; what it started ends with it.
 */
export async function serveTasks<Setup, T extends Task>(
  prepare: (setup: Setup) => RunTask<T>,
): Promise<void> {
  process.on('exit', () => {
    killGroups();
    runCleanup();
  });
  const leave = async (exitCode: number): Promise<void> => {
    await endGroups();
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => leave(130));
  }
  let run: RunTask<T> | null = null;
  let working: Promise<void> = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const value: unknown = JSON.parse(line);
    if (run === null) run = prepare(value as Setup);
    else {
      const own = run;
      working = working.then(() => done(own, value as T));
    }
  });
  lines.on('close', () => void leave(0));
}

async function done<T extends Task>(run: RunTask<T>, task: T): Promise<void> {
  const { id } = task;
  try {
    await run(task, (stage) => say({ kind: 'stage', id, stage }));
    say({ kind: 'done', id });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say({ kind: 'fatal', id, report: error.report });
  }
}

function say(message: WorkerMessage): void {
  process.stdout.write(messageLine(message));
}
