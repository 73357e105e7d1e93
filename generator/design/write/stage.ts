import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { cp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { VERILOG_FOLDERS } from '../../accelerator/index.js';
import { temporary } from '../../base/cleanup.js';
import { UserError } from '../../base/errors.js';
import { translateWriteError } from '../../base/files.js';
import { folderInside } from '../../base/inside.js';
import type { Design } from '../read/read.js';

/**
 * Runs `work` in a new directory that holds the listed files of a design below `folders` and nothing else, with the
 * contents that were checked: no tool finds there what nobody has looked at. The directory is gone afterwards.
 */
export async function withFiles<T>(
  design: Pick<Design, 'files'>,
  folders: readonly string[],
  work: (directory: string) => Promise<T>,
  parent: string = tmpdir(),
): Promise<T> {
  const directory = mkdtempSync(join(parent, '.hcgs-'));
  const settled = temporary(directory);
  try {
    for (const [path, content] of design.files) {
      if (!folders.some((folder) => path.startsWith(`${folder}/`))) continue;
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    return await work(directory);
  } catch (error) {
    throw translateWriteError(error, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
    settled();
  }
}

/**
 * Runs tools on a design in a directory of their own, where they leave results in `folder`, a path relative to the design. On
 * success the design's own folder is replaced by it as one step; after a failure only the logs are there.
 * @throws UserError LINK_INSIDE where the folder would lead outside
 */
export async function replacingFolder<T>(
  design: Design,
  folder: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const { directory } = design;
  const parent = folderInside(directory, dirname(folder));
  return withFiles(
    design,
    [...VERILOG_FOLDERS, 'mem', 'flow'],
    async (stage) => {
      mkdirSync(join(stage, folder), { recursive: true });
      try {
        const result = await work(stage);
        await moveOver(join(stage, folder), join(directory, folder));
        return result;
      } catch (error) {
        await keepLogs(join(stage, folder), join(directory, folder));
        throw shownAs(error, stage, directory);
      }
    },
    parent,
  );
}

/** A link at the place is replaced, not followed. */
async function moveOver(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await rename(from, to);
}

async function keepLogs(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch(() => []);
  const logs = names.filter((name) => name.endsWith('.log') || /^timing\w*\.txt$/.test(name));
  await rm(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const name of logs) await cp(join(from, name), join(to, name));
}

/** An error about a file of the stage is about the one of the design. */
function shownAs(error: unknown, stage: string, directory: string): unknown {
  if (!(error instanceof UserError)) return error;
  const { report } = error;
  const named = (text: string): string => text.replaceAll(stage, directory);
  return new UserError(
    {
      ...report,
      message: named(report.message),
      ...(report.details === undefined ? {} : { details: report.details.map(named) }),
      ...(report.file === undefined ? {} : { file: named(report.file) }),
    },
    { cause: error },
  );
}
