import { positionsIn } from './lists/lists.js';
import type { Mask } from './mask.js';

/** A matrix seen in blocks of `size`: used[row * columns + column] is 1 where a block holds a weight. */
export interface BlockMap {
  readonly size: number;
  /** Blocks that exist in the unpadded matrix, the last ones possibly in part. */
  readonly rows: number;
  readonly columns: number;
  readonly used: Uint8Array;
  /** Matrix positions inside used blocks. */
  readonly positions: number;
}

/** Block maps of one mask by block size, each computed once. */
export class BlockMaps {
  readonly mask: Mask;
  readonly #maps = new Map<number, BlockMap>();

  constructor(mask: Mask) {
    this.mask = mask;
  }

  at(size: number): BlockMap {
    const known = this.#maps.get(size);
    if (known !== undefined) return known;
    const map = blockMap(this.mask, size);
    this.#maps.set(size, map);
    return map;
  }
}

function blockMap(mask: Mask, size: number): BlockMap {
  if (size === 1) {
    const { rows, columns, kept } = mask;
    return { size, rows, columns, used: kept, positions: positionsIn(kept) };
  }
  const rows = Math.ceil(mask.rows / size);
  const columns = Math.ceil(mask.columns / size);
  const used = new Uint8Array(rows * columns);
  for (let row = 0; row < mask.rows; row++) {
    const start = Math.floor(row / size) * columns;
    for (let column = 0; column < mask.columns; column++) {
      if (mask.kept[row * mask.columns + column] !== 0) used[start + Math.floor(column / size)] = 1;
    }
  }
  let positions = 0;
  for (let row = 0; row < rows; row++) {
    const height = Math.min(size, mask.rows - row * size);
    for (let column = 0; column < columns; column++) {
      if (used[row * columns + column] === 0) continue;
      positions += height * Math.min(size, mask.columns - column * size);
    }
  }
  return { size, rows, columns, used, positions };
}

/** Share of the 2 x 2 blocks of weights that may be zero where weights come in such blocks. */
const LOOSE = 0.01;

/** Whether the weights of each mask stand in whole blocks of 2 x 2, as all patterns of blocks have them. */
export function standInBlocks(masks: readonly Mask[]): boolean {
  return masks.every((mask) => {
    const { positions } = new BlockMaps(mask).at(2);
    const weights = positionsIn(mask.kept);
    return weights > 0 && positions - weights <= LOOSE * positions;
  });
}
