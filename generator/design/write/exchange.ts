import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE } from '../manifest/manifest.js';
import { isRunning } from './swap.js';

/**
 * A folder that cannot be renamed (a mount point, a folder in which somebody stands, one whose parent cannot be written) keeps its
 * place, and its contents are exchanged. In it stand meanwhile `.hcgs-next-PID`, which process PID is writing, `.hcgs-out-PID`, to
 * which it moves what was there, and, once all of that is out, `.hcgs-old-PID` in its place. design.json leaves first and comes
 * last: what is half exchanged is no design.
 */
type Role = 'next' | 'out' | 'old';

const INSIDE = /^\.hcgs-(next|out|old)-(\d+)$/;

export function insideName(directory: string, role: Role, pid = process.pid): string {
  return join(directory, `.hcgs-${role}-${pid}`);
}

/** Entries of a folder without those of an exchange, design.json first. */
function entriesOf(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => !INSIDE.test(name));
  return names.sort((a, b) => Number(b === MANIFEST_FILE) - Number(a === MANIFEST_FILE));
}

function move(names: readonly string[], from: string, to: string): void {
  for (const name of names) renameSync(join(from, name), join(to, name));
}

/**
 * Puts the contents of `next`, which lies in `directory`, in the place of those of `directory`. Synchronous, so that no signal is
 * handled in between. What was there is back after an error.
 */
export function exchangeIn(directory: string): void {
  const [next, out, old] = (['next', 'out', 'old'] as const).map((role) =>
    insideName(directory, role),
  ) as [string, string, string];
  mkdirSync(out);
  try {
    move(entriesOf(directory), directory, out);
    renameSync(out, old);
    move([...entriesOf(next)].reverse(), next, directory);
  } catch (error) {
    bringBack(directory, process.pid);
    throw error;
  }
  rmSync(next, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}

/** Undoes an exchange of process `pid` that did not end, or clears up behind one that did. */
function bringBack(directory: string, pid: number): void {
  const at = (role: Role) => insideName(directory, role, pid);
  if (existsSync(at('old')) && !existsSync(join(directory, MANIFEST_FILE))) {
    for (const name of contentsOf(at('next'))) {
      if (!existsSync(join(at('next'), name))) {
        rmSync(join(directory, name), { recursive: true, force: true });
      }
    }
    renameSync(at('old'), at('out'));
  }
  if (existsSync(at('out'))) {
    move([...entriesOf(at('out'))].reverse(), at('out'), directory);
    rmSync(at('out'), { recursive: true, force: true });
  }
  rmSync(at('next'), { recursive: true, force: true });
  rmSync(at('old'), { recursive: true, force: true });
}

/** Entries that a design beside its manifest has, as that says. */
function contentsOf(folder: string): readonly string[] {
  const manifest = join(folder, MANIFEST_FILE);
  if (!existsSync(manifest)) return [];
  const { files } = JSON.parse(readFileSync(manifest, 'utf8'));
  return [...new Set(Object.keys(files).map((path) => path.split('/', 1)[0] as string))];
}

/** Undoes exchanges of processes that were killed; those of others that run are left alone. */
export function recoverInside(directory: string): void {
  if (!existsSync(directory)) return;
  const left = readdirSync(directory).flatMap((name) => {
    const pid = INSIDE.exec(name)?.[2];
    return pid === undefined ? [] : [Number(pid)];
  });
  for (const pid of new Set(left)) if (!isRunning(pid)) bringBack(directory, pid);
}
