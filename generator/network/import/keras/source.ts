import { type Hdf5File, isHdf5, readHdf5 as readInProcess } from '../../formats/hdf5/hdf5.js';
import { type ZipEntry, zipEntries } from '../../formats/zip.js';
import { kerasError } from './errors.js';
import { fieldOf, type Json, parseConfig } from './json.js';

/** A Keras file, unpacked. */
export interface KerasSource {
  /** The network as its file states it; null where it has weights alone. */
  readonly config: Json | null;
  readonly weights: Hdf5File;
  /** The group with a group for each layer; null where they are laid out as in model.weights.h5. */
  readonly root: string | null;
  /** The version of Keras that wrote it, or null. */
  readonly version: string | null;
}

/** Reads HDF5; `skip`: groups of which nothing is read. */
export type ReadHdf5 = (bytes: Uint8Array, file: string, skip: readonly string[]) => Hdf5File;

/** Optimizers have as many values as the network again; nothing of them is needed. */
const SKIPPED = ['/optimizer_weights', '/optimizer'];
const CONFIG = 'config.json';
const WEIGHTS = 'model.weights.h5';
const MODEL = /\.(h5|hdf5|keras)$/i;
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** Whether a file is an HDF5 file, or an archive with a Keras network. Never throws. */
export function isKeras(bytes: Uint8Array, file: string): boolean {
  if (isHdf5(bytes)) return true;
  const entries = entriesOf(bytes, file);
  return (
    entries !== null && (archived(entries) !== null || entries.some(({ name }) => MODEL.test(name)))
  );
}

/** @throws UserError KERAS_FILE for files that are none of Keras, or as the readers of HDF5 and zip. */
export function readSource(
  bytes: Uint8Array,
  file: string,
  readHdf5: ReadHdf5 = readInProcess,
  depth = 0,
): KerasSource {
  if (isHdf5(bytes)) return ofHdf5(readHdf5(bytes, file, SKIPPED), file);
  const entries = zipEntries(bytes, file);
  const own = archived(entries);
  if (own !== null) {
    const text = new TextDecoder().decode(own.config.read());
    const config = parseConfig(text, file);
    return {
      config,
      weights: readHdf5(own.weights.read(), file, SKIPPED),
      root: null,
      version: own.metadata === undefined ? null : versionOf(own.metadata, file),
    };
  }
  const models = entries.filter(({ name }) => MODEL.test(name));
  const [only] = models;
  if (only === undefined || models.length > 1 || depth > 0) {
    const got =
      models
        .map(({ name }) => name)
        .slice(0, 10)
        .join(', ') || 'none';
    const expected = 'one .h5 or .keras file in the archive (unpack the one that is meant)';
    throw kerasError(file, 'KERAS_FILE', 'archive', expected, got);
  }
  return readSource(only.read(), file, readHdf5, depth + 1);
}

function versionOf(metadata: ZipEntry, file: string): string | null {
  const value = fieldOf(
    parseConfig(new TextDecoder().decode(metadata.read()), file),
    'keras_version',
  );
  return typeof value === 'string' ? value : null;
}

function ofHdf5(weights: Hdf5File, file: string): KerasSource {
  const { groups } = weights;
  const root = groups.get('') ?? {};
  const text = (name: string, group: string) => {
    const value = groups.get(group)?.[name];
    return typeof value === 'string' ? value : null;
  };
  const own = groups.has('model_weights') ? 'model_weights' : '';
  const version = text('keras_version', '') ?? text('keras_version', own);
  const config = text('model_config', '');
  if (config !== null) {
    return { config: parseConfig(config, file), weights, root: own, version };
  }
  const listed = Object.keys(groups.get(own) ?? root).some((name) =>
    name.startsWith('layer_names'),
  );
  if (listed) return { config: null, weights, root: own, version };
  if (groups.has('layers') || groups.has('_layer_checkpoint_dependencies')) {
    return { config: null, weights, root: null, version };
  }
  const got = [...groups.keys(), ...weights.datasets.keys()].filter((name) => name !== '');
  const shown = got.slice(0, 10).join(', ') || 'an empty file';
  const expected = 'a network of Keras: model_config, or groups of weights with layer_names';
  throw kerasError(file, 'KERAS_FILE', 'HDF5', expected, shown);
}

interface Archived {
  readonly config: ZipEntry;
  readonly weights: ZipEntry;
  readonly metadata: ZipEntry | undefined;
}

/** The files of a .keras archive, at its root or in one folder. */
function archived(entries: readonly ZipEntry[]): Archived | null {
  const configs = entries.filter(({ name }) => name === CONFIG || name.endsWith(`/${CONFIG}`));
  for (const config of configs) {
    const folder = config.name.slice(0, -CONFIG.length);
    const find = (name: string) => entries.find((entry) => entry.name === folder + name);
    const weights = find(WEIGHTS);
    if (weights !== undefined) return { config, weights, metadata: find('metadata.json') };
  }
  return null;
}

function entriesOf(bytes: Uint8Array, file: string): readonly ZipEntry[] | null {
  if (!ZIP.every((byte, i) => bytes[i] === byte)) return null;
  try {
    return zipEntries(bytes, file);
  } catch {
    return null;
  }
}
