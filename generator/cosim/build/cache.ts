import { createHash } from 'node:crypto';
import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { cacheRoot } from '../../base/cache-root.js';
import { temporary } from '../../base/cleanup.js';
import { translateWriteError } from '../../base/files.js';
import { isOwn, ownFolder, unusable } from '../../base/own-folder.js';
import { oneAtATime } from './one-at-a-time.js';

/** Entries kept; the least recently used go first. A built simulation is about a megabyte. */
export const MOST_ENTRIES = 200;

/** What an entry holds: the program, and its key and hash as they were when it was built. */
export const PROGRAM = 'simulation';
const RECORD = 'record';

/** Key of a build: a hash over named texts, order of the parts significant. */
export function cacheKey(parts: readonly (readonly [name: string, text: string])[]): string {
  const hash = createHash('sha256');
  for (const [name, text] of parts) hash.update(`${name.length} ${name} ${text.length} ${text}\n`);
  return hash.digest('hex').slice(0, 32);
}

/**
 * The cached program of `key`, made by `fill` when it is not there, by one process while others that want it wait. `fill`
 * works in a private directory, where it leaves the program, and which is renamed into place when it is complete: two
 * processes may race, and a killed one leaves nothing that looks built. An entry is used only when it is this user's,
 * writable by nobody else, and holds the program that was built; any other is made anew.
 * @throws UserError CACHE_UNSAFE, CACHE_UNUSABLE
 */
export async function cached(
  key: string,
  fill: (directory: string) => Promise<void>,
  root = cacheRoot(),
): Promise<{ readonly program: string; readonly hit: boolean }> {
  const builds = path.join(root, 'builds');
  ownFolder(root);
  ownFolder(builds);
  const directory = path.join(builds, key);
  const program = path.join(directory, PROGRAM);
  const found = async () => {
    const sound = await isSound(directory, key);
    if (sound) await touch(directory);
    return sound;
  };
  if (await found()) return { program, hit: true };
  const lock = path.join(root, `lock-${key}`);
  const hit = await oneAtATime(lock, async () => {
    // another process may have made it meanwhile
    if (await found()) return true;
    await make(key, fill, { root, directory });
    await prune(builds);
    return false;
  }).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).path === lock ? unusable(root, error) : error;
  });
  return { program, hit };
}

/** Fills a private directory and puts it into its place. */
async function make(
  key: string,
  fill: (directory: string) => Promise<void>,
  { root, directory }: { readonly root: string; readonly directory: string },
): Promise<void> {
  const work = await mkdtemp(path.join(root, 'work-')).catch((error: unknown) => {
    throw unusable(root, error);
  });
  const removed = temporary(work);
  try {
    await fill(work);
    await chmod(path.join(work, PROGRAM), 0o700);
    await writeFile(path.join(work, RECORD), await recordOf(work, key), { mode: 0o600 });
    await replace(work, directory, key);
  } catch (error) {
    throw translateWriteError(error, root);
  } finally {
    await rm(work, { recursive: true, force: true });
    removed();
  }
}

/** Puts a finished entry into its place; one that another process has finished meanwhile stays. */
async function replace(work: string, directory: string, key: string): Promise<void> {
  for (;;) {
    try {
      return await rename(work, directory);
    } catch (error) {
      const taken = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'];
      if (!taken.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    if (await isSound(directory, key)) return;
    await rm(directory, { recursive: true, force: true });
  }
}

/** Key and hash of the program in a directory. */
async function recordOf(directory: string, key: string): Promise<string> {
  const program = await readFile(path.join(directory, PROGRAM));
  return `${key} ${createHash('sha256').update(program).digest('hex')}\n`;
}

/** Whether an entry is there, of this user, closed to others, and as it was built. */
async function isSound(directory: string, key: string): Promise<boolean> {
  try {
    const [folder, program, record] = await Promise.all(
      [directory, path.join(directory, PROGRAM), path.join(directory, RECORD)].map((file) =>
        lstat(file),
      ),
    );
    if (!folder?.isDirectory() || !program?.isFile() || !record?.isFile()) return false;
    if (![folder, program, record].every(isOwn)) return false;
    return (
      (await readFile(path.join(directory, RECORD), 'utf8')) === (await recordOf(directory, key))
    );
  } catch {
    return false;
  }
}

/** Marks an entry as used just now. */
async function touch(directory: string): Promise<void> {
  const now = new Date();
  await utimes(directory, now, now).catch(() => undefined);
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
