import { type CellCounts, type DeviceUse, deviceSize, type FpgaFamily } from './family.js';
import type { RamKind } from './memory-rules.js';

const OLD_FOR_FREE = {
  'read only': 1,
  'read old': 1,
  'read old, one address': 1,
  'read or written': 1,
  'read new': 4,
};

const blocks: readonly RamKind[] = [
  ['RAMB18E1', 1, 14, [1, 2, 4, 9, 18], 129],
  ['RAMB36E1', 1, 15, [1, 2, 4, 9, 18, 36], 257],
  ['RAMB36E1', 2, 16, [1, 2, 4, 9], 513],
  ['RAMB18E1', 1, 14, [1, 2, 4, 9, 18, 36], 129],
  ['RAMB36E1', 1, 15, [1, 2, 4, 9, 18, 36, 72], 257],
].map(([cell, cells, addressBits, widths, cost]) => ({
  kind: 'block',
  cell: cell as string,
  cells: cells as number,
  addressBits: addressBits as number,
  widths: widths as number[],
  byte: 9,
  cost: cost as number,
  scaled: 0,
  emulation: OLD_FOR_FREE,
}));

/** Distributed memories: of each, deeper ones are narrower. */
const lookUpTables: readonly RamKind[] = (
  [
    [8, 8, 5, [8, 4, 2, 1], { 'read old, one address': 0, 'read or written': 0 }],
    [
      8,
      8,
      5,
      [4, 2, 1],
      {
        'read old': 1,
        'read old, one address': 0,
        'read or written': 0,
        'read new': 4,
        unclocked: 1,
      },
    ],
    [
      7,
      7,
      5,
      [2, 1],
      {
        'read old': 1,
        'read old, one address': 0,
        'read or written': 0,
        'read new': 4,
        unclocked: 1,
      },
    ],
    [
      8,
      7,
      5,
      [6, 3],
      {
        'read old': 1,
        'read old, one address': 1,
        'read or written': 1,
        'read new': 4,
        unclocked: 1,
      },
    ],
  ] as const
).flatMap(([cost, scaled, addressBits, widths, emulation]) =>
  widths.map((width, more) => ({
    kind: 'distributed' as const,
    cell: 'LUT RAM',
    cells: 1,
    addressBits: addressBits + more,
    widths: [width],
    byte: 0,
    cost,
    scaled,
    emulation,
  })),
);

/**
 * LUTs in one primitive, where it is not one: AMD UG474 (7 series configurable logic blocks), tables 2-3 and 2-5. An
 * inverter counts as a LUT, although most become part of the one behind them.
 */
const LUTS_OF: Readonly<Record<string, number>> = {
  RAM32M: 4,
  RAM64M: 4,
  RAM32X1D: 2,
  RAM64X1D: 2,
  RAM128X1D: 4,
  RAM128X1S: 2,
  RAM256X1S: 4,
};

const LUT = /^(LUT[1-6]|INV|RAM\d+.*|SRL16E|SRLC32E|SRLC16E)$/;
const REGISTER = /^(FD[CPRS]E|LD[CP]E)(_1)?$/;

/** Block RAMs in RAMB36E1; a RAMB18E1 is half of one. */
function use(cells: CellCounts): DeviceUse {
  const sum = (weight: (type: string) => number): number =>
    Object.entries(cells).reduce((total, [type, n]) => total + n * weight(type), 0);
  return {
    luts: sum((type) => (LUT.test(type) ? (LUTS_OF[type] ?? 1) : 0)),
    registers: sum((type) => (REGISTER.test(type) ? 1 : 0)),
    blockRams: sum((type) => (type === 'RAMB36E1' ? 1 : type === 'RAMB18E1' ? 0.5 : 0)),
    multipliers: sum((type) => (type === 'DSP48E1' ? 1 : 0)),
    singlePortRams: 0,
  };
}

/**
 * 7 series of AMD. Devices: AMD DS180 (7 series overview), tables 4 and 6, and DS190 (Zynq-7000 overview), table 1: a
 * slice has four LUTs of 6 inputs and eight registers. Block RAMs are RAMB36E1 of 36 Kbit, each of which is two
 * RAMB18E1; multipliers DSP48E1.
 */
export const XILINX: FpgaFamily = {
  name: 'xilinx',
  title: 'AMD 7 series',
  shortTitle: '7 series',
  devices: [
    deviceSize('XC7A35T', 20_800, 41_600, 50, 90),
    deviceSize('XC7Z020', 53_200, 106_400, 140, 220),
    deviceSize('XC7A100T', 63_400, 126_800, 135, 240),
    deviceSize('XC7K325T', 203_800, 407_600, 445, 840),
  ],
  // that of the Arty A7-100T and the Nexys A7
  defaultDevice: 'XC7A100T',
  memory: {
    kinds: [...lookUpTables, ...blocks],
    logicCost: { readOnly: 1 / 64, written: 1 },
    blockRam: 'RAMB36E1',
    blockRams: {
      RAMB18E1: { bits: 18_432, blockRams: 0.5 },
      RAMB36E1: { bits: 36_864, blockRams: 1 },
    },
    readsOldWord: true,
  },
  multiplier: { a: 25, b: 18, part: 18, leastFactor: 2, leastProduct: 9, signedOnly: true },
  logic: {
    ...{ adder: 0.91, multiplexer: 0.41, gate: 0.78, register: 0.61 },
    ...{ romBit: 0.019, ramBit: 0.5, distributed: 0.67, product: 2.5 },
    ...{ lutError: 0.3, registerError: 0.3 },
  },
  singlePortRam: null,
  use,
  synthesis: {
    seconds: { start: 6, perLut: 0.005 },
    command: 'synth_xilinx -family xc7 -noiopad',
    padsCommand: null,
    primitives: [],
    naming: 'autoname',
    registeredProducts: null,
  },
  place: null,
  placedBy: 'Vivado, below',
  netlist: null,
  fusesoc: null,
};
