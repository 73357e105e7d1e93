/**
 * Strips, the block-based structured pruning (BSP) of RTMobile (Dong et al. 2020, arXiv 2002.11474): the matrix is cut into row
 * strips of `height` rows and column blocks of `width` columns. In each strip block whole columns are dropped, each strip on its
 * own; then whole rows of the matrix are. What is left of a strip is dense: its kept columns in its kept rows.
 *
 * Nothing is padded: the last strip may have fewer rows, the last column block fewer columns.
 */
export interface StripsPattern {
  readonly kind: 'strips';
  /** Size of the matrix of one gate. */
  readonly rows: number;
  readonly columns: number;
  /** Rows of a strip, 1 to `rows`. */
  readonly height: number;
  /** Columns of a column block, 1 to `columns`. */
  readonly width: number;
  /** Kept columns of each of the ceil(rows / height) strips, counted over the matrix, ascending; none = an empty strip. */
  readonly kept: readonly Int32Array[];
  /** By row: 1 where the whole row is dropped; absent = no row is. */
  readonly droppedRows?: Uint8Array;
  /**
   * By row: the strip that it belongs to, where rows stand in another order than strip by strip; absent =
   * floor(row / height). Every strip has as many rows as without it.
   */
  readonly stripOfRow?: Int32Array;
}

/** First column and width of neighbouring kept columns. */
export type Runs = readonly (readonly [first: number, width: number])[];

/** Runs by the list of kept columns that they are: every row of a strip has the same ones. */
const known = new WeakMap<Int32Array, Runs>();
const NONE: Runs = [];

/** Strips of a matrix. */
export function stripsOf({ rows, height }: Pick<StripsPattern, 'rows' | 'height'>): number {
  return Math.ceil(rows / height);
}

/** Column blocks of a matrix. */
export function columnBlocks({ columns, width }: Pick<StripsPattern, 'columns' | 'width'>): number {
  return Math.ceil(columns / width);
}

/** The strip of a row. */
export function stripOf({ height, stripOfRow }: StripsPattern, row: number): number {
  return stripOfRow?.[row] ?? Math.floor(row / height);
}

/** Rows of strip `strip`. */
export function rowsInStrip(
  { rows, height }: Pick<StripsPattern, 'rows' | 'height'>,
  strip: number,
): number {
  return Math.min(height, rows - strip * height);
}

export function isDropped({ droppedRows }: StripsPattern, row: number): boolean {
  return droppedRows?.[row] === 1;
}

/** Runs of kept columns of one row, ascending; neighbouring columns are one run. None for a dropped row. */
export function runsOfRow(pattern: StripsPattern, row: number): Runs {
  if (isDropped(pattern, row)) return NONE;
  const kept = pattern.kept[stripOf(pattern, row)] as Int32Array;
  let runs = known.get(kept);
  if (runs === undefined) {
    runs = runsOf(kept);
    known.set(kept, runs);
  }
  return runs;
}

function runsOf(kept: Int32Array): Runs {
  const runs: [number, number][] = [];
  for (const column of kept) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === column) last[1]++;
    else runs.push([column, 1]);
  }
  return runs;
}

/** One strip and one column block that keep every weight. */
export function wholeMatrix({
  rows,
  columns,
}: Pick<StripsPattern, 'rows' | 'columns'>): StripsPattern {
  const kept = [Int32Array.from({ length: columns }, (_, column) => column)];
  return { kind: 'strips', rows, columns, height: rows, width: columns, kept };
}

export function isWhole({ columns, kept, droppedRows }: StripsPattern): boolean {
  return droppedRows === undefined && kept.every(({ length }) => length === columns);
}
