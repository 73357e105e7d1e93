import { readPickle } from '../../formats/pickle/pickle.js';
import { type ZipEntry, zipEntries } from '../../formats/zip.js';
import { errorsOf, type TorchErrors } from './errors.js';
import type { TorchFile } from './file.js';
import { persistentValue, type TorchStorage } from './storage.js';
import { TORCH } from './tensor.js';
import { ValueReader } from './values.js';

/** The first file of an archive by its own header, as the directory at the end may be missing. */
const FIRST = /(^|\/)(data\.pkl|\.format_version|version|byteorder|data\/\d+)$/;
const LOCAL_BYTES = 30;

/** Whether a file is what torch.save or torch.jit.save writes since 1.6, whole or cut short; never throws. */
export function isTorchArchive(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b || bytes[2] !== 3 || bytes[3] !== 4) return false;
  const length = (bytes[26] ?? 0) + 256 * (bytes[27] ?? 0);
  const name = bytes.subarray(LOCAL_BYTES, LOCAL_BYTES + length);
  try {
    return zipEntries(bytes, '').some(({ name }) => /(^|\/)data\.pkl$/.test(name));
  } catch {
    return FIRST.test(new TextDecoder('latin1').decode(name));
  }
}

/**
 * Reads the archive of torch.save (data.pkl, data/N, byteorder) or torch.jit.save (code/ and constants.pkl too).
 * @throws UserError as `zipEntries` and `readPickle`, TORCH_INVALID
 */
export function readTorchArchive(bytes: Uint8Array, file: string): TorchFile {
  const errors = errorsOf(file);
  const entries = zipEntries(bytes, file);
  const pickle = entries.filter(({ name }) => /(^|\/)data\.pkl$/.test(name));
  const [data] = pickle;
  if (data === undefined || pickle.length > 1) {
    throw errors.invalid('archive', 'one data.pkl', `${pickle.length}`);
  }
  const folder = data.name.slice(0, -'data.pkl'.length);
  const own: ReadonlyMap<string, ZipEntry> = new Map(
    entries
      .filter(({ name }) => name.startsWith(folder))
      .map((entry) => [entry.name.slice(folder.length), entry]),
  );
  const { value: root } = readPickle(data.read(), file, {
    constructors: TORCH,
    persistent: (id) => persistentValue(id, errors),
  });
  const script = own.has('constants.pkl');
  return {
    root,
    values: new ValueReader(storages(own, errors), isBig(own, errors), bytes.length, errors),
    code: script ? codeOf(own) : null,
  };
}

function isBig(own: ReadonlyMap<string, ZipEntry>, errors: TorchErrors): boolean {
  const entry = own.get('byteorder');
  if (entry === undefined) return false;
  const order = new TextDecoder('latin1').decode(entry.read().subarray(0, 16)).trim();
  if (order === 'little' || order === 'big') return order === 'big';
  throw errors.invalid('byteorder', 'little or big', order);
}

function storages(
  own: ReadonlyMap<string, ZipEntry>,
  errors: TorchErrors,
): (storage: TorchStorage) => Uint8Array {
  const read = new Map<string, Uint8Array>();
  return ({ key }) => {
    const entry = own.get(`data/${key}`);
    if (entry === undefined) throw errors.invalid(`data/${key}`, 'a storage', 'no such file');
    const bytes = read.get(key) ?? entry.read();
    read.set(key, bytes);
    return bytes;
  };
}

/** Texts of the code that people wrote; that of torch itself is known by the names of its classes. */
function codeOf(own: ReadonlyMap<string, ZipEntry>): ReadonlyMap<string, string> {
  const texts = [...own].filter(([name]) => /^code\/.*\.py$/.test(name));
  return new Map(texts.map(([name, entry]) => [name, new TextDecoder().decode(entry.read())]));
}
