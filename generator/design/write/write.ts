import { existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { temporary } from '../../base/cleanup.js';
import { UserError } from '../../base/errors.js';
import { translateWriteError } from '../../base/files.js';
import { MANIFEST_FILE, type ManifestBody, manifestText } from '../manifest/manifest.js';
import { readUnedited } from '../read/read.js';
import { exchangeIn, insideName, recoverInside } from './exchange.js';
import { recover, swapIn, temporaryName } from './swap.js';
import { filesBelow, syncFolder, writeTree } from './tree.js';

type Files = ReadonlyMap<string, string | Uint8Array>;

/**
 * Writes a design directory as one step: complete under another name first, then renamed; or, where the folder cannot be
 * renamed, complete inside of it first, then exchanged with what is there. An existing
 * directory is replaced only when it is a design that nobody edited. `files` by path relative to the
 * directory, design.json excluded: its text is made here and returned.
 */
export async function writeDesign(
  directory: string,
  body: ManifestBody,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<string> {
  const target = existsSync(directory) ? realpathSync(directory) : resolve(directory);
  const manifest = manifestText(body, files);
  const all = new Map([...files, [MANIFEST_FILE, manifest]]);
  try {
    recover(target);
    if (isFolder(target)) recoverInside(target);
    await checkReplaceable(target, directory);
    await mkdir(dirname(target), { recursive: true });
    const placed = !isFixed(target) && (await replaced(target, all));
    if (!placed) await exchanged(target, all);
  } catch (error) {
    throw translateWriteError(error, directory);
  }
  return manifest;
}

/** What the system says of a folder that it does not rename, or whose parent it does not write to. */
const FIXED: ReadonlySet<unknown> = new Set(['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS']);

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Whether a folder has to stay the one it is: this process, and so the shell of the user, stands in it, or it is a mount point. */
function isFixed(target: string): boolean {
  if (!isFolder(target)) return false;
  const way = relative(target, realpathSync(process.cwd()));
  const standsIn = way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
  return standsIn || statSync(target).dev !== statSync(dirname(target)).dev;
}

/** Writes a new folder and renames it to `target`; false where there is a folder that cannot be renamed, or none can stand beside it. */
async function replaced(target: string, files: Files): Promise<boolean> {
  const next = temporaryName(target, 'tmp');
  return writing(next, async () => {
    try {
      rmSync(next, { recursive: true, force: true });
      await writeTree(next, files);
      swapIn(next, target);
      await syncFolder(dirname(target));
      return true;
    } catch (error) {
      if (isFolder(target) && FIXED.has((error as NodeJS.ErrnoException).code)) return false;
      throw error;
    }
  });
}

/** Writes into `target` itself and exchanges its contents. */
async function exchanged(target: string, files: Files): Promise<void> {
  const next = insideName(target, 'next');
  await writing(next, async () => {
    await writeTree(next, files);
    exchangeIn(target);
    await syncFolder(target);
  });
}

/** Does work that makes a temporary folder, which is gone afterwards, also when the program is interrupted. */
async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const settled = temporary(folder);
  try {
    return await work();
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    settled();
  }
}

/** Throws UserError when there is something at `target` that a new design must not replace. */
async function checkReplaceable(target: string, shown: string): Promise<void> {
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) {
    throw refused(shown, 'DESIGN_PLACE_TAKEN', 'there is a file of that name');
  }
  if ((await readdir(target)).length === 0) return;
  if (!existsSync(join(target, MANIFEST_FILE))) {
    throw refused(shown, 'DESIGN_PLACE_TAKEN', 'it is not empty and no design of hcgs');
  }
  const { files } = readUnedited(target);
  const foreign = (await filesBelow(target)).find(
    (path) => path !== MANIFEST_FILE && !files.has(path),
  );
  if (foreign !== undefined) {
    throw refused(join(shown, foreign), 'DESIGN_EDITED', 'it is no part of the design there');
  }
}

function refused(file: string, code: string, reason: string): UserError {
  return new UserError({
    code,
    message: `${file} is in the way: ${reason}; remove it or choose another -o`,
    file,
  });
}
