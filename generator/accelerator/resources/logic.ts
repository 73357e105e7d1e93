import type { FpgaFamily } from '../../devices/family.js';
import type { LogicStock } from '../../hdl/index.js';
import type { PredictedMemory, PredictedProducts } from './predict.js';

/** Look-up tables and registers: a rough estimate, never a count. */
export interface LogicCount {
  readonly luts: number;
  readonly registers: number;
}

/** A number with the range around it in which measured designs lie. */
export interface Rough {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Logic with the range that measured designs of a family were seen in. */
export function roughly(
  family: FpgaFamily,
  { luts, registers }: LogicCount,
  memories: readonly PredictedMemory[],
): Readonly<Record<keyof LogicCount, Rough>> {
  const { lutError, registerError } = family.logic;
  const around = (estimate: number, error: number, least = estimate): Rough => ({
    estimate,
    low: Math.floor(least * (1 - error)),
    high: Math.ceil(estimate * (1 + error)),
  });
  const apart = registers - sharedRegisters(memories);
  return { luts: around(luts, lutError), registers: around(registers, registerError, apart) };
}

/**
 * Registers of written memories in logic beyond those of one of each kind. Copies, which are written alike, become one in
 * synthesis; whether memories of one kind are copies is not looked into.
 */
function sharedRegisters(memories: readonly PredictedMemory[]): number {
  const kinds = new Set<string>();
  let shared = 0;
  for (const { kind, path, place, words, varyingBits } of memories) {
    if (kind !== 'ram' || place.kind !== 'logic') continue;
    const same = `${path.replaceAll(/\[\d+\]|_\d+/g, '')} ${words} ${varyingBits}`;
    if (kinds.has(same)) shared += words * varyingBits;
    kinds.add(same);
  }
  return shared;
}

/** Logic of a design: its operators and registers, and what its memories and multiplications need of it. */
export function estimateLogic(
  family: FpgaFamily,
  stock: LogicStock,
  memories: readonly PredictedMemory[],
  products: readonly PredictedProducts[],
): LogicCount {
  const m = family.logic;
  const parts = [
    {
      luts: m.adder * stock.adders + m.multiplexer * stock.multiplexers + m.gate * stock.gates,
      registers: m.register * stock.registers,
    },
    ...memories.map((memory) => memoryLogic(family, memory)),
    ...products
      .filter((p) => p.multipliers === 0)
      .map((p) => ({ luts: p.count * productLuts(family, p), registers: 0 })),
  ];
  return {
    luts: Math.round(parts.reduce((sum, p) => sum + p.luts, 0)),
    registers: Math.round(parts.reduce((sum, p) => sum + p.registers, 0)),
  };
}

/** Look-up tables of one multiplication in logic. */
export function productLuts(
  family: FpgaFamily,
  { a, b }: Pick<PredictedProducts, 'a' | 'b'>,
): number {
  return family.logic.product * a * b;
}

/**
 * Logic of one memory: all of it, or what stands around memories of the device. Where a block RAM has to read the old
 * word by logic, address, word and enable wait one cycle in registers, and the word is held beside the output.
 */
export function memoryLogic(family: FpgaFamily, memory: PredictedMemory): LogicCount {
  const m = family.logic;
  const { varyingBits: width, words, access, place } = memory;
  const bits = width * words;
  if (place.kind === 'logic') {
    return memory.kind === 'rom'
      ? { luts: m.romBit * bits, registers: width }
      : { luts: m.ramBit * bits, registers: bits + width };
  }
  const chosen = width * (place.parts - 1);
  if (place.kind === 'distributed') {
    return { luts: m.distributed * place.cells + chosen, registers: width };
  }
  const around = !['read only', 'read or written'].includes(access) && !family.memory.readsOldWord;
  const address = Math.ceil(Math.log2(Math.max(2, words)));
  return around
    ? { luts: chosen + 2 * width + address, registers: 2 * width + address + 2 }
    : { luts: chosen, registers: 0 };
}
