import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Beside a design NAME two more directories can stand: `.NAME.tmp-PID`, which process PID is writing, and
 * `.NAME.old-PID`, which it is replacing. Neither looks like a finished design, and the next run clears up
 * what a killed one left.
 */
export function temporaryName(directory: string, role: 'tmp' | 'old', pid = process.pid): string {
  return join(dirname(directory), `.${basename(directory)}.${role}-${pid}`);
}

/**
 * Puts `next` where `directory` is. Renames only: nobody sees half a design. Synchronous, so that no signal
 * is handled between the two steps.
 */
export function swapIn(next: string, directory: string): void {
  const old = temporaryName(directory, 'old');
  const replaces = existsSync(directory);
  if (replaces) renameSync(directory, old);
  try {
    renameSync(next, directory);
  } catch (error) {
    if (replaces) renameSync(old, directory);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/** Clears up after killed runs: brings back a design that was moved aside, removes what is left over. */
export function recover(directory: string): void {
  const parent = dirname(directory);
  if (!existsSync(parent)) return;
  const prefix = `.${basename(directory)}.`;
  for (const entry of readdirSync(parent)) {
    const match = entry.startsWith(prefix)
      ? /^(tmp|old)-(\d+)$/.exec(entry.slice(prefix.length))
      : null;
    if (match === null || isRunning(Number(match[2]))) continue;
    const path = join(parent, entry);
    if (match[1] === 'old' && !existsSync(directory)) renameSync(path, directory);
    else rmSync(path, { recursive: true, force: true });
  }
}

/** Another process of that number exists. Our own number on a leftover is a coincidence. */
export function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
