import { count, type StripMap } from './strip-maps.js';

/** Widths of column blocks that are tried, those that are narrower than the matrix, and the whole of it. */
const WIDTHS = [1024, 512, 256, 128, 64, 32, 16] as const;

/**
 * The width of the column blocks of the maps of a matrix. Zeros do not say where column blocks end. Blocks that keep as many columns
 * in every strip are those of a balanced pattern: the narrowest such width. Else the width in which lists take fewest bits, of equal
 * ones the widest: a narrow block has short column numbers, but needs a count, of ceil(log2(width + 1)) bits for each strip block.
 */
export function widthOf(maps: readonly StripMap[]): number {
  const columns = columnsIn(maps);
  const narrower = WIDTHS.filter((width) => width < columns);
  const balanced = narrower.filter((width) => isBalanced(maps, width)).at(-1);
  if (balanced !== undefined) return balanced;
  const costs = [columns, ...narrower].map((width) => ({
    width,
    bits: listBits(maps, width) + countBits(maps, width),
  }));
  return costs.reduce((best, cost) => (cost.bits < best.bits ? cost : best)).width;
}

/** Bits of the lists of kept columns: ceil(log2 width) for each kept column of a strip. */
export function listBits(maps: readonly StripMap[], width: number): number {
  const entries = maps.reduce((sum, { used }) => sum + count(used), 0);
  return entries * Math.ceil(Math.log2(width));
}

/** Bits of the counts of strip blocks. */
function countBits(maps: readonly StripMap[], width: number): number {
  const across = Math.ceil(columnsIn(maps) / width);
  const strips = maps.reduce((sum, map) => sum + map.strips, 0);
  return Math.ceil(Math.log2(width + 1)) * strips * across;
}

/** Whether each column block keeps as many columns in every strip that has weights. */
function isBalanced(maps: readonly StripMap[], width: number): boolean {
  const usual = new Map<number, number>();
  for (const map of maps) {
    const columns = columnsIn([map]);
    for (const [strip, rows] of map.rows.entries()) {
      if (rows === 0) continue;
      for (let first = 0; first < columns; first += width) {
        const start = strip * columns;
        const end = start + Math.min(columns, first + width);
        const own = count(map.used, start + first, end);
        if ((usual.get(first) ?? own) !== own) return false;
        usual.set(first, own);
      }
    }
  }
  return true;
}

/** Columns of the matrix of these maps. */
export function columnsIn([first]: readonly StripMap[]): number {
  const { used, strips } = first as StripMap;
  return used.length / strips;
}
