import { fileURLToPath } from 'node:url';
import { scriptOutput } from '../../../base/child.js';
import { type UserError, unexpected } from '../../../base/errors.js';
import { decodeElements, ELEMENT_BYTES, type ElementType } from '../elements.js';

/** Text, numbers, or a list of either. */
export type Hdf5Attribute = string | number | null | readonly (string | number | null)[];

/** A dataset; one without `read` holds something else than real numbers, or was to be skipped. */
export interface Hdf5Dataset {
  /** From the root, without a slash before it. */
  readonly path: string;
  readonly shape: readonly number[];
  /** Type and shape, e.g. `float32 [20, 128]`. */
  readonly what: string;
  /** All values in row-major order; null where they are no real numbers. */
  readonly read: (() => Float64Array) | null;
}

/** What is in an HDF5 file. Groups and datasets by their path without a slash before it; the root is ''. */
export interface Hdf5File {
  readonly groups: ReadonlyMap<string, Readonly<Record<string, Hdf5Attribute>>>;
  readonly datasets: ReadonlyMap<string, Hdf5Dataset>;
}

/** Bytes that a file may unpack to: `HDF5_FREE` and `HDF5_RATIO` times its own. */
const HDF5_FREE = 2 ** 25;
const HDF5_RATIO = 2;
/** Memory of the library: what it needs itself, and data twice, packed and unpacked. */
const LIBRARY_MEMORY = 2 ** 26;
/** Seconds of processor time: to start, and for each megabyte. */
const SECONDS = 10;
/** Milliseconds after which a reader that makes no progress at all is stopped. */
const WALL_TIME = 600_000;

const MAGIC = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export const isHdf5 = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/**
 * Reads an HDF5 file with the HDF5 library, in a process of its own with a limit of memory and of processor time: the
 * library is large, and files of strangers have been known to crash it or keep it busy for ever. `skip`: paths of groups
 * whose datasets are listed and not read.
 * @throws UserError HDF5_INVALID, or HDF5_LIMIT when it unpacks to more than HDF5_FREE + HDF5_RATIO times its bytes, has
 * too many objects or takes too long.
 */
export function readHdf5(bytes: Uint8Array, file: string, skip: readonly string[] = []): Hdf5File {
  const budget = hdf5Budget(bytes.length);
  const options = JSON.stringify({ budget, memory: LIBRARY_MEMORY + 2 * budget, skip });
  const seconds = SECONDS + Math.ceil(bytes.length / 1e6);
  const child = fileURLToPath(new URL('./child.js', import.meta.url));
  const limits = { seconds, wallTime: WALL_TIME, mostBytes: 2 * budget };
  const stdout = scriptOutput(child, [options], bytes, limits);
  if (stdout === null || stdout.length < 4) {
    throw hdf5Error(file, 'HDF5_INVALID', 'one that the library fails at or takes too long for');
  }
  const start = 4 + stdout.readUInt32LE(0);
  const { failed, objects = [] } = JSON.parse(stdout.toString('utf8', 4, start)) as Reply;
  if (failed !== undefined) throw hdf5Error(file, failed.code, failed.text, budget);
  return hdf5FileOf(objects, stdout.subarray(start));
}

/** Bytes that a file of so many may unpack to. */
export const hdf5Budget = (length: number): number => HDF5_FREE + HDF5_RATIO * length;

/** An object as walk.js describes it; its data lie at `offset`. */
export interface WalkedObject {
  readonly path: string;
  readonly kind: string;
  readonly attributes: Readonly<Record<string, Hdf5Attribute>>;
  readonly shape?: readonly number[];
  readonly what?: string;
  readonly type?: string;
  readonly offset?: number;
  readonly length?: number;
}

interface Reply {
  readonly failed?: { readonly code: string; readonly text: string };
  readonly objects?: readonly WalkedObject[];
}

/** What walk.js found, for readers: `data` of all datasets one behind the other. */
export function hdf5FileOf(objects: readonly WalkedObject[], data: Uint8Array): Hdf5File {
  const groups = new Map<string, Readonly<Record<string, Hdf5Attribute>>>();
  const datasets = new Map<string, Hdf5Dataset>();
  for (const { path: absolute, kind, attributes, shape = [], ...own } of objects) {
    const path = absolute.slice(1);
    if (kind === 'group') groups.set(path, attributes);
    if (kind !== 'dataset') continue;
    const what = `${own.what ?? own.type} [${shape.join(', ')}]`;
    const { offset, length = 0, type } = own;
    const read =
      type === undefined || !(type in ELEMENT_BYTES) || offset === undefined
        ? null
        : () => decodeElements(type as ElementType, data.subarray(offset, offset + length));
    datasets.set(path, { path, shape, what, read });
  }
  return { groups, datasets };
}

/** The error for a file that walk.js refuses, or the library fails at. */
export function hdf5Error(file: string, code: string, got: string, budget?: number): UserError {
  const expected =
    budget !== undefined && code === 'HDF5_LIMIT'
      ? `at most ${budget} bytes when unpacked (32 MiB and ${HDF5_RATIO} times the file) in a sensible number of groups`
      : 'a file that is not damaged';
  return unexpected({ code, file, field: 'HDF5', expected, got });
}
