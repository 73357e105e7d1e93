import type { HcgsPattern } from './pattern.js';
import { blockRows, blocksPerRow } from './pattern.js';

/** One block row inside one kept block of the level above: a place where `keep` blocks are chosen. */
export interface Slot {
  readonly level: number;
  /** Block row of this level, counted over the whole padded matrix. */
  readonly blockRow: number;
  /** Block column of this level at which the enclosing block begins, counted over the matrix. */
  readonly firstColumn: number;
  /** Blocks of this slot that hold at least one row and column of the unpadded matrix; the first ones. */
  readonly existing: number;
}

/** Size, block sizes and kept counts: a pattern without its positions. */
export type HcgsSizes = Pick<HcgsPattern, 'rows' | 'columns' | 'blocks' | 'keep'>;

/**
 * Builds a pattern from a rule that names kept blocks of a slot (ascending, relative to the slot, at most
 * `keep` of them). Where it names fewer, the lowest free blocks are added: so padding rows, and existing
 * blocks that are fewer than `keep`, need no rule.
 */
export function buildPattern(
  shape: HcgsSizes,
  choose: (slot: Slot) => readonly number[],
): HcgsPattern {
  const pattern: HcgsPattern = { kind: 'hcgs', ...shape, indices: [] };
  const indices: Int32Array[] = [];
  let parents: { readonly perRow: number; readonly columns: ArrayLike<number> } | null = null;
  shape.blocks.forEach((size, level) => {
    const ratio = blocksPerRow(pattern, level);
    const keep = shape.keep[level] as number;
    const perRow: number = parents?.perRow ?? 1;
    const rows = blockRows(pattern, level);
    const rowRatio = parents === null ? rows : (shape.blocks[level - 1] as number) / size;
    const list = new Int32Array(rows * perRow * keep);
    const columns = new Int32Array(list.length);
    for (let row = 0; row < rows; row++) {
      for (let p = 0; p < perRow; p++) {
        const parentRow = Math.floor(row / rowRatio);
        const parent = parents?.columns[parentRow * perRow + p] ?? 0;
        const firstColumn = parent * ratio;
        const existing = existingBlocks(shape, size, row, firstColumn, ratio);
        const chosen =
          existing === 0 ? [] : choose({ level, blockRow: row, firstColumn, existing });
        completed(chosen, keep).forEach((index, j) => {
          const at = (row * perRow + p) * keep + j;
          list[at] = index;
          columns[at] = firstColumn + index;
        });
      }
    }
    indices.push(list);
    parents = { perRow: perRow * keep, columns };
  });
  return { ...pattern, indices };
}

function existingBlocks(
  shape: HcgsSizes,
  size: number,
  row: number,
  firstColumn: number,
  ratio: number,
): number {
  if (row * size >= shape.rows) return 0;
  const all = Math.ceil(shape.columns / size) - firstColumn;
  return Math.max(0, Math.min(ratio, all));
}

/** `chosen` and the lowest other indices, `keep` in all, ascending. */
function completed(chosen: readonly number[], keep: number): readonly number[] {
  if (chosen.length === keep) return chosen;
  const all = new Set(chosen);
  for (let index = 0; all.size < keep; index++) all.add(index);
  return [...all].sort((a, b) => a - b);
}
