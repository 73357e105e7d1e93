import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { unexpected } from './errors.js';

/**
 * A part of a file that another one names: `length` bytes from `offset`. Nothing is allocated before it is known that
 * the file has them.
 * @throws UserError FILE_OUTSIDE, FILE_MISSING or FILE_SHORT.
 */
export type ReadBeside = (location: string, offset: number, length: number) => Uint8Array;

/** Bytes of one part; more is no sensible tensor, and more than a buffer holds on some machines. */
const MAX_PART = 2 ** 31 - 1;

/** Reads files in the folder of `main` and below, by paths relative to it; links that lead out are not followed. */
export function readerBeside(main: string): ReadBeside {
  return (location, offset, length) => {
    const fail = (code: string, expected: string, got: string) =>
      unexpected({ code, file: main, field: location, expected, got });
    const parts = location.split(/[/\\]/);
    const odd = isAbsolute(location) || /^[a-z]:/i.test(location) || location.includes('\0');
    if (location === '' || odd || parts.includes('..')) {
      throw fail('FILE_OUTSIDE', `a path in the folder of ${basename(main)}`, 'one that leads out');
    }
    const folder = realpathSync(dirname(main));
    const path = found(join(folder, location));
    if (path === null) throw fail('FILE_MISSING', 'a file', 'none');
    if (!path.startsWith(folder === sep ? sep : folder + sep)) {
      throw fail('FILE_OUTSIDE', `a file in the folder of ${basename(main)}`, 'a link out of it');
    }
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const descriptor = openSync(path, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
    try {
      const state = fstatSync(descriptor);
      if (!state.isFile()) throw fail('FILE_MISSING', 'a file', 'something else of that name');
      if (length > MAX_PART) throw fail('FILE_SHORT', `at most ${MAX_PART} bytes`, `${length}`);
      if (offset + length > state.size) {
        throw fail('FILE_SHORT', `${offset + length} bytes`, `${state.size}`);
      }
      const bytes = new Uint8Array(length);
      let read = 0;
      while (read < length) {
        const count = readSync(descriptor, bytes, read, length - read, offset + read);
        if (count === 0) throw fail('FILE_SHORT', `${offset + length} bytes`, `${offset + read}`);
        read += count;
      }
      return bytes;
    } finally {
      closeSync(descriptor);
    }
  };
}

/** The path without links, or null where there is nothing that can be read. */
function found(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
