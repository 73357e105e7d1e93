import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import { checkValue } from '../../base/check-value.js';
import { temporary } from '../../base/cleanup.js';
import { UserError, unexpected } from '../../base/errors.js';
import { translateWriteError, writeFileAtomic } from '../../base/files.js';
import { type CheckedSpace, spaceSchema } from '../space/space.js';

/** The file that says what a directory of a sweep is. */
export const SWEEP_FILE = 'sweep.json';
const FORMAT = 'hcgs sweep';

/** Age of the last sign of life from which on a run counts as dead, ms. */
const STALE = 10_000;
/** How long a run waits for one that may be dead, ms. */
const PATIENCE = 1.5 * STALE;

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  schemaVersion: z.literal(1),
  name: z.string().regex(/^[0-9a-f]{8}$/),
  folder: z.string(),
  space: spaceSchema,
});

/** What a directory of a sweep is for. */
export interface SweepManifest {
  /** Eight hexadecimal digits, by which its jobs on a cluster are known. */
  readonly name: string;
  /** What paths of the space are relative to; absolute. */
  readonly folder: string;
  readonly space: CheckedSpace;
}

/** The manifest of a directory; null where nothing is. @throws UserError SWEEP_PLACE for a directory of something else */
export function readManifest(directory: string): SweepManifest | null {
  if (!existsSync(directory)) return null;
  const file = join(directory, SWEEP_FILE);
  if (!existsSync(file)) {
    if (entries(directory).length === 0) return null;
    throw unexpected({
      ...{ code: 'SWEEP_PLACE', file: directory, field: SWEEP_FILE },
      expected: 'the directory of a sweep, or an empty or new one',
      got: 'other files',
    });
  }
  const text = readFileSync(file, 'utf8'); // its own, which it writes again
  const whole = 'the manifest of a sweep';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      { code: 'SWEEP_PLACE', message: `${file} is no JSON: ${whole} is expected`, file },
      { cause: error },
    );
  }
  const { name, folder, space } = checkValue(value, file, manifestSchema, {
    code: 'SWEEP_PLACE',
    whole,
  });
  return { name, folder, space };
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw translateWriteError(error, directory);
  }
}

/** Writes the manifest, with the name of the one that is there. */
export async function putManifest(
  directory: string,
  old: SweepManifest | null,
  { folder, space }: Omit<SweepManifest, 'name'>,
): Promise<SweepManifest> {
  const name = old?.name ?? randomBytes(4).toString('hex');
  const manifest = { name, folder, space };
  const text = JSON.stringify({ format: FORMAT, schemaVersion: 1, ...manifest }, null, 1);
  await writeFileAtomic(join(directory, SWEEP_FILE), `${text}\n`);
  return manifest;
}

/**
 * Does a run of a sweep while no other process does one in its directory; one that was killed lately is waited for.
 * @throws UserError SWEEP_BUSY
 */
export async function alone<T>(
  directory: string,
  waiting: () => void,
  act: () => Promise<T>,
): Promise<T> {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw translateWriteError(error, directory);
  }
  const folder = join(directory, '.lock');
  const release = await acquired(directory, folder, waiting);
  const removed = temporary(folder);
  try {
    return await act();
  } finally {
    removed();
    await release().catch(() => undefined);
  }
}

async function acquired(
  directory: string,
  folder: string,
  waiting: () => void,
): Promise<() => Promise<void>> {
  const until = performance.now() + PATIENCE;
  for (let tries = 0; ; tries++) {
    try {
      return await lock(folder, {
        lockfilePath: folder,
        realpath: false,
        stale: STALE,
        update: STALE / 5,
        onCompromised: () => undefined, // points can be run twice: what is written is always whole
      });
    } catch (error) {
      const locked = (error as NodeJS.ErrnoException).code === 'ELOCKED';
      if (!locked) throw translateWriteError(error, directory);
    }
    if (performance.now() > until) {
      throw new UserError({
        code: 'SWEEP_BUSY',
        message: `${directory}: another hcgs runs this sweep; wait for it, or end it`,
        file: directory,
      });
    }
    if (tries === 0) waiting();
    await sleep(200);
  }
}

/** Removes what attempts that were killed have left; only while nobody works there. */
export function clearWork(directory: string): void {
  rmSync(join(directory, 'work'), { recursive: true, force: true });
}
