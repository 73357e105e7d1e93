/**
 * HCGS, hierarchical coarse-grain sparsity: square blocks at each level, outermost first. Every block
 * row of level l keeps the same number of blocks inside every kept block of level l-1; what is left in
 * the innermost block is dense. No level = a dense matrix; one level = CGS.
 *
 * Sizes that a block does not divide are padded: a matrix of `rows` x `columns` is walked as if it had
 * `paddedRows` x `paddedColumns`.
 */
export interface HcgsPattern {
  readonly kind: 'hcgs';
  /** Size of the matrix of one gate, without padding. */
  readonly rows: number;
  readonly columns: number;
  /** Block sizes in rows = columns, outermost first; each divides the one before. Empty = dense. */
  readonly blocks: readonly number[];
  /** Blocks kept in a block row of each level, 1 <= keep[l] <= blocks in that row. */
  readonly keep: readonly number[];
  /**
   * Kept block columns of each level, relative to the enclosing kept block (level 0: to the matrix).
   * Order of `indices[l]`: block row of level l from top to bottom (padding rows included), then the kept
   * blocks of the outer levels j_0 ... j_(l-1), then j_l; ascending within one block row of one block.
   * Length = blockRows(l) * keep[0] * ... * keep[l].
   */
  readonly indices: readonly Int32Array[];
  /**
   * Positions inside kept blocks that exist in the matrix but belong to zero blocks added only to balance it;
   * absent = 0. They are stored and computed, and not counted as kept.
   */
  readonly filledPositions?: number;
}

/** Rows after padding to whole blocks of the outermost level. */
export function paddedRows(pattern: HcgsPattern): number {
  return roundUp(pattern.rows, pattern.blocks[0] ?? 1);
}

/** Columns after padding to whole blocks of the outermost level. */
export function paddedColumns(pattern: HcgsPattern): number {
  return roundUp(pattern.columns, pattern.blocks[0] ?? 1);
}

/** Block rows of level `level`, padding included. */
export function blockRows(pattern: HcgsPattern, level: number): number {
  return paddedRows(pattern) / (pattern.blocks[level] as number);
}

/** Blocks side by side in one block row of `level` inside one block of the level above. */
export function blocksPerRow(pattern: HcgsPattern, level: number): number {
  const outer = level === 0 ? paddedColumns(pattern) : (pattern.blocks[level - 1] as number);
  return outer / (pattern.blocks[level] as number);
}

/**
 * Kept columns of one matrix row in the order in which the hardware walks them: ascending first columns of
 * the innermost blocks kept in the block row of `row`, each block `width` columns wide. Columns at or beyond
 * `columns` are padding. A dense matrix is one block as wide as the matrix.
 */
export function keptBlocksOfRow(
  pattern: HcgsPattern,
  row: number,
): { readonly width: number; readonly firstColumns: readonly number[] } {
  const levels = pattern.blocks.length;
  if (levels === 0) return { width: pattern.columns, firstColumns: [0] };
  let parents: { position: number; column: number }[] = [{ position: 0, column: 0 }];
  for (let level = 0; level < levels; level++) {
    const size = pattern.blocks[level] as number;
    const keep = pattern.keep[level] as number;
    const list = pattern.indices[level] as Int32Array;
    const perRow = parents.length * keep;
    const start = Math.floor(row / size) * perRow;
    parents = parents.flatMap(({ position, column }) =>
      Array.from({ length: keep }, (_, j) => {
        const child = position * keep + j;
        return { position: child, column: column + (list[start + child] as number) * size };
      }),
    );
  }
  return {
    width: pattern.blocks[levels - 1] as number,
    firstColumns: parents.map((p) => p.column),
  };
}

/** The same as first column and width. */
export function runsOfRow(
  pattern: HcgsPattern,
  row: number,
): readonly (readonly [first: number, width: number])[] {
  const { width, firstColumns } = keptBlocksOfRow(pattern, row);
  return firstColumns.map((first) => [first, width] as const);
}

/** A matrix of which every weight is kept. */
export function withoutLevels({
  rows,
  columns,
}: Pick<HcgsPattern, 'rows' | 'columns'>): HcgsPattern {
  return { kind: 'hcgs', rows, columns, blocks: [], keep: [], indices: [] };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
