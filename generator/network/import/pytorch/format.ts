import { readSafetensors } from '../../formats/safetensors.js';
import type { NetworkFormat } from '../format.js';
import { NOTHING_BESIDE } from './beside.js';
import { importPytorch } from './import-pytorch.js';
import { partsOf } from './parts.js';

export const safetensorsFormat: NetworkFormat = {
  what: 'safetensors',
  // the length of a JSON text, below 2^40, and its brace
  recognise: ({ bytes }) => bytes[8] === 0x7b && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0,
  read: ({ bytes, file }, map, options) =>
    importPytorch(readSafetensors(bytes, file), file, map, NOTHING_BESIDE, options),
  contents: ({ bytes, file }) => partsOf(readSafetensors(bytes, file)),
};
