import type { Liberty } from './liberty.js';

/** Modules of a netlist with the cells and modules in each, as `stat -json` of Yosys counts them. */
export type CellCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What a block of a design takes, with everything inside it but macros. */
export interface BlockArea {
  /** Name of its module. */
  readonly block: string;
  readonly cells: number;
  /** Flip-flops and latches. */
  readonly registers: number;
  /** Of standard cells, in the unit of the library: µm². */
  readonly area: number;
}

/** Area of a netlist, and of the modules directly below each other from its top. */
export interface NetlistArea {
  readonly total: BlockArea;
  /** Every module below the top that has cells, largest first, each counted as often as it stands there. */
  readonly blocks: readonly BlockArea[];
}

/** Adds up the cells of a hierarchy. Modules have the names of the netlist; macros are no cells of the library. */
export function netlistArea(counts: CellCounts, top: string, { cells }: Liberty): NetlistArea {
  const blocks = new Map<string, BlockArea>();
  const add = (a: BlockArea, b: BlockArea, times: number): BlockArea => ({
    block: a.block,
    cells: a.cells + times * b.cells,
    registers: a.registers + times * b.registers,
    area: a.area + times * b.area,
  });
  const areaOf = (module: string): BlockArea => {
    let sum: BlockArea = { block: plainName(module), cells: 0, registers: 0, area: 0 };
    for (const [type, count] of Object.entries(counts[module] ?? {})) {
      const cell = cells.get(plainName(type));
      if (cell !== undefined) {
        const one = { block: '', cells: 1, registers: cell.sequential ? 1 : 0, area: cell.area };
        sum = add(sum, one, count);
      } else if (counts[type] !== undefined) {
        const inner = areaOf(type);
        const known = blocks.get(type) ?? { ...inner, cells: 0, registers: 0, area: 0 };
        blocks.set(type, add(known, inner, count));
        sum = add(sum, inner, count);
      }
    }
    return sum;
  };
  const total = areaOf(top);
  const filled = [...blocks.values()].filter((block) => block.cells > 0);
  return { total, blocks: filled.sort((a, b) => b.area - a.area) };
}

/** `$paramod$1234\kws_array` and `\kws_array` are both `kws_array`. */
export function plainName(name: string): string {
  return name.slice(name.lastIndexOf('\\') + 1);
}
