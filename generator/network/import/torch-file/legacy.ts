import { readPickle } from '../../formats/pickle/pickle.js';
import { PyDict, sequence } from '../../formats/pickle/values.js';
import { errorsOf } from './errors.js';
import type { TorchFile } from './file.js';
import { persistentValue, TorchStorage } from './storage.js';
import { TORCH } from './tensor.js';
import { ValueReader } from './values.js';

/** The number that such a file begins with, as a pickle of any protocol has it. */
const MAGIC = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const MAGIC_WITHIN = 16;
const PROTOCOL = 1001;

/** Whether a file is what torch.save wrote before 1.6; never throws. */
export function isLegacyTorch(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x80) return false;
  const starts = Array.from({ length: MAGIC_WITHIN }, (_, at) => at);
  return starts.some((at) => MAGIC.every((byte, i) => bytes[at + i] === byte));
}

/**
 * Reads what torch.save wrote before 1.6, and writes with `_use_new_zipfile_serialization=False`: pickles of a magic
 * number, a version, facts about the machine, the object and the keys of storages; then for each key its number of
 * elements (8 bytes) and the elements.
 * @throws UserError as `readPickle`, TORCH_INVALID or TORCH_UNSUPPORTED
 */
export function readLegacyTorch(bytes: Uint8Array, file: string): TorchFile {
  const errors = errorsOf(file);
  const kinds = new Map<string, TorchStorage['kind']>();
  const context = {
    constructors: TORCH,
    persistent: (id: Parameters<typeof persistentValue>[0]) => {
      const value = persistentValue(id, errors);
      if (value instanceof TorchStorage) kinds.set(value.key, value.kind);
      return value;
    },
  };
  let at = 0;
  const next = () => {
    const { value, end } = readPickle(bytes, file, context, at);
    at = end;
    return value;
  };
  next();
  const version = next();
  if (version !== PROTOCOL) {
    throw errors.unsupported(
      'version',
      `${PROTOCOL}`,
      `${typeof version === 'number' ? version : 'no number'}`,
    );
  }
  const machine = next();
  const little = machine instanceof PyDict ? machine.entries.get('little_endian') : undefined;
  if (typeof little !== 'boolean') {
    throw errors.invalid('machine', 'whether it is little-endian', 'something else');
  }
  const root = next();
  const keys = sequence(next());
  if (keys === null) throw errors.invalid('storages', 'a list of keys', 'something else');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  for (const key of keys) {
    const kind = kinds.get(`${key as string}`);
    if (kind === undefined) throw errors.invalid('storages', 'keys of the object', 'another one');
    const left = bytes.length - at - 8;
    const size = left < 0 ? 0 : Number(view.getBigInt64(at, little)) * kind.bytes;
    if (left < 0 || size < 0 || size > left) {
      const got = left < 0 ? 'the end of the file' : `${left} bytes for ${size}`;
      throw errors.invalid(`storage ${key as string}`, 'its elements', got);
    }
    found.set(`${key as string}`, bytes.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  const bytesOf = ({ key }: TorchStorage) => {
    const own = found.get(key);
    if (own === undefined) throw errors.invalid(`storage ${key}`, 'a storage', 'none of that key');
    return own;
  };
  return { root, values: new ValueReader(bytesOf, !little, bytes.length, errors), code: null };
}
