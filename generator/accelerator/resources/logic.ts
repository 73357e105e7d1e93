import type { LogicStock } from '../../hdl/index.js';
import type { Family } from './devices.js';
import type { PredictedMemory, PredictedProducts } from './predict.js';

/** Look-up tables and registers: a rough estimate, never a count. */
export interface LogicCount {
  readonly luts: number;
  readonly registers: number;
}

/** Look-up tables per bit of what a design describes, and what is left of its registers. */
interface LogicModel {
  readonly adder: number;
  readonly multiplexer: number;
  readonly shifter: number;
  readonly gate: number;
  /** Of the registers described: others are constant, doubled, or inside a multiplier. */
  readonly register: number;
  /** A bit of a ROM, and of a RAM, that became logic. */
  readonly romBit: number;
  readonly ramBit: number;
  /** Places of look-up tables that a distributed memory takes. */
  readonly distributed: number;
  /** Bits of a factor times bits of the other one, of a product that became logic. */
  readonly product: number;
  /** Largest part by which the designs that this was fitted to differ from it. */
  readonly lutError: number;
  readonly registerError: number;
}

const MODELS: Readonly<Record<Family, LogicModel>> = {
  ecp5: {
    ...{ adder: 1, multiplexer: 1, shifter: 1, gate: 0.5, register: 1 },
    ...{ romBit: 0.1, ramBit: 1, distributed: 6, product: 5.3 },
    ...{ lutError: 0.2, registerError: 0.2 },
  },
  ice40: {
    ...{ adder: 1, multiplexer: 1, shifter: 1, gate: 0.5, register: 1 },
    ...{ romBit: 0.1, ramBit: 1, distributed: 0, product: 2.8 },
    ...{ lutError: 0.2, registerError: 0.2 },
  },
  xilinx: {
    ...{ adder: 1, multiplexer: 1, shifter: 1, gate: 0.5, register: 1 },
    ...{ romBit: 0.03, ramBit: 1, distributed: 4, product: 2.5 },
    ...{ lutError: 0.2, registerError: 0.2 },
  },
};

/** Parts of an estimate by which designs were seen to differ from it. */
export function logicErrors(family: Family): LogicCount {
  const { lutError, registerError } = MODELS[family];
  return { luts: lutError, registers: registerError };
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
      luts:
        m.adder * stock.adders +
        m.multiplexer * stock.multiplexers +
        m.shifter * stock.shifters +
        m.gate * stock.gates,
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
