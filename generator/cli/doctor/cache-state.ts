import { constants, type Stats } from 'node:fs';
import { access, lstat, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheRoot } from '../../base/cache-root.js';
import { MOST_ENTRIES } from '../../cosim/build/cache.js';

/** The folder for what can be made again, as it is: nothing is made there. */
export interface CacheState {
  readonly folder: string;
  /** Why it cannot be used; null: it can. */
  readonly problem: string | null;
  /** Built simulations in it, of so many that are kept, and their bytes. */
  readonly builds: number;
  readonly mostBuilds: number;
  readonly bytes: number;
  /** Left on its disk for this user; null where the system does not say. */
  readonly freeBytes: number | null;
}

export async function cacheState(env = process.env): Promise<CacheState> {
  const folder = cacheRoot(env);
  const builds = join(folder, 'builds');
  const problem = (await problemOf(folder)) ?? (await problemOf(builds));
  const entries = problem === null ? await entriesOf(builds) : [];
  const sizes = await Promise.all(entries.map((name) => sizeOf(join(builds, name))));
  const disk = await statfs(await nearestThere(folder)).catch(() => null);
  return {
    ...{ folder, problem },
    builds: entries.length,
    mostBuilds: MOST_ENTRIES,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    freeBytes: disk === null ? null : disk.bavail * disk.bsize,
  };
}

/** Why a command could not use the folder, or not make it. */
async function problemOf(folder: string): Promise<string | null> {
  const own = await lstat(folder).catch(() => null);
  if (own === null) {
    const above = await nearestThere(folder);
    return (await mayWrite(above)) ? null : `no folder can be made in ${above}`;
  }
  if (!own.isDirectory())
    return `${folder} is ${own.isSymbolicLink() ? 'a symbolic link' : 'a file'}`;
  if (belongsToAnother(own)) return `${folder} belongs to another user`;
  return (await mayWrite(folder)) ? null : `${folder} cannot be written`;
}

function belongsToAnother({ uid }: Stats): boolean {
  return process.getuid !== undefined && uid !== process.getuid();
}

async function mayWrite(folder: string): Promise<boolean> {
  const there = await stat(folder).catch(() => null);
  if (!there?.isDirectory()) return false;
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The folder, or the nearest one above it that is there. */
async function nearestThere(folder: string): Promise<string> {
  const there = await lstat(folder).catch(() => null);
  return there !== null || dirname(folder) === folder ? folder : nearestThere(dirname(folder));
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

/** Bytes of the files in a folder; one that goes away meanwhile counts nothing. */
async function sizeOf(folder: string): Promise<number> {
  const names = await entriesOf(folder);
  const sizes = await Promise.all(
    names.map((name) =>
      lstat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
