import type { PatternCounts } from '../pattern.js';
import { columnsOfRow, type KeptLists, type ListPattern, listsFrom, longestRow } from './lists.js';

/** First column and width of each run of neighbouring kept columns of a row, ascending. */
export function runsOfRow(
  lists: KeptLists,
  row: number,
): readonly (readonly [first: number, width: number])[] {
  const columns = columnsOfRow(lists, row);
  const runs: (readonly [number, number])[] = [];
  for (let from = 0; from < columns.length; ) {
    const first = columns[from] as number;
    let to = from + 1;
    while (columns[to] === first + to - from) to++;
    runs.push([first, to - from]);
    from = to;
  }
  return runs;
}

/** Whether every row keeps every column. */
export function isWhole({ rows, columns, kept }: KeptLists): boolean {
  return kept.length === rows * columns;
}

/** Counts of a kind without padding and without fill; `indexBits`: what its positions take. */
export function listCounts<P extends ListPattern>(
  indexBits: (pattern: P) => number,
): PatternCounts<P> {
  const kept = (pattern: P) => pattern.kept.length;
  return {
    ...{ kept, existing: kept, stored: kept, indexBits },
    filled: () => 0,
    productsPerRow: longestRow,
  };
}

/** The pattern with rows and columns in another order: row r of it is row `rows[r]`, its columns likewise. */
export function permuted<P extends ListPattern>(
  pattern: P,
  rows: Int32Array,
  columns: Int32Array,
): P {
  const now = new Int32Array(columns.length);
  columns.forEach((old, column) => {
    now[old] = column;
  });
  const lists = listsFrom(pattern, (row) =>
    columnsOfRow(pattern, rows[row] as number)
      .map((column) => now[column] as number)
      .sort(),
  );
  return { ...pattern, ...lists };
}

/** Bits that tell `count` things apart: ceil(log2 count). */
export function bitsFor(count: number): number {
  return Math.ceil(Math.log2(count));
}
