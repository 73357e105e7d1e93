import type { ChipMemories } from '../../../accelerator/index.js';
import type { BlockEnergy, FrameEnergy } from '../../report/energy.js';
import type { MacroUse } from '../../report/report.js';
import type { MeasuredUse } from '../../target.js';
import type { CellPower } from './cell-power.js';
import { CELL_ACTIVITY, type CellPowerUse } from './cells-power.js';
import { macroEnergy } from './macro-energy.js';

/** What the energy of a frame is made of. */
export interface EnergySources {
  readonly chip: ChipMemories;
  /** In the netlist: of a memory that nothing reads, synthesis leaves nothing. */
  readonly macros: readonly MacroUse[];
  readonly measured: MeasuredUse;
  /** Of the macros that Liberty files have. */
  readonly powers: ReadonlyMap<string, CellPower>;
  /** Of every cell of the netlist, macros among them, at `powerMHz`. */
  readonly cells: readonly CellPowerUse[];
  readonly powerMHz: number;
  /** Clock that leakage is taken at. */
  readonly clockMHz: number;
}

/** Energy of a frame in the steady state by block: of macros by what they were seen to do, of standard cells by an assumed activity. */
export function frameEnergy(sources: EnergySources): FrameEnergy {
  const { chip, measured, powers, cells, powerMHz, clockMHz } = sources;
  const { activity, list } = measured;
  const { cyclesPerFrame } = activity;
  const memories = new Set(sources.macros.flatMap(({ instances }) => instances));
  const there = activity.macros.filter(({ instance }) => memories.has(instance));
  const macros = macroEnergy({ ...activity, macros: there }, list, powers);
  // W for µs are µJ
  const [active, frame] = [cyclesPerFrame / powerMHz, cyclesPerFrame / clockMHz];
  const own = cells.filter(({ path }) => !memories.has(path));
  const parts = [
    ...macros.instances.map(({ instance, dynamic, leakage }) => ({
      block: blockOf(instance, chip),
      ...{ macros: dynamic, cells: 0, leakage: leakage * 1e-6 * frame },
    })),
    ...own.map(({ path, dynamic, leakage }) => ({
      block: blockOf(path, chip),
      ...{ macros: 0, cells: dynamic * active * 1000, leakage: leakage * frame * 1000 },
    })),
  ];
  const blocks = new Map<string, BlockEnergy>();
  for (const { block, ...part } of parts) {
    const before = blocks.get(block) ?? { block, macros: 0, cells: 0, leakage: 0 };
    blocks.set(block, {
      block,
      macros: before.macros + part.macros,
      cells: before.cells + part.cells,
      leakage: before.leakage + part.leakage,
    });
  }
  const roms = sources.macros.filter(({ kind }) => kind === 'rom').map(({ macro }) => macro);
  return {
    ...{ clockMHz, cyclesPerFrame, cellActivity: CELL_ACTIVITY },
    total: [...blocks.values()].reduce((sum, block) => sum + totalOf(block), 0),
    blocks: [...blocks.values()].sort((a, b) => totalOf(b) - totalOf(a)),
    ports: macros.ports,
    uncounted: [...macros.unknown, ...roms],
  };
}

/** nJ. */
export function totalOf({ macros, cells, leakage }: BlockEnergy): number {
  return macros + cells + leakage;
}

/** The block that an instance lies in; the core for what is in none. */
function blockOf(path: string, { blocks }: ChipMemories): string {
  const [, block = ''] = path.split('.');
  return blocks.some(({ instance }) => instance === block) ? block : 'u_core';
}
