import type { FpgaFamily } from '../../devices/family.js';
import type { Access } from '../../devices/memory-rules.js';
import type { MemoryPort, MemoryStock, Stock } from '../../hdl/index.js';
import { isEngine } from '../chain/chain.js';
import { WEIGHT_BLOCK } from '../datapath/weight-stores.js';
import { varyingBits } from './columns.js';
import { type MemoryPlace, mapMemory } from './map-memory.js';
import { mapMultiplier } from './map-multiplier.js';

/** A memory of a design on a family of devices. */
export interface PredictedMemory {
  readonly path: string;
  readonly module: string;
  readonly kind: 'rom' | 'ram';
  readonly words: number;
  /** Bits of a word, and those of them that are not the same in every word of the image. */
  readonly bits: number;
  readonly varyingBits: number;
  readonly readPorts: number;
  readonly writePorts: number;
  readonly access: Access;
  readonly image: string | null;
  /** Nothing is known of its words at the start. */
  readonly unset: boolean;
  readonly place: MemoryPlace;
}

/** Multiplications of one size in one block of the core. */
export interface PredictedProducts {
  /** Instance of the block: `u_array`, `u_cells`. */
  readonly block: string;
  readonly count: number;
  /** Bits of the factors and of the product. */
  readonly a: number;
  readonly b: number;
  readonly width: number;
  readonly signed: boolean;
  /** Device multipliers of each; 0: logic. */
  readonly multipliers: number;
}

/** What Yosys makes of the memories and multiplications of a design. */
export interface CellPrediction {
  readonly family: FpgaFamily;
  readonly memories: readonly PredictedMemory[];
  readonly products: readonly PredictedProducts[];
}

/** Images by path; null: contents are not known, every column counts. */
export type Images = ReadonlyMap<string, string> | null;

/** Memories and multiplications of a design on a family, each by the rules of Yosys. */
export function predictCells(family: FpgaFamily, stock: Stock, images: Images): CellPrediction {
  const columns = new Map<string, number>();
  const varying = ({ image, width }: MemoryStock): number => {
    const text = image === null ? undefined : images?.get(image);
    if (image === null || text === undefined) return width;
    const known = columns.get(image) ?? varyingBits(text, width);
    columns.set(image, known);
    return known;
  };
  return {
    family,
    memories: stock.memories.map((m) => predictMemory(family, m, varying(m))),
    products: predictProducts(family, stock),
  };
}

function predictMemory(family: FpgaFamily, memory: MemoryStock, columns: number): PredictedMemory {
  const access = accessOf(memory);
  return {
    path: memory.path,
    module: memory.module,
    kind: memory.writes.length === 0 ? 'rom' : 'ram',
    words: memory.depth,
    bits: memory.width,
    varyingBits: columns,
    readPorts: memory.reads.length,
    writePorts: memory.writes.length,
    access,
    image: memory.image,
    unset: memory.unset === true,
    place: mapMemory(family, { width: columns, depth: memory.depth, access }),
  };
}

/** @throws RangeError for more than one read or write port: no block of this folder has that. */
function accessOf({ path, reads, writes }: MemoryStock): Access {
  const [read] = reads;
  const [write] = writes;
  if (read === undefined || reads.length > 1 || writes.length > 1) {
    throw new RangeError(`${path} has ${reads.length} read and ${writes.length} write ports`);
  }
  if (read.kind === 'unclocked') return write === undefined ? 'read only, unclocked' : 'unclocked';
  if (write === undefined) return 'read only';
  if (read.kind === 'addressed') return 'read new';
  if (read.address !== write.address) return 'read old';
  return partedBranches(read, write) ? 'read or written' : 'read old, one address';
}

/** Whether two ports stand in opposite branches of one condition. */
function partedBranches({ branch: a = '' }: MemoryPort, { branch: b = '' }: MemoryPort): boolean {
  const [one, other] = [a.split('/'), b.split('/')];
  const parts = one.findIndex((step, n) => step !== other[n]);
  // statements and branches take turns, from a statement on
  return parts >= 0 && parts % 2 === 1 && other[parts] !== undefined;
}

function predictProducts(family: FpgaFamily, { products }: Stock): readonly PredictedProducts[] {
  const sizes = new Map<string, PredictedProducts>();
  for (const { path, a, b, width, signed } of products) {
    const block = blockOf(path);
    const key = [block, a, b, width, signed].join();
    const known = sizes.get(key) ?? {
      ...{ block, count: 0, a, b, width, signed },
      multipliers: mapMultiplier(family, { a, b, width, signed }),
    };
    sizes.set(key, { ...known, count: known.count + 1 });
  }
  return [...sizes.values()];
}

/** Instance below the core, or below an engine of a chain, that something is part of: paths start with the core. */
export function blockOf(path: string): string {
  const [, block = '', inside] = path.split('.');
  return isEngine(block) && inside !== undefined ? inside : block;
}

/** Weight banks never become logic. */
export function isWeightBank({ path }: Pick<PredictedMemory, 'path'>): boolean {
  return blockOf(path) === WEIGHT_BLOCK;
}

/** Primitives by name, those of memories in blocks. */
export function blockCells(memories: readonly PredictedMemory[]): ReadonlyMap<string, number> {
  const cells = new Map<string, number>();
  for (const { place } of memories) {
    if (place.kind !== 'block' || place.cell === null) continue;
    cells.set(place.cell, (cells.get(place.cell) ?? 0) + place.cells);
  }
  return cells;
}

/** Device multipliers of all multiplications. */
export function multiplierCells(products: readonly PredictedProducts[]): number {
  return products.reduce((sum, p) => sum + p.count * p.multipliers, 0);
}
