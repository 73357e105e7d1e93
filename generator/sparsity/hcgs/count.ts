import {
  blockRows,
  blocksPerRow,
  type HcgsPattern,
  keptBlocksOfRow,
  paddedRows,
} from './pattern.js';

/** Blocks kept in one block row of `level`, all enclosing blocks together. */
export function keptBlocksPerRow(pattern: HcgsPattern, level = pattern.blocks.length - 1): number {
  return pattern.keep.slice(0, level + 1).reduce((product, k) => product * k, 1);
}

/** Positions of kept blocks, padding and fill included: the weights that hardware stores for one gate. */
export function storedPositions(pattern: HcgsPattern): number {
  const innermost = pattern.blocks.at(-1);
  if (innermost === undefined) return pattern.rows * pattern.columns;
  return paddedRows(pattern) * keptBlocksPerRow(pattern) * innermost;
}

/** Positions of kept blocks that exist in the unpadded matrix, fill included. */
export function existingPositions(pattern: HcgsPattern): number {
  const innermost = pattern.blocks.at(-1);
  if (innermost === undefined) return pattern.rows * pattern.columns;
  let positions = 0;
  for (let row = 0; row < pattern.rows; row += innermost) {
    const height = Math.min(innermost, pattern.rows - row);
    for (const column of keptBlocksOfRow(pattern, row).firstColumns) {
      positions += height * Math.max(0, Math.min(innermost, pattern.columns - column));
    }
  }
  return positions;
}

/** Kept weights of one gate: positions of kept blocks without padding and without fill, zero codes included. */
export function keptPositions(pattern: HcgsPattern): number {
  return existingPositions(pattern) - (pattern.filledPositions ?? 0);
}

/** Bits of the index lists as they stand in the pattern, ceil(log2 blocksPerRow) bits for each kept block. */
export function indexBits(pattern: HcgsPattern): number {
  return pattern.blocks.reduce((bits, _, level) => {
    const width = Math.ceil(Math.log2(blocksPerRow(pattern, level)));
    return bits + blockRows(pattern, level) * keptBlocksPerRow(pattern, level) * width;
  }, 0);
}

/** Products that one row adds up: every position of its kept blocks, those beyond the last column too. */
export function productsPerRow(pattern: HcgsPattern): number {
  const innermost = pattern.blocks.at(-1);
  return innermost === undefined ? pattern.columns : keptBlocksPerRow(pattern) * innermost;
}
