import type { BlockMap, BlockMaps } from './mask.js';

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

/** How masks look in blocks of given sizes. */
export interface Survey {
  readonly blocks: readonly number[];
  /** Largest count of used blocks of each level: what a pattern that holds the masks has to keep. */
  readonly keep: readonly number[];
  /** Slots with fewer used blocks than `keep` although more exist; empty = the masks are balanced. */
  readonly short: readonly SlotCount[];
  /** Slots whose count is not the most common one: where a reader should look first. */
  readonly odd: readonly (SlotCount & { readonly usual: number })[];
  /** Matrix positions inside used innermost blocks, all masks together. */
  readonly positions: number;
}

/** Counts used blocks of every level in every block row; all masks must share one size. */
export function survey(masks: readonly BlockMaps[], blocks: readonly number[]): Survey {
  const levels = blocks.map((_, level) =>
    masks.flatMap((maps, mask) => slotCounts(maps, mask, blocks, level)),
  );
  const keep = levels.map((slots) => slots.reduce((most, slot) => Math.max(most, slot.used), 1));
  const usual = levels.map(usualCount);
  const innermost = blocks.at(-1) ?? 1;
  const isShort = (slot: SlotCount) =>
    slot.used < Math.min(keep[slot.level] as number, slot.existing);
  const isOdd = (slot: SlotCount & { usual: number }) =>
    slot.used > slot.usual || slot.used < Math.min(slot.usual, slot.existing);
  return {
    blocks,
    keep,
    short: levels.flat().filter(isShort),
    odd: levels.flatMap((slots, level) =>
      slots.map((slot) => ({ ...slot, usual: usual[level] as number })).filter(isOdd),
    ),
    positions: masks.reduce((sum, maps) => sum + maps.at(innermost).positions, 0),
  };
}

function slotCounts(
  maps: BlockMaps,
  mask: number,
  blocks: readonly number[],
  level: number,
): readonly SlotCount[] {
  const map = maps.at(blocks[level] as number);
  if (level === 0) {
    return Array.from({ length: map.rows }, (_, blockRow) => {
      const used = usedBetween(map, blockRow, 0, map.columns);
      return { mask, level, blockRow, parentColumn: 0, used, existing: map.columns };
    });
  }
  const outer = maps.at(blocks[level - 1] as number);
  const ratio = outer.size / map.size;
  const slots: SlotCount[] = [];
  for (let blockRow = 0; blockRow < map.rows; blockRow++) {
    const outerRow = Math.floor(blockRow / ratio) * outer.columns;
    for (let parentColumn = 0; parentColumn < outer.columns; parentColumn++) {
      if (outer.used[outerRow + parentColumn] === 0) continue;
      const first = parentColumn * ratio;
      const end = Math.min(first + ratio, map.columns);
      const used = usedBetween(map, blockRow, first, end);
      slots.push({ mask, level, blockRow, parentColumn, used, existing: end - first });
    }
  }
  return slots;
}

function usedBetween(map: BlockMap, row: number, first: number, end: number): number {
  let used = 0;
  for (let column = first; column < end; column++) {
    used += map.used[row * map.columns + column] as number;
  }
  return used;
}

/** The count that most slots have; of equally common ones the largest. */
function usualCount(slots: readonly SlotCount[]): number {
  const times = new Map<number, number>();
  for (const { used } of slots) times.set(used, (times.get(used) ?? 0) + 1);
  const [first] = [...times].sort(([a, n], [b, m]) => m - n || b - a);
  return Math.max(1, first?.[0] ?? 1);
}
