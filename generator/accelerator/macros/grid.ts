import {
  canRead,
  canWrite,
  type Macro,
  type MacroAccess,
  type MacroList,
} from '../../devices/macros/macro.js';
import type { StoreSize } from '../memory/store.js';

/** Macros side by side (columns of bits) and behind one another (rows of words) that hold one memory. */
export interface MacroGrid {
  readonly macro: Macro;
  readonly rows: number;
  readonly columns: number;
  /** Words of a row: all of a macro that stands alone, else a power of two, so that the upper bits of an address choose the row. */
  readonly rowWords: number;
  /** The ports that write and read; one port of a macro that does both in turn. */
  readonly write: MacroAccess;
  readonly read: MacroAccess;
}

/** Most macros of one memory. */
const MOST_MACROS = 4096;

/**
 * The grid of macros for a memory: of the least area, where the list has areas, else of the fewest macros, then with the
 * fewest bits to spare; of equal ones the first of the list. A text where there is none: why the memory stays registers.
 * A memory that takes less area as registers, where the list says what they take, stays registers too. `atOnce`: it is read and
 * written in one cycle.
 */
export function gridFor(
  size: StoreSize,
  atOnce: boolean,
  { macros, registerBitArea }: MacroList,
): MacroGrid | string {
  const fitting = macros.flatMap((macro): MacroGrid[] => {
    const ports = portsFor(macro, atOnce);
    return ports === null ? [] : [{ macro, ...split(size, macro), ...ports }];
  });
  if (fitting.length === 0) {
    return atOnce
      ? 'read and written at once, and no macro has a port for each'
      : 'no macro is read and written';
  }
  const grids = fitting.filter((grid) => count(grid) <= MOST_MACROS);
  const [best] = [...grids].sort(
    (a, b) =>
      areaOf(a) - areaOf(b) || count(a) - count(b) || spareBits(a, size) - spareBits(b, size),
  );
  if (best === undefined) return `more than ${MOST_MACROS} macros`;
  const asRegisters = size.width * size.words * (registerBitArea ?? Number.POSITIVE_INFINITY);
  if (asRegisters >= areaOf(best)) return best;
  const [registers, macro] = [asRegisters, areaOf(best)].map(Math.round);
  return `${registers} µm² as registers, ${macro} µm² as ${count(best)} × ${best.macro.name}`;
}

/** Macros of a grid. */
export function count({ rows, columns }: Pick<MacroGrid, 'rows' | 'columns'>): number {
  return rows * columns;
}

/** µm²; 0 where the list has no areas. */
function areaOf(grid: MacroGrid): number {
  return count(grid) * (grid.macro.area ?? 0);
}

function spareBits(grid: MacroGrid, { width, words }: StoreSize): number {
  return count(grid) * grid.macro.words * grid.macro.bits - width * words;
}

function split({ width, words }: StoreSize, macro: Macro) {
  const columns = Math.ceil(width / macro.bits);
  if (words <= macro.words) return { columns, rows: 1, rowWords: macro.words };
  const rowWords = 2 ** Math.floor(Math.log2(macro.words));
  return { columns, rows: Math.ceil(words / rowWords), rowWords };
}

/** The ports of a macro for a memory; null: it has not enough of them. One port is enough where nothing happens at once. */
function portsFor({ ports }: Macro, atOnce: boolean): Pick<MacroGrid, 'write' | 'read'> | null {
  const both = ports.find((port) => canWrite(port) && canRead(port));
  if (!atOnce && both !== undefined) return { write: both, read: both };
  for (const write of ports.filter(canWrite)) {
    const read = ports.find((port) => port !== write && canRead(port));
    if (read !== undefined) return { write, read };
  }
  return null;
}
