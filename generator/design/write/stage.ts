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
  const directory = newFolder(parent);
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

function newFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, '.hcgs-'));
  } catch (error) {
    throw translateWriteError(error, parent);
  }
}

/** Where results of tools go. */
export interface ResultPlace {
  /** The folder of the results, as errors name it. */
  readonly folder: string;
  /** Makes the folder, on the same disk, in which tools get their directory. */
  readonly parent: () => string;
  /** Puts a folder in the place of the results that are there. */
  readonly put: (from: string) => Promise<void>;
}

/**
 * Runs tools on a design in a directory of their own, where they leave results in `folder`, a path relative to it. On
 * success these take the place of those that are there as one step; after a failure of a tool only its logs are there.
 */
export async function replacingResults<T>(
  design: Design,
  folder: string,
  place: ResultPlace,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  return withFiles(
    design,
    [...VERILOG_FOLDERS, 'mem', 'flow'],
    async (stage) => {
      const results = join(stage, folder);
      mkdirSync(results, { recursive: true });
      try {
        const result = await work(stage);
        await place.put(results);
        return result;
      } catch (error) {
        const logs = join(stage, 'logs');
        if ((await copyLogs(results, logs)) > 0) await place.put(logs);
        throw shownAs(shownAs(error, results, place.folder), stage, design.directory);
      }
    },
    place.parent(),
  );
}

/** The same with results in the folder of that path in the design. */
export function replacingFolder<T>(
  design: Design,
  folder: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  return replacingResults(design, folder, ownPlace(design.directory, folder), work);
}

/** The folder of that path in a design. `parent` throws UserError LINK_INSIDE where it would lead outside. */
export function ownPlace(design: string, folder: string): ResultPlace {
  const to = join(design, folder);
  return {
    folder: to,
    parent: () => folderInside(design, dirname(folder)),
    put: (from) => moveOver(from, to),
  };
}

/** A link at the place is replaced, not followed. */
async function moveOver(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await rename(from, to);
}

/** Copies the logs among results into a new folder; how many there are. */
async function copyLogs(results: string, to: string): Promise<number> {
  const names = await readdir(results).catch(() => []);
  const logs = names.filter((name) => name.endsWith('.log') || /^timing\w*\.txt$/.test(name));
  mkdirSync(to);
  for (const name of logs) await cp(join(results, name), join(to, name));
  return logs.length;
}

/** An error about a file of a folder is about one of another. */
function shownAs(error: unknown, folder: string, shown: string): unknown {
  if (!(error instanceof UserError)) return error;
  const { report } = error;
  const named = (text: string): string => text.replaceAll(folder, shown);
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
