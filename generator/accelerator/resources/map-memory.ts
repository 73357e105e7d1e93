import type { FpgaFamily } from '../../devices/family.js';
import type { Access, RamKind } from '../../devices/memory-rules.js';

/** A memory as a device has to hold it: bits of a word, words. */
export interface MemoryShape {
  readonly width: number;
  readonly depth: number;
  readonly access: Access;
}

/** What Yosys makes of a memory. */
export interface MemoryPlace {
  readonly kind: 'block' | 'single-port' | 'distributed' | 'logic';
  /** Primitive; null for logic. */
  readonly cell: string | null;
  readonly cells: number;
  /** Memories that stand behind each other because one is not deep enough. */
  readonly parts: number;
}

interface Candidate {
  readonly ram: RamKind;
  readonly repeats: number;
  readonly parts: number;
  readonly cost: number;
}

/** Weight of the points for logic around a memory, and of the bits that choose between parts of one. */
const EMULATION = 2;
const SELECTION = 0.5;

const LOGIC: MemoryPlace = { kind: 'logic', cell: null, cells: 0, parts: 0 };

/**
 * The memory of a family that Yosys chooses: the choice of its pass `memory_libmap` (passes/memory/memory_libmap.cc),
 * for memories with one read port, at most one write port, and one write enable. With `blocks` false it has no block
 * RAM to choose.
 */
export function mapMemory(
  family: FpgaFamily,
  shape: MemoryShape,
  { blocks = true }: { readonly blocks?: boolean } = {},
): MemoryPlace {
  if (shape.width === 0) return LOGIC;
  const { readOnly, written } = family.memory.logicCost;
  const bits = shape.width * shape.depth;
  // costs are compared with the whole part of the best one so far
  const rom = shape.access === 'read only' || shape.access === 'read only, unclocked';
  let best = Math.trunc(bits * (rom ? readOnly : written));
  let chosen: Candidate | null = null;
  for (const candidate of cheapestOfKind(family, shape)) {
    if (candidate.cost >= best || (candidate.ram.kind === 'block' && !blocks)) continue;
    chosen = candidate;
    best = Math.trunc(candidate.cost);
  }
  if (chosen === null) return LOGIC;
  const { kind, cell, cells } = chosen.ram;
  return { kind, cell, cells: cells * chosen.repeats, parts: chosen.parts };
}

/** The cheapest distributed memory and the cheapest block; of equal ones the first. */
function cheapestOfKind(family: FpgaFamily, shape: MemoryShape): readonly Candidate[] {
  const candidates = family.memory.kinds.flatMap((ram) => candidateOf(ram, shape) ?? []);
  return (['distributed', 'block'] as const).flatMap((kind) => {
    const own = candidates.filter((c) => c.ram.kind === kind);
    const [first, ...others] = own;
    if (first === undefined) return [];
    return [others.reduce((best, c) => (c.cost < best.cost ? c : best), first)];
  });
}

/** One kind of memory at the port width that costs least. */
function candidateOf(ram: RamKind, shape: MemoryShape): Candidate | null {
  const points = ram.emulation[shape.access];
  if (points === undefined) return null;
  const writes = shape.access !== 'read only';
  const [narrowest, widest] = (writes && ram.writeWidths) || [0, ram.widths.length - 1];
  const byteAt = ram.widths.filter((w) => ram.byte === 0 || w <= ram.byte).length - 1;
  let best: Candidate | null = null;
  for (const [at, base] of ram.widths.entries()) {
    const unit = ram.widths[Math.min(at, widest)] as number;
    if (unit !== base && best !== null) break;
    // narrower words than the write port has are written by its byte enables
    if (at < narrowest && at < byteAt) continue;
    const word = writes ? padded(shape.width, ram.byte, unit) : shape.width;
    const parts = Math.ceil(shape.depth / 2 ** (ram.addressBits - at));
    const repeats = Math.ceil((parts * word) / unit);
    const selection = (parts - 1) * shape.width + (writes && parts > 1 ? parts : 0);
    const cost =
      (ram.cost - ram.scaled) * repeats +
      (ram.scaled * parts * shape.width) / unit +
      selection * SELECTION +
      points * EMULATION;
    if (best === null || cost < Math.trunc(best.cost)) best = { ram, repeats, parts, cost };
  }
  return best;
}

/** Bits of a word in whole units of a write enable. */
function padded(width: number, byte: number, unit: number): number {
  const whole = byte === 0 || byte > unit ? unit : byte;
  return Math.ceil(width / whole) * whole;
}
