import { UserError } from '../../generator/base/errors.js';
import { parseModel } from '../../generator/network/compressed-model.js';
import { dataOf } from '../../generator/network/data/arrays.js';
import { labelsOf } from '../../generator/network/data/labels.js';
import { numbersOf } from '../../generator/network/data/number-list.js';
import { framesOf } from '../../generator/network/data/read-frames.js';
import { labelKind } from '../../generator/network/data/read-labels.js';
import { readNpy } from '../../generator/network/formats/npy.js';
import { importNetwork } from '../../generator/network/import/import.js';
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

/** What is fuzzed: each reads the bytes of one file. */
export const READERS = {
  onnx: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.onnx', { beside }),
  safetensors: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.safetensors'),
  keras: readKeras,
  torch: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.pt'),
  json: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.json'),
  npz: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.npz'),
  tflite: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.tflite'),
  tensorflow: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.pb'),
  npy: (bytes: Uint8Array) => readNpy(bytes, 'fuzzed.npy'),
  frames,
  labels,
  model: (bytes: Uint8Array) => parseModel(bytes, 'fuzzed.safetensors'),
} as const;
