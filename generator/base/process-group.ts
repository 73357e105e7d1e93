import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Leaders of the process groups that this program has started and that have not ended. */
const running = new Set<number>();

/** Time between SIGTERM and SIGKILL, and for the system to clear up after the latter. */
const GRACE_MS = 2000;

/** Notes a group until `groupEnded`. When this program leaves, by whatever way it can notice, the group ends. */
export function groupStarted(leader: number): void {
  if (running.size === 0) process.once('exit', killGroups);
  running.add(leader);
}

/** Ends whatever a group has left behind: its leader is gone. */
export function groupEnded(leader: number): void {
  signalGroup(leader, 'SIGKILL');
  running.delete(leader);
  if (running.size === 0) process.off('exit', killGroups);
}

/** False when there is no such group. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends all groups, the polite way first; resolves when none is left. */
export async function endGroups(): Promise<void> {
  await untilGone('SIGTERM');
  await untilGone('SIGKILL');
}

/** Ends all groups at once. */
export function killGroups(): void {
  for (const leader of running) signalGroup(leader, 'SIGKILL');
}

/** What is started meanwhile, by work that does not know yet, gets the signal too. */
async function untilGone(signal: NodeJS.Signals): Promise<void> {
  const told = new Set<number>();
  const until = performance.now() + GRACE_MS;
  for (;;) {
    const left = [...running].filter((leader) => signalGroup(leader, 0));
    for (const leader of left) if (!told.has(leader)) signalGroup(leader, signal);
    for (const leader of left) told.add(leader);
    if (left.length === 0 || performance.now() > until) return;
    await sleep(20);
  }
}

/**
 * A number that changes as long as a group uses the processor: clock ticks of its processes. Null where the system does
 * not tell (no /proc).
 */
export function groupTicks(leader: number): number | null {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .reduce((ticks, name) => ticks + ticksOf(name, leader), 0);
  } catch {
    return null;
  }
}

function ticksOf(process: string, leader: number): number {
  try {
    const stat = readFileSync(`/proc/${process}/stat`, 'latin1');
    // the name of the program, in brackets, may hold anything
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[2]) === leader ? Number(fields[11]) + Number(fields[12]) : 0;
  } catch {
    return 0; // ended in between
  }
}
