import type { BlockMap, BlockMaps } from '../blocks.js';

/** Used blocks of one block row inside one used block of the level above. */
export interface SlotCount {
  /** Which of the surveyed masks, e.g. which gate. */
  readonly mask: number;
  readonly level: number;
  readonly blockRow: number;
  /** Block column of the enclosing block, in blocks of the level above; 0 at the outermost level. */
  readonly parentColumn: number;
  readonly used: number;
  /** Blocks that exist there, padding excluded. */
  readonly existing: number;
}

/** A slot whose count is not the most common one of its level. */
export interface OddSlot extends SlotCount {
  readonly usual: number;
}

/** How masks look in blocks of given sizes. */
export interface Survey {
  readonly blocks: readonly number[];
  /** Largest count of used blocks of each level: what a pattern that holds the masks has to keep. */
  readonly keep: readonly number[];
  /**
   * Blocks by level that slots use fewer than `keep`, or than exist where these are fewer; all zero = the masks are
   * balanced. What the slots of a missing block would hold is not counted.
   */
  readonly missing: readonly number[];
  /** Slots by level whose count is not the most common one. */
  readonly oddCounts: readonly number[];
  /** Slots of all levels. */
  readonly slots: number;
  /** The first of them: where a reader should look. */
  readonly odd: readonly OddSlot[];
  /** Matrix positions inside used innermost blocks, all masks together. */
  readonly positions: number;
}

/** Odd slots that a survey names. */
const NAMED = 3;

/** Counts used blocks of every level in every block row; all masks must share one size. */
export function survey(masks: readonly BlockMaps[], blocks: readonly number[]): Survey {
  const keep: number[] = [];
  const missing: number[] = [];
  const oddCounts: number[] = [];
  const odd: OddSlot[] = [];
  let slots = 0;
  blocks.forEach((_, level) => {
    const { most, usual } = countsOf(masks, blocks, level);
    let [short, unusual] = [0, 0];
    masks.forEach((maps, mask) => {
      eachSlot(maps, blocks, level, (blockRow, parentColumn, used, existing) => {
        slots++;
        short += Math.max(0, Math.min(most, existing) - used);
        if (used <= usual && used >= Math.min(usual, existing)) return;
        unusual++;
        if (odd.length < NAMED) {
          odd.push({ mask, level, blockRow, parentColumn, used, existing, usual });
        }
      });
    });
    keep.push(most);
    missing.push(short);
    oddCounts.push(unusual);
  });
  const innermost = blocks.at(-1) ?? 1;
  const positions = masks.reduce((sum, maps) => sum + maps.at(innermost).positions, 0);
  return { blocks, keep, missing, oddCounts, slots, odd, positions };
}

/** Whether every block row of every mask uses as many blocks as the pattern keeps. */
export function isBalanced({ missing }: Survey): boolean {
  return missing.every((count) => count === 0);
}

/** The largest count of used blocks of a level, and the most common one; of equally common ones the largest. */
function countsOf(
  masks: readonly BlockMaps[],
  blocks: readonly number[],
  level: number,
): { readonly most: number; readonly usual: number } {
  const times = new Map<number, number>();
  for (const maps of masks) {
    eachSlot(maps, blocks, level, (_row, _parent, used) => {
      times.set(used, (times.get(used) ?? 0) + 1);
    });
  }
  const [common] = [...times].sort(([a, n], [b, m]) => m - n || b - a);
  return { most: Math.max(1, ...times.keys()), usual: Math.max(1, common?.[0] ?? 1) };
}

/** Every block row of the level in every used block of the level above, from top to bottom. */
function eachSlot(
  maps: BlockMaps,
  blocks: readonly number[],
  level: number,
  visit: (blockRow: number, parentColumn: number, used: number, existing: number) => void,
): void {
  const map = maps.at(blocks[level] as number);
  if (level === 0) {
    for (let blockRow = 0; blockRow < map.rows; blockRow++) {
      visit(blockRow, 0, usedBetween(map, blockRow, 0, map.columns), map.columns);
    }
    return;
  }
  const outer = maps.at(blocks[level - 1] as number);
  const ratio = outer.size / map.size;
  for (let blockRow = 0; blockRow < map.rows; blockRow++) {
    const outerRow = Math.floor(blockRow / ratio) * outer.columns;
    for (let parentColumn = 0; parentColumn < outer.columns; parentColumn++) {
      if (outer.used[outerRow + parentColumn] === 0) continue;
      const first = parentColumn * ratio;
      const end = Math.min(first + ratio, map.columns);
      visit(blockRow, parentColumn, usedBetween(map, blockRow, first, end), end - first);
    }
  }
}

function usedBetween(map: BlockMap, row: number, first: number, end: number): number {
  let used = 0;
  for (let column = first; column < end; column++) {
    used += map.used[row * map.columns + column] as number;
  }
  return used;
}
