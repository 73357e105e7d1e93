import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../base/errors.js';

/** What GNU make cannot have in the path of the folder that it works in. */
const UNBEARABLE = /[\s#$%:;\\]/;

/**
 * An empty folder to build in: in `directory` where make can work there, else, as with a space in its path, in a folder for
 * temporary files.
 * @throws UserError CACHE_UNUSABLE where no such folder has a path that make can bear
 */
export async function workFolder(directory: string): Promise<string> {
  const near = path.join(directory, 'work');
  if (!UNBEARABLE.test(near)) {
    await mkdir(near);
    return near;
  }
  for (const folder of [tmpdir(), '/tmp', '/var/tmp'].filter((name) => !UNBEARABLE.test(name))) {
    const made = await mkdtemp(path.join(folder, 'hcgs-build-')).catch(() => null);
    if (made !== null) return made;
  }
  throw new UserError({
    code: 'CACHE_UNUSABLE',
    message: `GNU make cannot build in ${directory}, nor where TMPDIR leads: set HCGS_CACHE to a path without spaces and signs`,
    file: directory,
    expected: 'a path without spaces, #, $, %, :, ; and backslashes',
  });
}
