import { type KeptLists, listsFrom } from '../lists/lists.js';
import type { Sides } from '../lists/sides.js';
import type { Size } from '../pattern.js';

/**
 * Kernels: the matrix is cut into blocks of `height` rows and `width` columns. In each block rows and columns are dropped, both on
 * their own, so that what is left of it is a dense kernel of m x n weights, m and n of each block's own. Block-based column-row
 * pruning (BCR) of GRIM (Niu et al. 2021, arXiv 2108.11033), compressed structured blocks (CSB) of CSB-RNN (Shi et al. 2020,
 * arXiv 2005.05758).
 *
 * Nothing is padded: the last blocks of a row and of a column may have fewer columns and rows.
 */
export interface KernelsPattern extends Sides {
  readonly kind: 'kernels';
  /** Size of the matrix of one gate. */
  readonly rows: number;
  readonly columns: number;
  /** The kernel of each block, block row by block row. */
  readonly kernels: readonly Kernel[];
  /**
   * Where rows and columns of the matrix stand in another order than that which is cut into blocks: the place there of each row
   * and of each column. Absent = each stands in its place.
   */
  readonly placeOfRow?: Int32Array;
  readonly placeOfColumn?: Int32Array;
}

/** What a block keeps: kept rows and kept columns counted from its first ones, ascending; none of either, or some of both. */
export interface Kernel {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** A block of a matrix: its first row and column, and its size. */
export interface Block extends Sides {
  readonly row: number;
  readonly column: number;
}

/** A kernel of nothing. */
export const NOTHING_KEPT: Kernel = { rows: new Int32Array(0), columns: new Int32Array(0) };

/** Blocks in a column of blocks and in a row of blocks. */
export function gridOf({ rows, columns, height, width }: Size & Sides): {
  readonly down: number;
  readonly across: number;
} {
  return { down: Math.ceil(rows / height), across: Math.ceil(columns / width) };
}

/** The blocks of a matrix, block row by block row. */
export function blocksIn(sizes: Size & Sides): readonly Block[] {
  const { down, across } = gridOf(sizes);
  return Array.from({ length: down * across }, (_, at) => blockAt(sizes, at));
}

/** Block number `at` of them. */
export function blockAt(sizes: Size & Sides, at: number): Block {
  const { rows, columns, height, width } = sizes;
  const { across } = gridOf(sizes);
  const row = Math.floor(at / across) * height;
  const column = (at % across) * width;
  return {
    row,
    column,
    height: Math.min(height, rows - row),
    width: Math.min(width, columns - column),
  };
}

/** The pattern of a kernel for each block; a kernel without rows or without columns keeps nothing. */
export function kernelsFrom(
  { rows, columns }: Size,
  { height, width }: Sides,
  kernelOf: (
    block: Block,
    at: number,
  ) => {
    readonly rows: ArrayLike<number>;
    readonly columns: ArrayLike<number>;
  },
): KernelsPattern {
  const sizes = { rows, columns, height, width };
  const kernels = blocksIn(sizes).map((block, at): Kernel => {
    const own = kernelOf(block, at);
    if (own.rows.length === 0 || own.columns.length === 0) return NOTHING_KEPT;
    return { rows: Int32Array.from(own.rows), columns: Int32Array.from(own.columns) };
  });
  return { kind: 'kernels', ...sizes, kernels };
}

/** Columns of each row by the pattern that they are of. */
const known = new WeakMap<KernelsPattern, KeptLists>();

/** Kept columns of each row of the matrix. */
export function listsOf(pattern: KernelsPattern): KeptLists {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  const lists = rowLists(pattern);
  known.set(pattern, lists);
  return lists;
}

function rowLists(pattern: KernelsPattern): KeptLists {
  const { rows, kernels, placeOfRow, placeOfColumn } = pattern;
  const places = Array.from({ length: rows }, (): number[] => []);
  for (const [at, { row, column }] of blocksIn(pattern).entries()) {
    const kernel = kernels[at] as Kernel;
    for (const own of kernel.rows) {
      for (const kept of kernel.columns) (places[row + own] as number[]).push(column + kept);
    }
  }
  const columnAt = placeOfColumn && inverse(placeOfColumn);
  return listsFrom(pattern, (row) => {
    const own = Int32Array.from(places[placeOfRow?.[row] ?? row] as number[]);
    return columnAt === undefined ? own : own.map((place) => columnAt[place] as number).sort();
  });
}

/** Of an order: where each of its members stands. */
function inverse(order: Int32Array): Int32Array {
  const places = new Int32Array(order.length);
  order.forEach((member, at) => {
    places[member] = at;
  });
  return places;
}

/** One block that keeps every weight. */
export function wholeMatrix({ rows, columns }: Size): KernelsPattern {
  const all = (length: number) => Array.from({ length }, (_, at) => at);
  const sides = { height: rows, width: columns };
  return kernelsFrom({ rows, columns }, sides, () => ({ rows: all(rows), columns: all(columns) }));
}

/** Rows and columns in another order: row r of the result is row `rows[r]` of the pattern, its columns likewise. */
export function permuted(
  { placeOfRow, placeOfColumn, ...pattern }: KernelsPattern,
  rows: Int32Array,
  columns: Int32Array,
): KernelsPattern {
  return {
    ...pattern,
    ...places(
      rows.map((old) => placeOfRow?.[old] ?? old),
      columns.map((old) => placeOfColumn?.[old] ?? old),
    ),
  };
}

/** Places of rows and columns as a pattern has them: nothing of an order that moves nothing. */
export function places(
  rows: Int32Array,
  columns: Int32Array,
): Pick<KernelsPattern, 'placeOfRow' | 'placeOfColumn'> {
  const moved = (order: Int32Array) => order.some((place, at) => place !== at);
  return {
    ...(moved(rows) && { placeOfRow: rows }),
    ...(moved(columns) && { placeOfColumn: columns }),
  };
}
