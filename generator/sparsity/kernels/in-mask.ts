import { positionsIn } from '../lists/lists.js';
import type { Sides } from '../lists/sides.js';
import type { Mask } from '../mask.js';
import { bitsOfLists } from './count.js';
import { type Block, blockAt, gridOf, type KernelsPattern, kernelsFrom } from './pattern.js';

/** A mask in blocks: which rows and which columns of each block hold a weight. */
export interface UsedLines {
  readonly mask: Mask;
  readonly sides: Sides;
  /** usedRows[row * across + block column] */
  readonly usedRows: Uint8Array;
  /** usedColumns[block row * columns + column] */
  readonly usedColumns: Uint8Array;
}

/** Rows and columns of every block that hold a weight. */
export function usedLines(mask: Mask, sides: Sides): UsedLines {
  const { rows, columns, kept } = mask;
  const { down, across } = gridOf({ rows, columns, ...sides });
  const usedRows = new Uint8Array(rows * across);
  const usedColumns = new Uint8Array(down * columns);
  for (let row = 0; row < rows; row++) {
    const [from, own] = [row * columns, row * across];
    const blockRow = Math.floor(row / sides.height) * columns;
    for (let column = 0; column < columns; column++) {
      if (kept[from + column] === 0) continue;
      usedRows[own + Math.floor(column / sides.width)] = 1;
      usedColumns[blockRow + column] = 1;
    }
  }
  return { mask, sides, usedRows, usedColumns };
}

/** What a mask costs in kernels. */
export interface Figures {
  readonly kept: number;
  readonly beyond: number;
  readonly paired: number;
  readonly zeros: number;
  readonly indexBits: number;
  /** Positions that kernels would keep in vain, were as many weights anywhere: the mean of it. */
  readonly expected: number;
}

/** Counts of the kernels that hold every weight of a mask. */
export function figuresOf(used: UsedLines): Figures {
  const { mask, sides } = used;
  const weights = positionsIn(mask.kept);
  const size = mask.kept.length;
  const sizes = { rows: mask.rows, columns: mask.columns, ...sides };
  const { down, across } = gridOf(sizes);
  let [kept, paired, rows, columns, anywhere] = [0, 0, 0, 0, 0];
  // one block at a time: a list of all of them would be larger than the mask
  for (let at = 0; at < down * across; at++) {
    const block = blockAt(sizes, at);
    const kernel = linesIn(used, block);
    kept += kernel.rows.length * kernel.columns.length;
    rows += kernel.rows.length;
    columns += kernel.columns.length;
    paired += pairedIn(mask, block, kernel);
    anywhere += keptByChance(block, weights / size);
  }
  return {
    ...{ kept, paired, beyond: kept - weights, zeros: size - weights },
    indexBits: bitsOfLists(sides, down * across, { rows, columns }),
    expected: anywhere - weights,
  };
}

/** The kernels that hold every weight of a mask; the first position of one that has none. */
export function kernelsIn(mask: Mask, sides: Sides): KernelsPattern {
  const used = usedLines(mask, sides);
  const nothing = positionsIn(mask.kept) === 0;
  return kernelsFrom(mask, sides, (block, at) =>
    nothing && at === 0 ? { rows: [0], columns: [0] } : linesIn(used, block),
  );
}

interface Lists {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

function linesIn({ mask, sides, usedRows, usedColumns }: UsedLines, block: Block): Lists {
  const across = Math.ceil(mask.columns / sides.width);
  const [rows, columns]: [number[], number[]] = [[], []];
  const rowsFrom = block.row * across + Math.floor(block.column / sides.width);
  for (let row = 0; row < block.height; row++) {
    if (usedRows[rowsFrom + row * across] === 1) rows.push(row);
  }
  const columnsFrom = Math.floor(block.row / sides.height) * mask.columns + block.column;
  for (let column = 0; column < block.width; column++) {
    if (usedColumns[columnsFrom + column] === 1) columns.push(column);
  }
  return { rows, columns };
}

/** Positions of a kernel that are zero in pairs: in its rows 2k and 2k + 1, one under the other. */
function pairedIn({ columns, kept }: Mask, block: Block, kernel: Lists): number {
  let pairs = 0;
  for (let at = 0; at + 1 < kernel.rows.length; at += 2) {
    const first = block.row * columns + block.column;
    const upper = first + (kernel.rows[at] as number) * columns;
    const lower = first + (kernel.rows[at + 1] as number) * columns;
    for (const column of kernel.columns) {
      if (kept[upper + column] === 0 && kept[lower + column] === 0) pairs++;
    }
  }
  return 2 * pairs;
}

/**
 * Mean of m · n in a block whose weights are anywhere, each position with the same probability p: a position is kept unless its row
 * or its column is empty, so H · W · (1 - q^W - q^H + q^(W + H - 1)) with q = 1 - p.
 */
function keptByChance({ height, width }: Sides, p: number): number {
  const q = 1 - p;
  return height * width * (1 - q ** width - q ** height + q ** (width + height - 1));
}
