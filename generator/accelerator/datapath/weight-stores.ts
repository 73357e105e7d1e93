import { weightImage } from '../images/weights.js';
import { type RomStore, romStore } from '../memory/store.js';
import {
  type Configuration,
  multipliers,
  type WeightRom,
  weightBankCount,
  weightRoms,
} from '../plan/configuration.js';

/** Instance of the weight banks below the core. */
export const WEIGHT_BLOCK = 'u_weights';

/** Bits of a word of a weight bank: a tile for each gate, of each of its row groups. */
export function bankBits(c: Configuration): number {
  return (multipliers(c) / weightBankCount(c)) * c.words.weight;
}

/** One ROM of a weight bank. */
export function weightStore(c: Configuration, rom: WeightRom): RomStore {
  const { name, words } = rom;
  const title = `weight bank ${name.replace('_', ', ROM ')}`;
  const described = {
    role: 'weights',
    name: `weights_${name}`,
    title,
    block: WEIGHT_BLOCK,
  } as const;
  return romStore(c, { ...described, width: bankBits(c), words }, weightImage(rom));
}

/** All of them, in the order of `weightRoms`. */
export function weightStores(c: Configuration): readonly RomStore[] {
  return weightRoms(c).map((rom) => weightStore(c, rom));
}
