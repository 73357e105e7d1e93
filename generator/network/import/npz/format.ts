import { isNpz } from '../../formats/npz.js';
import type { NetworkFormat } from '../format.js';
import { partsOf } from '../pytorch/parts.js';
import { importNpz } from './import-npz.js';
import { npzTensors } from './tensors.js';

export const npzFormat: NetworkFormat = {
  what: 'npz',
  recognise: ({ bytes }) => isNpz(bytes),
  read: ({ bytes, file }, map, options) => importNpz(npzTensors(bytes, file), file, map, options),
  contents: ({ bytes, file }) => {
    const { source, odd } = npzTensors(bytes, file);
    return [...partsOf(source), ...[...odd].map(([name, what]) => ({ name, what }))];
  },
};
