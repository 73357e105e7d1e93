import type { Device, FpgaFamily } from '../../devices/family.js';
import { devicesOf } from '../../devices/find.js';
import type { Model } from '../../network/model.js';
import { buildImages } from '../build/rtl.js';
import type { Configuration } from '../plan/configuration.js';
import { type Shortage, shortages, smallestDevice, uncertain } from './fit.js';
import { type Rough, roughly } from './logic.js';
import { onFamily } from './on-family.js';
import type { PlacedProducts } from './placement.js';
import { blockCells, type PredictedMemory } from './predict.js';
import { type WeightBankPacking, weightBankPacking } from './weight-banks.js';

/** What a design takes of a device. Memories and multipliers are exact, LUTs and registers are rough. */
export interface DeviceEstimate {
  /** Name of the family. */
  readonly target: string;
  readonly device: string;
  readonly fits: boolean;
  readonly shortages: readonly Shortage[];
  /** Resources of which the rough estimates leave open whether they suffice. */
  readonly uncertain: readonly Shortage['resource'][];
  /** The smallest device of the family that the design fits; null: none. */
  readonly smallestDevice: string | null;
  /** In block RAMs of the device: some primitives are half of one. */
  readonly blockRams: number;
  /** The same by primitive. */
  readonly blockRamCells: Readonly<Record<string, number>>;
  /** Those that Yosys takes where a device has enough. */
  readonly blockRamsWanted: number;
  /** Single-port RAMs of the device: of memories with one port, where block RAMs run out. */
  readonly singlePortRams: number;
  readonly multipliers: number;
  readonly multipliersWanted: number;
  readonly memoryBits: number;
  readonly luts: Rough;
  readonly registers: Rough;
  readonly available: Omit<Device, 'name' | 'family'>;
  readonly weightBanks: WeightBankPacking;
  readonly memories: readonly PredictedMemory[];
  /** Paths of the memories that are in no block RAM because the device has too few. */
  readonly movedMemories: readonly string[];
  readonly products: readonly PlacedProducts[];
}

/** What a model on a configuration takes of a device; by default of the smallest that it fits, else of the largest. */
export function estimateDevice(
  c: Configuration,
  model: Model,
  family: FpgaFamily,
  device?: Device,
): DeviceEstimate {
  const design = onFamily(family, c, buildImages(c, model));
  const smallest = smallestDevice(family, design.on);
  const chosen = device ?? smallest ?? (devicesOf(family).at(-1) as Device);
  const { memories, movedMemories, products, blockRams, singlePortRams, multipliers, logic } =
    design.on(chosen);
  const short = shortages(chosen, design.on(chosen));
  const { name, family: _, ...available } = chosen;
  const rough = roughly(family, logic, memories);
  return {
    target: family.name,
    device: name,
    fits: short.length === 0,
    shortages: short,
    uncertain: uncertain(chosen, rough),
    smallestDevice: smallest?.name ?? null,
    blockRams,
    blockRamCells: Object.fromEntries(blockCells(memories)),
    blockRamsWanted: design.blockRams,
    singlePortRams,
    multipliers,
    multipliersWanted: design.multipliers,
    memoryBits: memories.reduce((sum, m) => sum + m.words * m.bits, 0),
    ...rough,
    available,
    weightBanks: weightBankPacking(family, memories),
    memories,
    movedMemories,
    products,
  };
}
