import { UserError } from '../../generator/base/errors.js';
import { parseModel } from '../../generator/network/compressed-model.js';
import { dataOf } from '../../generator/network/data/arrays.js';
import { labelsOf } from '../../generator/network/data/labels.js';
import { numbersOf } from '../../generator/network/data/number-list.js';
import { framesOf } from '../../generator/network/data/read-frames.js';
import { labelKind } from '../../generator/network/data/read-labels.js';
import { readNpy } from '../../generator/network/formats/npy.js';
import { contentsOf, importNetwork } from '../../generator/network/import/import.js';
import type { Imported, ImportOptions } from '../../generator/network/import/imported.js';
import { readKeras } from './keras.js';

/** Bytes of the file that lies beside every ONNX file: numbers that are small as float32. */
const BESIDE = new Uint8Array(4096).fill(0x3d);

/** Reads the file beside an ONNX file, whatever its name is. */
function beside(location: string, offset: number, length: number): Uint8Array {
  if (offset + length <= BESIDE.length) return BESIDE.slice(offset, offset + length);
  const [expected, got] = [`${offset + length} bytes`, `${BESIDE.length}`];
  const message = `${location}: expected ${expected}, got ${got}`;
  throw new UserError({ code: 'FILE_SHORT', message, file: 'f', field: location, expected, got });
}

/** Frames of three values in any file; text is CSV. */
function frames(bytes: Uint8Array) {
  const file = 'fuzzed.csv';
  const lengths = { file: 'lengths', lengths: [1, 2] };
  const data = dataOf(bytes, file, () => true);
  const three = data.kind === 'array' && data.array.shape.length === 3;
  return framesOf(data, { inputs: 3, file, ...(three && { lengths }) });
}

/** Labels of three utterances in two classes in any file; text is JSON. */
function labels(bytes: Uint8Array) {
  const file = 'fuzzed.json';
  const array = numbersOf(
    dataOf(bytes, file, () => true),
    file,
    labelKind(2, file),
  );
  const layout = { kind: 'clips', names: [] } as const;
  return labelsOf(array, { frames: { lengths: Int32Array.of(1, 1, 1), layout }, classes: 2, file });
}

/** Reads a network as `inspect` does: what is in the file of one that is refused is listed. */
const network =
  (file: string, options: ImportOptions = {}) =>
  (bytes: Uint8Array): Imported => {
    try {
      return importNetwork(bytes, file, options);
    } catch (error) {
      if (error instanceof UserError) listed(bytes, file, options);
      throw error;
    }
  };

function listed(bytes: Uint8Array, file: string, options: ImportOptions): void {
  try {
    contentsOf(bytes, file, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

/** What is fuzzed: each reads the bytes of one file. */
export const READERS = {
  onnx: network('fuzzed.onnx', { beside }),
  safetensors: network('fuzzed.safetensors'),
  keras: readKeras,
  kerasApart: network('fuzzed.keras'),
  torch: network('fuzzed.pt'),
  json: network('fuzzed.json'),
  npz: network('fuzzed.npz'),
  tflite: network('fuzzed.tflite'),
  tensorflow: network('fuzzed.pb'),
  npy: (bytes: Uint8Array) => readNpy(bytes, 'fuzzed.npy'),
  frames,
  labels,
  model: (bytes: Uint8Array) => parseModel(bytes, 'fuzzed.safetensors'),
} as const;
