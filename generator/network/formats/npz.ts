import { type Zippable, zipSync } from 'fflate';
import { type UserError, unexpected } from '../../base/errors.js';
import { decodeNpy, type NpyArray, npyElements, type WritableType, writeNpy } from './npy.js';
import { type ZipEntry, zipEntries } from './zip.js';

/** Values that the arrays of one file may have: as many as the file has bytes, and this many more. */
const FREE_VALUES = 2 ** 24;

/** Whether a file is a zip archive of NumPy arrays and nothing else; never throws. */
export function isNpz(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  try {
    const entries = zipEntries(bytes, '');
    return entries.length > 0 && entries.every(({ name }) => name.endsWith('.npy'));
  } catch {
    return false;
  }
}

/**
 * The arrays of an `.npz` file by their names, in its order, as numpy.savez and numpy.savez_compressed write them.
 * @throws UserError ZIP_INVALID, ZIP_UNSUPPORTED, ZIP_LIMIT, NPZ_INVALID (a file in it is no array, or there is
 * none), NPZ_LIMIT, or what `readNpy` throws, with the name of the array behind that of the file.
 */
export function readNpz(bytes: Uint8Array, file: string): Map<string, NpyArray> {
  const arrays = new Map<string, NpyArray>();
  const limit = bytes.length + FREE_VALUES;
  let values = 0;
  for (const { name, read } of npzEntries(bytes, file)) {
    const at = `${file}, ${name}`;
    const elements = npyElements(read(), at);
    values += elements.shape.reduce((product, n) => product * n, 1);
    if (values > limit) {
      const expected = `at most ${limit} values (2^24 and as many as the file has bytes)`;
      throw unexpected({ code: 'NPZ_LIMIT', file, field: name, expected, got: 'more' });
    }
    arrays.set(name, decodeNpy(elements, at));
  }
  return arrays;
}

/** The arrays of an `.npz` file, unread, under their own names. @throws UserError as `readNpz` */
export function npzEntries(bytes: Uint8Array, file: string): readonly ZipEntry[] {
  const entries = zipEntries(bytes, file);
  const other = entries.find(({ name }) => !name.endsWith('.npy'));
  if (other !== undefined) throw invalid(file, other.name, 'a NumPy array (.npy)', 'another file');
  if (entries.length === 0) throw invalid(file, 'arrays', 'at least one', 'none');
  return entries.map((entry) => ({ ...entry, name: entry.name.slice(0, -'.npy'.length) }));
}

function invalid(file: string, field: string, expected: string, got: string): UserError {
  return unexpected({ code: 'NPZ_INVALID', file, field, expected, got });
}

/**
 * The bytes of an `.npz` file as numpy.savez writes it: one stored `.npy` per name, in the order given. The
 * time stamp is the first that a zip file can hold, so that equal arrays give equal bytes.
 */
export function writeNpz(
  arrays: ReadonlyMap<string, NpyArray & { readonly type: WritableType }>,
): Uint8Array {
  const entries: Zippable = {};
  for (const [name, array] of arrays) entries[`${name}.npy`] = writeNpy(array);
  return zipSync(entries, { level: 0, mtime: new Date(1980, 0, 1) });
}
