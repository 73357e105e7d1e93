import type { LogicStock } from '../../hdl/index.js';
import type { Family } from './devices.js';
import type { PredictedMemory, PredictedProducts } from './predict.js';

/** Look-up tables and registers: a rough estimate, never a count. */
export interface LogicCount {
  readonly luts: number;
  readonly registers: number;
}

/**
 * Look-up tables per bit of what a design describes, and what is left of its registers. Shifts by a signal are left
 * out: most of their amounts are the same for all layers, and so constant in the tables they come from.
 */
interface LogicModel {
  readonly adder: number;
  readonly multiplexer: number;
  readonly gate: number;
  /** Of the registers described: the others are constant, shared, or inside of a multiplier. */
  readonly register: number;
  /** A bit of a ROM, and of a RAM, that became logic. */
  readonly romBit: number;
  readonly ramBit: number;
  /** Look-up tables that a distributed memory takes. */
  readonly distributed: number;
  /** Bits of a factor times bits of the other one, of a product that became logic. */
  readonly product: number;
  /** Largest part of an estimate by which a design was seen to differ from it, rounded up. */
  readonly lutError: number;
  readonly registerError: number;
}

/**
 * Least squares over designs of 4 to 128 MACs: dense, of one to three levels, with a mask for each gate, with and
 * without an output layer, of words of 4/8/12/10 to 8/16/24/20 bits (weights, activations, c, biases), each
 * synthesised with Yosys 0.23. LUTs are counted as `hcgs synth` does. Products in logic were measured by themselves.
 */
const MODELS: Readonly<Record<Family, LogicModel>> = {
  ecp5: {
    ...{ adder: 1.25, multiplexer: 0.87, gate: 0.38, register: 0.84 },
    ...{ romBit: 0.061, ramBit: 0.8, distributed: 6, product: 5.3 },
    ...{ lutError: 0.1, registerError: 0.1 },
  },
  ice40: {
    ...{ adder: 0.99, multiplexer: 0.34, gate: 0.66, register: 0.64 },
    ...{ romBit: 0.067, ramBit: 0.8, distributed: 0, product: 2.8 },
    ...{ lutError: 0.1, registerError: 0.3 },
  },
  xilinx: {
    ...{ adder: 0.91, multiplexer: 0.41, gate: 0.78, register: 0.61 },
    ...{ romBit: 0.019, ramBit: 0.5, distributed: 0.67, product: 2.5 },
    ...{ lutError: 0.2, registerError: 0.15 },
  },
};

/** A number with the range around it in which measured designs lie. */
export interface Rough {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Logic with the range that measured designs of a family were seen in. */
export function roughly(
  family: Family,
  { luts, registers }: LogicCount,
): Readonly<Record<keyof LogicCount, Rough>> {
  const { lutError, registerError } = MODELS[family];
  const around = (estimate: number, error: number): Rough => ({
    estimate,
    low: Math.floor(estimate * (1 - error)),
    high: Math.ceil(estimate * (1 + error)),
  });
  return { luts: around(luts, lutError), registers: around(registers, registerError) };
}

/** Logic of a design: its operators and registers, and what its memories and multiplications need of it. */
export function estimateLogic(
  family: Family,
  stock: LogicStock,
  memories: readonly PredictedMemory[],
  products: readonly PredictedProducts[],
): LogicCount {
  const m = MODELS[family];
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
export function productLuts(family: Family, { a, b }: Pick<PredictedProducts, 'a' | 'b'>): number {
  return MODELS[family].product * a * b;
}

/**
 * Logic of one memory: all of it, or what stands around memories of the device. Where a block RAM has to read the old
 * word by logic, address, word and enable wait one cycle in registers, and the word is held beside the output.
 */
export function memoryLogic(family: Family, memory: PredictedMemory): LogicCount {
  const m = MODELS[family];
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
  const around = access !== 'read only' && family !== 'xilinx';
  const address = Math.ceil(Math.log2(Math.max(2, words)));
  return around
    ? { luts: chosen + 2 * width + address, registers: 2 * width + address + 2 }
    : { luts: chosen, registers: 0 };
}
