import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
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
const SECONDS = 30;
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
  const budget = HDF5_FREE + HDF5_RATIO * bytes.length;
  const options = JSON.stringify({ budget, memory: LIBRARY_MEMORY + 2 * budget, skip });
  const seconds = SECONDS + Math.ceil(bytes.length / 1e6);
  const child = fileURLToPath(new URL('./child.js', import.meta.url));
  const { stdout, status } = spawnSync(
    '/bin/sh',
    ['-c', `ulimit -t ${seconds}; exec "$0" "$@"`, process.execPath, child, options],
    {
      input: bytes,
      env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
      stdio: ['pipe', 'pipe', 'ignore'],
      maxBuffer: 2 * budget,
      timeout: WALL_TIME,
      killSignal: 'SIGKILL',
    },
  );
  if (status !== 0 || stdout.length < 4) {
    const got = 'one that the HDF5 library fails at or takes too long for';
    throw invalid(file, 'HDF5_INVALID', 'a file that is not damaged', got);
  }
  const reply = new Uint8Array(stdout.buffer, stdout.byteOffset, stdout.length);
  return decodeReply(reply, file, budget);
}

interface Reply {
  readonly failed?: { readonly code: string; readonly text: string };
  readonly objects?: readonly {
    readonly path: string;
    readonly kind: 'group' | 'dataset' | 'link';
    readonly attributes: Readonly<Record<string, Hdf5Attribute>>;
    readonly shape?: readonly number[];
    readonly what?: string;
    readonly type?: string;
    readonly swapped?: boolean;
    readonly offset?: number;
    readonly length?: number;
  }[];
}

function decodeReply(bytes: Uint8Array, file: string, budget: number): Hdf5File {
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start))) as Reply;
  if (header.failed !== undefined) {
    const { code, text } = header.failed;
    const expected =
      code === 'HDF5_LIMIT'
        ? `at most ${budget} bytes when unpacked (32 MiB and ${HDF5_RATIO} times the file) in a sensible number of groups`
        : 'a file that is not damaged';
    throw invalid(file, code, expected, text);
  }
  const groups = new Map<string, Readonly<Record<string, Hdf5Attribute>>>();
  const datasets = new Map<string, Hdf5Dataset>();
  for (const { path: absolute, kind, attributes, shape = [], ...own } of header.objects ?? []) {
    const path = absolute.slice(1);
    if (kind === 'group') groups.set(path, attributes);
    if (kind !== 'dataset') continue;
    const what = `${own.what ?? own.type} [${shape.join(', ')}]`;
    const { offset, length = 0, type, swapped = false } = own;
    const known = type !== undefined && type in ELEMENT_BYTES;
    const read = () => {
      const from = start + (offset as number);
      return decoded(bytes.subarray(from, from + length), type as ElementType, swapped);
    };
    datasets.set(path, { path, shape, what, read: known && offset !== undefined ? read : null });
  }
  return { groups, datasets };
}

function decoded(bytes: Uint8Array, type: ElementType, swapped: boolean): Float64Array {
  if (!swapped) return decodeElements(type, bytes);
  const size = ELEMENT_BYTES[type];
  return decodeElements(
    type,
    bytes.map((_, i) => bytes[i - (i % size) + size - 1 - (i % size)] as number),
  );
}

const invalid = (file: string, code: string, expected: string, got: string): UserError =>
  unexpected({ code, file, field: 'HDF5', expected, got });
