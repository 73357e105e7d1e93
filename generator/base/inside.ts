import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from './errors.js';

/** Largest file of a directory that is read whole. */
const MOST_BYTES = 1 << 30;

/**
 * Reads a file of a directory that someone else may have made: `path` is relative, and no part of it may be a link, a
 * device or a pipe.
 * @throws UserError LINK_INSIDE, NOT_A_FILE; system errors for a file that is not there
 */
export function readInside(directory: string, path: string): Uint8Array {
  const parts = path.split('/');
  refuseLinks(directory, parts.slice(0, -1));
  const file = join(directory, path);
  if (lstatSync(file).isSymbolicLink()) throw link(file);
  // not through a link that was put there since, and without waiting for the writer of a pipe
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile() || stats.size > MOST_BYTES) {
      const got = stats.isFile() ? `a file of ${stats.size} bytes` : 'something else';
      throw new UserError({
        code: 'NOT_A_FILE',
        message: `${file}: expected a file of at most ${MOST_BYTES} bytes, got ${got}`,
        file,
      });
    }
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Makes the folder `path` of a directory that someone else may have made, where it is not there yet, and returns where it
 * is. What is written there then stays inside.
 * @throws UserError LINK_INSIDE when a part of it is a link, which could lead anywhere
 */
export function folderInside(directory: string, path: string): string {
  const parts = path.split('/');
  parts.forEach((_, i) => {
    const below = parts.slice(0, i + 1);
    refuseLinks(directory, below);
    mkdirSync(join(directory, ...below), { recursive: true });
  });
  refuseLinks(directory, parts);
  return join(directory, path);
}

/** Throws UserError LINK_INSIDE when a part of `path` below a directory is a link. What is missing is none. */
export function checkInside(directory: string, path: string): void {
  refuseLinks(directory, path.split('/'));
}

function refuseLinks(directory: string, parts: readonly string[]): void {
  let at = directory;
  for (const part of parts) {
    at = join(at, part);
    const stats = lstatSync(at, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isSymbolicLink()) throw link(at);
  }
}

function link(file: string): UserError {
  return new UserError({
    code: 'LINK_INSIDE',
    message: `${file} is a symbolic link, and a design has none: it could lead anywhere; remove it`,
    file,
  });
}
