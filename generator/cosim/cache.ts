import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { cacheRoot } from '../base/cache-root.js';
import { temporary } from '../base/cleanup.js';
import { UserError } from '../base/errors.js';
import { translateWriteError } from '../base/files.js';

/** Entries kept; the least recently used go first. A built simulation is about a megabyte. */
const MOST_ENTRIES = 200;

/** Key of a build: a hash over named texts, order of the parts significant. */
export function cacheKey(parts: readonly (readonly [name: string, text: string])[]): string {
  const hash = createHash('sha256');
  for (const [name, text] of parts) hash.update(`${name.length} ${name} ${text.length} ${text}\n`);
  return hash.digest('hex').slice(0, 32);
}

/**
 * The cached directory of `key`, made by `fill` when it is not there. `fill` works in a private directory that is
 * renamed into place when it is complete: two processes may race, and a killed one leaves nothing that looks built.
 * @throws UserError CACHE_UNUSABLE when the cache directory cannot be written
 */
export async function cached(
  key: string,
  fill: (directory: string) => Promise<void>,
  root = cacheRoot(),
): Promise<{ readonly directory: string; readonly hit: boolean }> {
  const directory = path.join(root, 'builds', key);
  if (await touch(directory)) return { directory, hit: true };
  const work = await workDirectory(root);
  const removed = temporary(work);
  try {
    await fill(work);
    await rename(work, directory).catch(async (error: NodeJS.ErrnoException) => {
      const lostRace = error.code === 'ENOTEMPTY' || error.code === 'EEXIST';
      if (!(lostRace && (await touch(directory)))) throw error;
    });
  } catch (error) {
    throw translateWriteError(error, root);
  } finally {
    await rm(work, { recursive: true, force: true });
    removed();
  }
  await prune(path.join(root, 'builds'));
  return { directory, hit: false };
}

async function workDirectory(root: string): Promise<string> {
  try {
    await mkdir(path.join(root, 'builds'), { recursive: true });
    return await mkdtemp(path.join(root, 'work-'));
  } catch (error) {
    throw new UserError(
      {
        code: 'CACHE_UNUSABLE',
        message: `the cache directory cannot be written (${(error as Error).message}); set HCGS_CACHE to another one`,
        file: root,
      },
      { cause: error },
    );
  }
}

/** Marks an entry as used just now; false when there is none. */
async function touch(directory: string): Promise<boolean> {
  const now = new Date();
  return utimes(directory, now, now).then(
    () => true,
    () => false,
  );
}

async function prune(builds: string): Promise<void> {
  const names = await readdir(builds);
  if (names.length <= MOST_ENTRIES) return;
  const entries = await Promise.all(
    names.map(async (name) => {
      const used = await stat(path.join(builds, name)).catch(() => null);
      return { name, used: used?.mtimeMs ?? 0 };
    }),
  );
  entries.sort((a, b) => b.used - a.used);
  for (const { name } of entries.slice(MOST_ENTRIES)) {
    await rm(path.join(builds, name), { recursive: true, force: true });
  }
}
