import type { FpgaFamily } from '../../devices/family.js';
import { blockCells, isWeightBank, type PredictedMemory } from './predict.js';

/** How well the weights fill the block RAMs they lie in. */
export interface WeightBankPacking {
  /** Bits of the words, padding of the model included. */
  readonly bits: number;
  readonly blocks: Readonly<Record<string, number>>;
  /** Bits that those blocks hold, parity bits included. */
  readonly blockBits: number;
  /** `bits` / `blockBits`; null where no weight lies in a block RAM. */
  readonly efficiency: number | null;
}

/** Packing of the weight banks of a design on a family. */
export function weightBankPacking(
  family: FpgaFamily,
  memories: readonly PredictedMemory[],
): WeightBankPacking {
  const banks = memories.filter((m) => isWeightBank(m) && m.place.kind === 'block');
  const blocks = blockCells(banks);
  const bits = banks.reduce((sum, m) => sum + m.words * m.bits, 0);
  const held = [...blocks].reduce((sum, [cell, n]) => sum + n * blockBits(family, cell), 0);
  return {
    bits,
    blocks: Object.fromEntries(blocks),
    blockBits: held,
    efficiency: held === 0 ? null : bits / held,
  };
}

/** Bits of a block RAM primitive of a family. */
export function blockBits(family: FpgaFamily, cell: string): number {
  return family.memory.blockRams[cell]?.bits ?? 0;
}
