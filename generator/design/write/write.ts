import { existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { temporary } from '../../base/cleanup.js';
import { UserError } from '../../base/errors.js';
import { translateWriteError } from '../../base/files.js';
import { MANIFEST_FILE, type ManifestBody, manifestText } from '../manifest/manifest.js';
import { readUnedited } from '../read/read.js';
import { recover, swapIn, temporaryName } from './swap.js';
import { filesBelow, syncFolder, writeTree } from './tree.js';

/**
 * Writes a design directory as one step: complete under another name first, then renamed. An existing
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
  const next = temporaryName(target, 'tmp');
  const settled = temporary(next);
  try {
    recover(target);
    await checkReplaceable(target, directory);
    await mkdir(dirname(target), { recursive: true });
    rmSync(next, { recursive: true, force: true });
    await writeTree(next, new Map([...files, [MANIFEST_FILE, manifest]]));
    swapIn(next, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(next, { recursive: true, force: true }).catch(() => undefined);
    throw translateWriteError(error, directory);
  } finally {
    settled();
  }
  return manifest;
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
