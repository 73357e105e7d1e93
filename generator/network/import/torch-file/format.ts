import type { NetworkFormat } from '../format.js';
import { importPytorch } from '../pytorch/import-pytorch.js';
import { isTorchArchive } from './archive.js';
import { isLegacyTorch } from './legacy.js';
import { readTorchNetwork, torchParts } from './read.js';

export const torchFormat: NetworkFormat = {
  what: 'PyTorch',
  recognise: ({ bytes }) => isTorchArchive(bytes) || isLegacyTorch(bytes),
  read: ({ bytes, file }, map, options) => {
    const { source, beside } = readTorchNetwork(bytes, file, map.get('state'));
    return importPytorch(source, file, map, beside, options);
  },
  contents: ({ bytes, file }) => torchParts(bytes, file),
};
