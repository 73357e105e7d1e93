import type { Family } from './devices.js';
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

/** Bits of a block RAM: the data sheets named with the devices. */
export const BLOCK_BITS = {
  DP16KD: 18_432,
  SB_RAM40_4K: 4_096,
  RAMB18E1: 18_432,
  RAMB36E1: 36_864,
} as const;

/** The block RAM that devices of a family are counted in. */
export const BLOCK_RAM_OF = {
  ecp5: 'DP16KD',
  ice40: 'SB_RAM40_4K',
  xilinx: 'RAMB36E1',
} as const satisfies Readonly<Record<Family, keyof typeof BLOCK_BITS>>;

/** Packing of the weight banks of a design on a family. */
export function weightBankPacking(memories: readonly PredictedMemory[]): WeightBankPacking {
  const banks = memories.filter((m) => isWeightBank(m) && m.place.kind === 'block');
  const blocks = blockCells(banks);
  const bits = banks.reduce((sum, m) => sum + m.words * m.bits, 0);
  const blockBits = [...blocks].reduce((sum, [cell, n]) => sum + n * bitsOf(cell), 0);
  return {
    bits,
    blocks: Object.fromEntries(blocks),
    blockBits,
    efficiency: blockBits === 0 ? null : bits / blockBits,
  };
}

function bitsOf(cell: string): number {
  return (BLOCK_BITS as Readonly<Record<string, number>>)[cell] ?? 0;
}
