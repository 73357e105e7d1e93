import type { NetworkFormat } from '../format.js';
import { importPytorch } from '../pytorch/import-pytorch.js';
import { hasSteps, importSteps } from '../pytorch/import-steps.js';
import { isTorchArchive } from './archive.js';
import { isLegacyTorch } from './legacy.js';
import { readTorchNetwork, torchParts } from './read.js';

export const torchFormat: NetworkFormat = {
  what: 'PyTorch',
  recognise: ({ bytes }) => isTorchArchive(bytes) || isLegacyTorch(bytes),
  read: ({ bytes, file }, map, options) => {
    const { source, beside } = readTorchNetwork(bytes, file, map.get('state'));
    const { steps, odd } = beside;
    const said = [...map.keys()].some((key) => key !== 'state');
    if (!said && odd.size === 0 && steps !== null && hasSteps(steps)) {
      return importSteps(source, steps, beside, file, options);
    }
    return importPytorch(source, file, map, beside, options);
  },
  contents: ({ bytes, file }) => torchParts(bytes, file),
};
