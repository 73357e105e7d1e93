import { type RomStore, romStore } from '../../memory/store.js';
import { addressStreams, type Configuration } from '../../plan/configuration.js';
import { listIn } from './configuration.js';
import { listImage } from './images.js';

/** The list ROM: a word number for each address stream in a ROM word, as many of these as of weights. */
export function listStore(c: Configuration): RomStore {
  const described = { role: 'index', name: 'index_list', block: 'u_decoder' } as const;
  const size = { width: listIn(c).indexBits * addressStreams(c), words: c.weightDepth };
  return romStore(c, { ...described, title: 'words that tiles read', ...size }, listImage);
}
