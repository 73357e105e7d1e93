import type { NetworkFormat } from '../format.js';
import { importKeras } from './import-keras.js';
import { listedLayers, partsOf } from './parts.js';
import { isKeras, readSource } from './source.js';
import { weightParts } from './weights-only.js';

export const kerasFormat: NetworkFormat = {
  what: 'Keras (.h5, .keras)',
  recognise: ({ bytes, file }) => isKeras(bytes, file),
  read: ({ bytes, file }, map, options) => importKeras(readSource(bytes, file), file, map, options),
  contents: ({ bytes, file }) => {
    const source = readSource(bytes, file);
    if (source.config === null) return weightParts(source);
    return partsOf(listedLayers(source.config));
  },
};
