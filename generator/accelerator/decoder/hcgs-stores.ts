import { indexImage } from '../images/indices.js';
import { type RomStore, romStore } from '../memory/store.js';
import type { Configuration } from '../plan/configuration.js';

/** The index ROMs of the HCGS decoder, outermost level first: block numbers that are walked at the same time in a word. */
export function indexStores(c: Configuration): readonly RomStore[] {
  return c.levels.map((level, l) =>
    romStore(
      c,
      {
        role: 'index',
        name: `index_${l}`,
        title: `block numbers of level ${l}`,
        block: 'u_decoder',
        width: level.indexBits * level.copies,
        words: level.depth,
      },
      indexImage(l),
    ),
  );
}
