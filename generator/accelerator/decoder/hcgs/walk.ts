import type { SparseMatrix } from '../../../network/model.js';
import { type HcgsPattern, keptBlocksOfRow } from '../../../sparsity/hcgs/pattern.js';
import type { MatrixWalk, PassWalk, Tiling } from '../../schedule/pass-walk.js';

/** One level of blocks, as its counter and its pointer walk it. */
export interface HcgsLevel {
  readonly block: number;
  readonly keep: number;
  /** Activation words between neighbouring blocks. */
  readonly stride: number;
  /** Row group sets, and gates of them in turn, that share one block row. */
  readonly repeat: number;
}

/** A matrix as the HCGS decoder walks it. */
export interface HcgsWalk {
  /** Tiles in one innermost block. */
  readonly inner: number;
  /** Innermost level last; hardware level = index + (hardware levels - levels). */
  readonly levels: readonly HcgsLevel[];
}

/**
 * `gates`: that are taken in turn. Those that share a pattern walk the same blocks; of others every gate of every set has block
 * numbers of its own.
 */
export function hcgsWalk(matrix: SparseMatrix, tiling: Tiling, gates = 1): HcgsWalk {
  const pattern = matrix.patterns[0] as HcgsPattern;
  const { tileRows, tileColumns, rowGroups } = tiling;
  const set = tileRows * rowGroups;
  const inner = Math.ceil((pattern.blocks.at(-1) ?? matrix.columns) / tileColumns);
  const levels = pattern.blocks.map((block, l) => ({
    block,
    keep: pattern.keep[l] as number,
    stride: block / tileColumns,
    repeat:
      matrix.patterns.length > 1 && gates > 1 ? 1 : gates * (block % set === 0 ? block / set : 1),
  }));
  return { inner, levels };
}

/** Tiles of a row group set: as many in every set, which is what the pattern is for. */
export function hcgsTiles(matrix: SparseMatrix, tiling: Tiling): MatrixWalk['tiles'] {
  const { inner, levels } = hcgsWalk(matrix, tiling);
  const tiles = levels.reduce((product, { keep }) => product * keep, inner);
  return () => tiles;
}

/** The level of a matrix that hardware level `level` of `count` walks, if it has one. */
export function levelOf({ levels }: HcgsWalk, level: number, count: number): HcgsLevel | undefined {
  return levels[level - (count - levels.length)];
}

/** Words of the index ROM of a hardware level that one matrix takes. */
export function indexWords(
  { groups, gates }: Pick<PassWalk, 'groups' | 'gates'>,
  walk: HcgsWalk,
  level: number,
  count: number,
): number {
  const own = levelOf(walk, level, count);
  if (own === undefined) return 0;
  const outer = walk.levels.slice(0, walk.levels.indexOf(own) + 1);
  return (
    Math.ceil((groups * gates) / own.repeat) * outer.reduce((product, l) => product * l.keep, 1)
  );
}

/** The pattern that a gate follows: its own, or the one that all gates share. */
export function patternOf({ patterns }: SparseMatrix, gate: number): HcgsPattern {
  return (patterns.length === 1 ? patterns[0] : patterns[gate]) as HcgsPattern;
}

/** First column of every tile of a row, for the mask of one gate. */
export function hcgsColumns(
  matrix: SparseMatrix,
  tiling: Tiling,
  gate: number,
  row: number,
): Int32Array {
  const { inner } = hcgsWalk(matrix, tiling);
  const blocks = keptBlocks(patternOf(matrix, gate), row);
  const columns = new Int32Array(blocks.length * inner);
  blocks.forEach((first, b) => {
    for (let i = 0; i < inner; i++) columns[b * inner + i] = first + i * tiling.tileColumns;
  });
  return columns;
}

/** Kept blocks of a row; rows behind the padding walk the first block over and over, with zero weights. */
function keptBlocks(pattern: HcgsPattern, row: number): readonly number[] {
  const outer = pattern.blocks[0] ?? 1;
  const padded = Math.ceil(pattern.rows / outer) * outer;
  if (row >= padded) return keptBlocksOfRow(pattern, 0).firstColumns.map(() => 0);
  return keptBlocksOfRow(pattern, row).firstColumns;
}
