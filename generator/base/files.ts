import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { temporary } from './cleanup.js';
import { UserError } from './errors.js';

interface SystemError extends Error {
  readonly code: string;
}

const READ_FAULTS: Readonly<Record<string, readonly [code: string, what: string]>> = {
  ENOENT: ['FILE_MISSING', 'there is no such file'],
  EACCES: ['FILE_UNREADABLE', 'no permission to read it'],
  EISDIR: ['FILE_IS_DIRECTORY', 'it is a directory, not a file'],
  ENOTDIR: ['FILE_MISSING', 'a part of the path is not a directory'],
};

const WRITE_FAULTS: Readonly<Record<string, readonly [code: string, what: string]>> = {
  ENOSPC: ['DISK_FULL', 'the disk is full'],
  EDQUOT: ['DISK_FULL', 'the disk quota is used up'],
  ENOENT: ['FILE_UNWRITABLE', 'no file can be made there'],
  ENAMETOOLONG: ['FILE_UNWRITABLE', 'the name is too long'],
  EACCES: ['FILE_UNWRITABLE', 'no permission to write there'],
  EPERM: ['FILE_UNWRITABLE', 'no permission to write there'],
  EROFS: ['FILE_UNWRITABLE', 'the file system is read-only'],
  EISDIR: ['FILE_IS_DIRECTORY', 'a directory of that name exists'],
  ENOTDIR: ['FILE_UNWRITABLE', 'a part of the path is not a directory'],
  EBUSY: ['FILE_UNWRITABLE', 'it is in use by the system, e.g. as a mount point'],
  EXDEV: ['FILE_UNWRITABLE', 'a part of it lies on another file system'],
  EEXIST: ['FILE_UNWRITABLE', 'a file stands where a directory is needed'],
};

/** Files that the command at hand has read, by device and number. */
const reads = new AsyncLocalStorage<Set<string>>();

/** Does a command's work; no file that it reads there can be written by it afterwards. */
export function watchingReads<T>(work: () => Promise<T>): Promise<T> {
  return reads.run(new Set(), work);
}

function noteRead({ dev, ino }: Stats): void {
  reads.getStore()?.add(`${dev}:${ino}`);
}

/** Reads a whole file. Throws UserError when it is missing, unreadable or a directory. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    noteRead(await stat(path));
    return await readFile(path);
  } catch (error) {
    throw translated(error, READ_FAULTS, path, 'read');
  }
}

/**
 * Writes a file as one step: a temporary file beside it, flushed to disk, then renamed. Whoever looks sees
 * the old file or the complete new one. Missing directories are made, symbolic links are followed; a device or
 * a pipe is written to and stays what it is. Throws UserError when the disk is full or the place is not
 * writable; the temporary file is then gone. A file that the command has read is not replaced (OUTPUT_IS_INPUT).
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (there === null || there.isDirectory()) return writeReplacing(path, path, bytes);
  if (there.isFile() && reads.getStore()?.has(`${there.dev}:${there.ino}`)) {
    throw new UserError({
      code: 'OUTPUT_IS_INPUT',
      message: `${path} was read by this command and would be replaced: name another place for the output`,
      file: path,
    });
  }
  if (there.isFile()) return writeReplacing(await realpath(path), path, bytes);
  await writeFile(path, bytes).catch((error: unknown) => {
    throw translateWriteError(error, path);
  });
}

/** `shown` is the path as the user named it. */
async function writeReplacing(
  path: string,
  shown: string,
  bytes: Uint8Array | string,
): Promise<void> {
  const partial = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  const release = temporary(partial);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(partial, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw translateWriteError(error, shown);
  } finally {
    release();
  }
}

/** A failed write as UserError where the user can do something about it, else the error as it is. */
export function translateWriteError(error: unknown, path: string): unknown {
  return translated(error, WRITE_FAULTS, path, 'write');
}

function translated(
  error: unknown,
  faults: typeof READ_FAULTS,
  path: string,
  verb: string,
): unknown {
  const fault = isSystemError(error) ? faults[error.code] : undefined;
  if (fault === undefined) return error;
  const [code, what] = fault;
  return new UserError(
    { code, message: `cannot ${verb} ${path}: ${what}`, file: path },
    { cause: error },
  );
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
