import type { Device, FpgaFamily } from '../../devices/family.js';
import type { LogicStock } from '../../hdl/index.js';
import { estimateLogic, type LogicCount, memoryLogic, productLuts } from './logic.js';
import { mapMemory } from './map-memory.js';
import {
  blockCells,
  type CellPrediction,
  isWeightBank,
  multiplierCells,
  type PredictedMemory,
  type PredictedProducts,
} from './predict.js';

/** Multiplications of one size on a device: how many of them are in its multipliers. */
export interface PlacedProducts extends PredictedProducts {
  readonly inMultipliers: number;
}

/** Memories and multiplications of a design on one device. */
export interface Placement {
  readonly memories: readonly PredictedMemory[];
  /** Paths of the memories that Yosys would give a block RAM, and that the device has none left for. */
  readonly movedMemories: readonly string[];
  /** Paths of the memories that Yosys would make of registers, and that go to block RAMs to spare. */
  readonly blockMemories: readonly string[];
  readonly products: readonly PlacedProducts[];
  /** Block RAMs and multipliers of the device that are taken. */
  readonly blockRams: number;
  readonly singlePortRams: number;
  readonly multipliers: number;
  readonly logic: LogicCount;
}

/** Instance of the MAC array, whose multiplications come first. */
export const ARRAY = 'u_array';

/**
 * Where the memories and multiplications of a design go on a device. As long as block RAMs and multipliers last, where
 * Yosys puts them. Where multipliers run out, those of the MAC array come first and the largest others next; the rest
 * is logic. Where block RAMs run out, memories with one port that start with nothing go to single-port RAMs as long as these last, those
 * of the most block RAMs first; then memories other than the weight banks become distributed memory or logic, those with
 * the fewest look-up tables for a block RAM first.
 */
export function placeOn(device: Device, prediction: CellPrediction, stock: LogicStock): Placement {
  const single = inSinglePorts(device, prediction.memories);
  const { memories: fitting, moved } = placeMemories(device, single);
  const { memories, inBlocks } = intoSpareBlocks(device, fitting, moved);
  const products = placeProducts(device, prediction.products);
  const soft = products.map((p) => ({ ...p, count: p.count - p.inMultipliers, multipliers: 0 }));
  return {
    memories,
    movedMemories: moved,
    blockMemories: inBlocks,
    products,
    singlePortRams: singlePortRamsOf(memories),
    blockRams: blockRamsOf(device.family, memories),
    multipliers: multiplierCells(products.map((p) => ({ ...p, count: p.inMultipliers }))),
    logic: estimateLogic(device.family, stock, memories, soft),
  };
}

/** Block RAMs of a device that memories take; a primitive may be half of one. */
export function blockRamsOf(family: FpgaFamily, memories: readonly PredictedMemory[]): number {
  const { blockRams } = family.memory;
  return [...blockCells(memories)].reduce(
    (sum, [cell, n]) => sum + n * (blockRams[cell]?.blockRams ?? 1),
    0,
  );
}

function placeProducts(
  device: Device,
  products: readonly PredictedProducts[],
): readonly PlacedProducts[] {
  const saved = (p: PredictedProducts): number =>
    p.multipliers === 0 ? 0 : productLuts(device.family, p) / p.multipliers;
  const inOrder = [...products].sort(
    (a, b) => Number(b.block === ARRAY) - Number(a.block === ARRAY) || saved(b) - saved(a),
  );
  let left = device.multipliers;
  const placed = new Map<PredictedProducts, number>();
  for (const p of inOrder) {
    const count = p.multipliers === 0 ? 0 : Math.min(p.count, Math.floor(left / p.multipliers));
    left -= count * p.multipliers;
    placed.set(p, count);
  }
  return products.map((p) => ({ ...p, inMultipliers: placed.get(p) as number }));
}

/** Single-port RAMs that memories take. */
export function singlePortRamsOf(memories: readonly PredictedMemory[]): number {
  return memories.reduce(
    (sum, { place }) => sum + (place.kind === 'single-port' ? place.cells : 0),
    0,
  );
}

/** Memories with one port and no contents at the start, largest first, in the single-port RAMs of a device that has too few others. */
function inSinglePorts(
  device: Device,
  memories: readonly PredictedMemory[],
): readonly PredictedMemory[] {
  const { singlePort } = device.family.memory;
  if (singlePort === undefined) return memories;
  const largest = memories
    .filter((m) => m.place.kind === 'block' && m.access === 'read or written' && m.unset)
    .sort((a, b) => b.place.cells - a.place.cells);
  let placed = memories;
  for (const memory of largest) {
    if (blockRamsOf(device.family, placed) <= device.blockRams) break;
    const parts = Math.ceil(memory.words / singlePort.words);
    const cells = parts * Math.ceil(memory.varyingBits / singlePort.width);
    if (singlePortRamsOf(placed) + cells > device.singlePortRams) continue;
    const place = { kind: 'single-port', cell: singlePort.cell, cells, parts } as const;
    placed = placed.map((m) => (m === memory ? { ...m, place } : m));
  }
  return placed;
}

function placeMemories(
  device: Device,
  memories: readonly PredictedMemory[],
): { readonly memories: readonly PredictedMemory[]; readonly moved: readonly string[] } {
  const cheapest = memories
    .filter((m) => m.place.kind === 'block' && !isWeightBank(m))
    .map((m) => ({ memory: m, without: withoutBlock(device.family, m) }))
    .sort((a, b) => price(device.family, a) - price(device.family, b));
  let placed = memories;
  const moved: string[] = [];
  for (const { memory, without } of cheapest) {
    if (blockRamsOf(device.family, placed) <= device.blockRams) break;
    placed = placed.map((m) => (m === memory ? without : m));
    moved.push(memory.path);
  }
  return { memories: placed, moved };
}

/** Registers that a memory has to save for each block RAM that it gets for them. */
const WORTH_A_BLOCK = 32;

/** Share of the block RAMs that no table gets for this: what stands beside the design needs some, as the queues of a bridge do. */
const LEFT_FREE = 1 / 20;

interface SpareChoice {
  readonly memory: PredictedMemory;
  /** The same in block RAMs. */
  readonly placed: PredictedMemory;
}

interface Savings {
  readonly saved: number;
  readonly chosen: readonly SpareChoice[];
}

/** The choices that together save the most registers in at most so many block RAMs. */
function mostSaved(choices: readonly SpareChoice[], room: number): readonly SpareChoice[] {
  let best: readonly Savings[] = Array.from({ length: Math.max(0, room) + 1 }, () => ({
    ...{ saved: 0, chosen: [] },
  }));
  for (const choice of choices) {
    const { cells } = choice.placed.place;
    const own = choice.memory.varyingBits * choice.memory.words;
    best = best.map((without, most) => {
      const before = most < cells ? undefined : best[most - cells];
      if (before === undefined || before.saved + own <= without.saved) return without;
      return { saved: before.saved + own, chosen: [...before.chosen, choice] };
    });
  }
  return best.at(-1)?.chosen ?? [];
}

/** Small tables that are loaded, in block RAMs to spare in place of registers: those that together save the most of them. */
function intoSpareBlocks(
  device: Device,
  memories: readonly PredictedMemory[],
  moved: readonly string[],
): { readonly memories: readonly PredictedMemory[]; readonly inBlocks: readonly string[] } {
  const [kind] = device.family.memory.kinds.filter((ram) => ram.kind === 'block');
  const width = Math.max(...(kind?.widths ?? []));
  const choices = memories.flatMap((memory) => {
    const soft = memory.place.kind === 'logic' && memory.access === 'read or written';
    if (!soft || kind === undefined || moved.includes(memory.path)) return [];
    const cells = Math.ceil(memory.varyingBits / width) * kind.cells;
    const deep = memory.words <= 2 ** (kind.addressBits - Math.log2(width) + 1);
    const worth = memory.varyingBits * memory.words >= WORTH_A_BLOCK * cells;
    if (!deep || !worth) return [];
    const place = { kind: 'block', cell: kind.cell, cells, parts: 1 } as const;
    return [{ memory, placed: { ...memory, place } }];
  });
  const spare = device.blockRams - Math.ceil(device.blockRams * LEFT_FREE);
  const chosen = mostSaved(choices, spare - blockRamsOf(device.family, memories));
  const all = memories.map((m) => chosen.find(({ memory }) => memory === m)?.placed ?? m);
  const inBlocks = chosen.map(({ memory }) => memory.path);
  return { memories: all, inBlocks };
}

function withoutBlock(family: FpgaFamily, memory: PredictedMemory): PredictedMemory {
  const shape = { width: memory.varyingBits, depth: memory.words, access: memory.access };
  return { ...memory, place: mapMemory(family, shape, { blocks: false }) };
}

/** Look-up tables that a memory outside of block RAM takes, for each block RAM that it leaves. */
function price(
  family: FpgaFamily,
  { memory, without }: { readonly memory: PredictedMemory; readonly without: PredictedMemory },
): number {
  return memoryLogic(family, without).luts / memory.place.cells;
}
