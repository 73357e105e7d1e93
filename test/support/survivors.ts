import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Numbers of the running processes whose command line has `mark` in it. */
export function processesWith(mark: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => commandLine(name).includes(mark))
    .map(Number);
}

/** Those that are still there when the system has had time to clear up. */
export async function survivors(mark: string): Promise<readonly number[]> {
  for (let turn = 0; turn < 100 && processesWith(mark).length > 0; turn++) await sleep(20);
  return processesWith(mark);
}

/** Waits until `count` processes with the mark run. */
export async function started(mark: string, count: number): Promise<readonly number[]> {
  while (processesWith(mark).length < count) await sleep(20);
  return processesWith(mark);
}

/** Numbers of the processes that process `parent` has started itself. */
export function childrenOf(parent: number): readonly number[] {
  const threads = readdirSync(`/proc/${parent}/task`);
  return threads.flatMap((thread) =>
    readFileSync(`/proc/${parent}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}

/** Empty for a process that has ended and waits to be noticed. */
function commandLine(process: string): string {
  try {
    return readFileSync(`/proc/${process}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
