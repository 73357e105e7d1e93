import { weightImage } from '../images/weights.js';
import { type RomStore, romStore } from '../memory/store.js';
import { type Configuration, GATE_COUNT, weightRoms } from '../plan/configuration.js';

/** Instance of the weight banks below the core. */
export const WEIGHT_BLOCK = 'u_weights';

/** The ROMs of the weight banks, in the order of `weightRoms`; a word is a tile for each gate. */
export function weightStores(c: Configuration): readonly RomStore[] {
  const width = GATE_COUNT * c.tileRows * c.tileColumns * c.words.weight;
  return weightRoms(c).map((rom) =>
    romStore(
      c,
      {
        role: 'weights',
        name: `weights_${rom.name}`,
        title: `weight bank ${rom.name.replace('_', ', ROM ')}`,
        block: WEIGHT_BLOCK,
        width,
        words: rom.words,
      },
      weightImage(rom),
    ),
  );
}
