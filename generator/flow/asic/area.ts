import type { Liberty } from './liberty.js';

/** Modules of a netlist with the cells and modules in each, under the names of the netlist. */
export type CellCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What a module of a design takes, without the modules in it and without macros. */
export interface BlockArea {
  readonly module: string;
  readonly cells: number;
  /** Flip-flops and latches. */
  readonly registers: number;
  /** Of standard cells, in the unit of the library: µm². */
  readonly area: number;
}

/** Area of a netlist. */
export interface NetlistArea {
  readonly total: Omit<BlockArea, 'module'>;
  /** Cells of the library by type. */
  readonly types: Readonly<Record<string, number>>;
  /** Modules with cells, largest first, each as often as it stands there: together the total. */
  readonly blocks: readonly BlockArea[];
}

const NOTHING: NetlistArea['total'] = { cells: 0, registers: 0, area: 0 };

/** Adds up the cells of a hierarchy from its top. What is neither module nor cell of the library is a macro. */
export function netlistArea(counts: CellCounts, top: string, { cells }: Liberty): NetlistArea {
  const times = new Map<string, number>();
  const count = (module: string, often: number): void => {
    times.set(module, (times.get(module) ?? 0) + often);
    for (const [type, n] of Object.entries(counts[module] ?? {})) {
      if (counts[type] !== undefined) count(type, often * n);
    }
  };
  count(top, 1);
  const ownOf = (module: string): NetlistArea['total'] =>
    Object.entries(counts[module] ?? {}).reduce((sum, [type, n]) => {
      const cell = cells.get(type);
      if (cell === undefined) return sum;
      return add(sum, { cells: 1, registers: cell.storage === null ? 0 : 1, area: cell.area }, n);
    }, NOTHING);
  const types: Record<string, number> = {};
  for (const [module, n] of times) {
    for (const [type, k] of Object.entries(counts[module] ?? {})) {
      if (cells.has(type)) types[type] = (types[type] ?? 0) + n * k;
    }
  }
  const blocks = [...times]
    .map(([module, n]) => ({ module: plainName(module), ...add(NOTHING, ownOf(module), n) }))
    .filter((block) => block.cells > 0)
    .sort((a, b) => b.area - a.area);
  return { total: blocks.reduce((sum, block) => add(sum, block, 1), NOTHING), types, blocks };
}

function add(
  a: NetlistArea['total'],
  b: NetlistArea['total'],
  times: number,
): NetlistArea['total'] {
  return {
    cells: a.cells + times * b.cells,
    registers: a.registers + times * b.registers,
    area: a.area + times * b.area,
  };
}

/** A module of given parameters, `$paramod$1234\kws_array`, is called as it is without: `kws_array`. */
function plainName(name: string): string {
  return name.slice(name.lastIndexOf('\\') + 1);
}
