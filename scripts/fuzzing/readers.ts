import { UserError } from '../../generator/base/errors.js';
import { parseModel } from '../../generator/network/compressed-model.js';
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

/** What is fuzzed: each reads the bytes of one file. */
export const READERS = {
  onnx: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.onnx', { beside }),
  safetensors: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.safetensors'),
  keras: readKeras,
  torch: (bytes: Uint8Array) => importNetwork(bytes, 'fuzzed.pt'),
  npy: (bytes: Uint8Array) => readNpy(bytes, 'fuzzed.npy'),
  model: (bytes: Uint8Array) => parseModel(bytes, 'fuzzed.safetensors'),
} as const;
