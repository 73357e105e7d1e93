import { setTimeout as sleep } from 'node:timers/promises';
import { runChild } from '../../../base/child.js';
import { UserError } from '../../../base/errors.js';

/** A controller that starts again is waited for so often, with so many ms between. */
const TRIES = 8;
const PAUSE = 5000;

/** A task of an array that waits or runs. */
export interface LiveTask {
  readonly id: string;
  readonly state: string;
  /** Why it waits. */
  readonly reason: string;
}

/** The largest number of tasks of an array. @throws UserError SWEEP_SLURM */
export async function mostTasks(): Promise<number> {
  const text = await patiently('scontrol', ['show', 'config']);
  const size = /^MaxArraySize\s*=\s*(\d+)/m.exec(text)?.[1];
  return Math.max(1, Number(size ?? 1001) - 1);
}

/** Hands an array to the cluster. @throws UserError SWEEP_SLURM with what sbatch says */
export async function submit(args: readonly string[]): Promise<void> {
  await patiently('sbatch', args);
}

/** The tasks of that name that wait or run; null: the controller does not answer. */
export async function liveTasks(name: string): Promise<readonly LiveTask[] | null> {
  const args = ['--noheader', '--array', '--name', name, '--format', '%F_%K|%T|%r'];
  const { ok, all } = await runChild({ command: 'squeue', args });
  if (!ok) return null;
  return all
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => {
      const [id = '', state = '', reason = ''] = line.split('|');
      return { id, state, reason };
    });
}

/** Ends the tasks of that name. */
export async function cancel(name: string): Promise<void> {
  await runChild({ command: 'scancel', args: ['--name', name] });
}

/** What a command says; one that finds no controller is tried again. */
async function patiently(command: string, args: readonly string[]): Promise<string> {
  for (let tries = 1; ; tries++) {
    const { ok, all, exitCode } = await runChild({ command, args });
    if (ok) return all;
    const down = /Unable to contact|Connection refused|timed out|Zero Bytes/i.test(all);
    if (down && tries < TRIES) await sleep(PAUSE);
    else {
      const what = exitCode === undefined ? 'it could not be started' : `exit code ${exitCode}`;
      throw new UserError({
        code: 'SWEEP_SLURM',
        message: `${command} failed: ${what}`,
        details: all.trimEnd() === '' ? [] : all.trimEnd().split('\n'),
        field: command,
      });
    }
  }
}
