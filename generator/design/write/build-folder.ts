import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../base/errors.js';
import { translateWriteError } from '../../base/files.js';
import { readInside } from '../../base/inside.js';
import { isBelow, realPlace } from '../../base/real-path.js';
import { sha256 } from './hash.js';
import type { ResultPlace } from './stage.js';
import { recover, swapIn } from './swap.js';

/** Lists what hcgs wrote into a folder of results, so that nothing else is ever replaced there. */
export const RECORD_FILE = 'build.json';

const record = z.strictObject({
  generator: z.literal('hcgs'),
  /** sha256 by path in the folder. */
  files: z.record(z.string(), z.string()),
});

/**
 * A folder of the user's for results of a design, outside of the design. One that is there is replaced only when
 * hcgs wrote all that is in it.
 * @throws UserError BUILD_IN_DESIGN; BUILD_TAKEN, naming the file in the way; FILE_UNWRITABLE
 */
export function buildPlace(folder: string, design: string, field: string): ResultPlace {
  const target = realPlace(folder);
  if (isBelow(target, realPlace(design))) {
    throw new UserError({
      code: 'BUILD_IN_DESIGN',
      message: `${field} ${folder} lies in the design ${design}, in which nothing else may be: name a folder outside of it, or leave ${field} away`,
      ...{ file: folder, field, expected: `a folder outside of ${design}`, got: folder },
    });
  }
  recover(target);
  checkReplaceable(target, folder, field);
  const parent = dirname(target);
  writable(nearestThere(parent), folder);
  return {
    folder,
    parent: () => {
      try {
        mkdirSync(parent, { recursive: true });
      } catch (error) {
        throw translateWriteError(error, folder);
      }
      return parent;
    },
    put: async (from) => {
      writeFileSync(join(from, RECORD_FILE), recordOf(from));
      // it may have been used meanwhile
      checkReplaceable(target, folder, field);
      swapIn(from, target);
    },
  };
}

/** @throws UserError FILE_UNWRITABLE about `shown` */
function writable(folder: string, shown: string): void {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw translateWriteError(error, shown);
  }
}

/** Throws UserError BUILD_TAKEN when something is there that hcgs did not write, or that was edited since. */
function checkReplaceable(target: string, shown: string, field: string): void {
  const taken = (file: string, why: string): UserError =>
    new UserError({
      code: 'BUILD_TAKEN',
      message: `${file} is in the way: ${why}; remove it or choose another ${field}`,
      ...{ file, field },
    });
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) throw taken(shown, 'there is a file of that name');
  const files = filesIn(target).filter((path) => path !== RECORD_FILE);
  if (files.length === 0) return;
  const written = readRecord(target);
  if (written === null) throw taken(shown, 'it is not empty, and hcgs synth did not write it');
  for (const path of files) {
    const hash = written[path];
    const file = join(shown, path);
    if (hash === undefined) throw taken(file, 'hcgs synth did not write it');
    if (sha256(readInside(target, path)) !== hash) throw taken(file, 'it was edited');
  }
}

function recordOf(folder: string): string {
  const files = filesIn(folder).map((path) => [path, sha256(readInside(folder, path))]);
  return `${JSON.stringify({ generator: 'hcgs', files: Object.fromEntries(files) }, null, 2)}\n`;
}

/** Null where there is none, or something else of its name. */
function readRecord(folder: string): Readonly<Record<string, string>> | null {
  try {
    const text = new TextDecoder().decode(readInside(folder, RECORD_FILE));
    return record.parse(JSON.parse(text)).files;
  } catch {
    return null;
  }
}

/** Everything below a folder but folders, sorted. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/**
 * Makes sure that the results of a design can be put into a folder of it before any tool works for them.
 * @throws UserError DESIGN_UNWRITABLE, naming the option for another place
 */
export function checkWritable(design: string, folder: string, field: string): void {
  // who reads the design says that there is none
  if (!existsSync(design)) return;
  const to = join(design, folder);
  const places = [...(existsSync(to) ? [to] : []), nearestThere(dirname(to))];
  for (const place of places) {
    try {
      accessSync(place, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw new UserError(
        {
          code: 'DESIGN_UNWRITABLE',
          message: `${place} cannot be written to, and results go to ${to}: name a folder of your own for them with ${field} DIR`,
          ...{ file: place, field, expected: 'a folder that can be written to', got: place },
        },
        { cause: error },
      );
    }
  }
}

/** The folder, or the nearest one above it that is there. */
function nearestThere(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestThere(dirname(folder));
}
