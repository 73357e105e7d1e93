import { BlockMaps } from '../blocks.js';
import type { Mask, MatrixMasks } from '../mask.js';
import type { MatrixBlocks } from './candidates.js';

/** Block maps of a mask are computed once, whoever asks: search, fit and report look at the same masks. */
const known = new WeakMap<Mask, BlockMaps>();

/** The masks of a matrix in blocks. */
export function blocksOf({ name, group, shared, perGate }: MatrixMasks): MatrixBlocks {
  return { name, group, shared: mapsOf(shared), perGate: perGate.map(mapsOf) };
}

function mapsOf(mask: Mask): BlockMaps {
  const maps = known.get(mask) ?? new BlockMaps(mask);
  known.set(mask, maps);
  return maps;
}
