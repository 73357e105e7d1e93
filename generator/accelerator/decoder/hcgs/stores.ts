import { type RomStore, romStore } from '../../memory/store.js';
import type { Configuration } from '../../plan/configuration.js';
import { hcgsIn, type LevelConfiguration } from './configuration.js';
import { indexImage } from './images.js';

/** The index ROM of level `l`: block numbers that are walked at the same time in a word. */
export function indexStore(c: Configuration, level: LevelConfiguration, l: number): RomStore {
  const described = { role: 'index', name: `index_${l}`, block: 'u_decoder' } as const;
  const size = { width: level.indexBits * level.copies, words: level.depth };
  const title = `block numbers of level ${l}`;
  return romStore(c, { ...described, title, ...size }, indexImage(l));
}

/** The index ROMs of the HCGS decoder, outermost level first. */
export function indexStores(c: Configuration): readonly RomStore[] {
  return hcgsIn(c).levels.map((level, l) => indexStore(c, level, l));
}
