import { chmodSync, lstatSync, mkdirSync, type Stats } from 'node:fs';
import { UserError } from './errors.js';

/** Whether a file or folder is this user's and nobody else can write it. Systems without users have no others. */
export function isOwn(stats: Stats): boolean {
  return (
    process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o022) === 0)
  );
}

/**
 * A folder for what this program will run: made, or found to be a folder of this user, which then is closed to others.
 * @throws UserError CACHE_UNSAFE for a link, something else or another user's; CACHE_UNUSABLE where none can be made
 */
export function ownFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(folder, error);
  }
  const stats = lstatSync(folder);
  if (process.getuid === undefined) return;
  const what = stats.isSymbolicLink()
    ? 'is a symbolic link'
    : stats.uid !== process.getuid()
      ? 'belongs to another user'
      : null;
  if (what !== null) {
    throw new UserError({
      code: 'CACHE_UNSAFE',
      message: `the cache directory ${folder} ${what}: programs in it would be run; set HCGS_CACHE to a directory of your own`,
      file: folder,
    });
  }
  if ((stats.mode & 0o077) === 0) return;
  try {
    chmodSync(folder, 0o700);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** The error of a cache directory that cannot be written. */
export function unusable(folder: string, error: unknown): UserError {
  return new UserError(
    {
      code: 'CACHE_UNUSABLE',
      message: `the cache directory cannot be written (${(error as Error).message}); set HCGS_CACHE to another one`,
      file: folder,
    },
    { cause: error },
  );
}
