import type { SafetensorsFile } from '../../formats/safetensors.js';
import type { Part } from '../format.js';
import type { Beside } from '../pytorch/beside.js';
import { partsOf } from '../pytorch/parts.js';
import { isTorchArchive, readTorchArchive } from './archive.js';
import { chooseState, isRecurrent } from './choose.js';
import { dictionariesOf } from './dictionaries.js';
import { errorsOf } from './errors.js';
import { factsOf } from './facts.js';
import type { TorchFile } from './file.js';
import { readLegacyTorch } from './legacy.js';
import { stateOf } from './state.js';

/** A network of a PyTorch file: its tensors under the names of a state_dict, and what else the file says of it. */
export interface TorchNetwork {
  readonly source: SafetensorsFile;
  readonly beside: Beside;
}

/**
 * The network of a file of torch.save or torch.jit.save. `state` are the keys that lead to it, where there are
 * several. Nothing of the file is executed.
 * @throws UserError as `readPickle` and `zipEntries`; TORCH_INVALID, TORCH_UNSUPPORTED, TORCH_LIMIT, TORCH_NO_STATE,
 * TORCH_SEVERAL or BAD_MAP
 */
export function readTorchNetwork(bytes: Uint8Array, file: string, state?: string): TorchNetwork {
  const torch = readTorch(bytes, file);
  const all = dictionariesOf(torch.root, errorsOf(file));
  const chosen = chooseState(all, state, torch.root, torch.values, file);
  const { source, odd } = stateOf(chosen, torch.values);
  return { source, beside: { ...factsOf(chosen, torch), odd, format: 'pytorch', said: '--map' } };
}

/** What the networks of a file are made of: all of them where there are several. @throws as `readTorchNetwork` */
export function torchParts(bytes: Uint8Array, file: string): readonly Part[] {
  const torch = readTorch(bytes, file);
  const all = dictionariesOf(torch.root, errorsOf(file));
  const recurrent = all.filter(isRecurrent);
  return (recurrent.length > 0 ? recurrent : all).flatMap((main) => {
    const alone = { main, beside: [], notes: [] };
    const { source, odd } = stateOf(alone, torch.values);
    const { functions, harmless } = factsOf(alone, torch);
    const prefix = main.path === '' ? '' : `${main.path}.`;
    const parts = [...partsOf(source), ...[...odd].map(([name, what]) => ({ name, what }))];
    return [...parts, ...functions, ...harmless].map(({ name, what }) => ({
      name: prefix + name,
      what,
    }));
  });
}

function readTorch(bytes: Uint8Array, file: string): TorchFile {
  return isTorchArchive(bytes) ? readTorchArchive(bytes, file) : readLegacyTorch(bytes, file);
}
