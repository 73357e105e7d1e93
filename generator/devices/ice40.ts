import { deviceSize, type PlacedFamily, weigh } from './family.js';
import type { PlaceAndRoute } from './flow-rules.js';
import { CLOCKED_ONLY, type MemoryRules } from './memory-rules.js';

const PACKAGES: Readonly<Record<string, string>> = {
  UP5K: 'sg48',
  HX1K: 'tq144',
  HX4K: 'tq144',
  HX8K: 'ct256',
  LP8K: 'cm225',
};

const memory: MemoryRules = {
  kinds: [0, 1].map((byte) => ({
    kind: 'block',
    cell: 'SB_RAM40_4K',
    cells: 1,
    addressBits: 11,
    widths: [2, 4, 8, 16],
    writeWidths: byte === 0 ? [0, 2] : [3, 3],
    byte,
    cost: 64,
    scaled: 0,
    emulation: CLOCKED_ONLY,
  })),
  logicCost: { readOnly: 1 / 16, written: 1 },
  blockRam: 'SB_RAM40_4K',
  blockRams: { SB_RAM40_4K: { bits: 4_096, blockRams: 1 } },
  singlePort: { cell: 'SB_SPRAM256KA', width: 16, words: 16_384 },
  readsOldWord: false,
};

const place: PlaceAndRoute = {
  seconds: { start: 1, perLut: 0.006 },
  clockMHz: 12,
  nextpnr: {
    name: 'nextpnr-ice40',
    sources: [
      { program: 'nextpnr-ice40' },
      { program: 'yowasp-nextpnr-ice40' },
      { npm: '@yowasp/nextpnr-ice40', function: 'runNextpnrIce40' },
    ],
    versionArgument: '--version',
    version: /Version ([^)\s]+)/,
    install: "Debian's package nextpnr-ice40, or the npm package @yowasp/nextpnr-ice40",
  },
  // it does not say its version
  packer: {
    name: 'icepack',
    sources: [
      { program: 'icepack' },
      { program: 'yowasp-icepack' },
      { npm: '@yowasp/nextpnr-ice40', function: 'runIcepack' },
    ],
    versionArgument: '-h',
    version: /Usage: \S*icepack/i,
    install: "Debian's package fpga-icestorm",
  },
  deviceFlag: (device) => `--${device.toLowerCase()}`,
  options: ['--pcf-allow-unconstrained'],
  packageOf: (device) => PACKAGES[device] as string,
  text: ['--asc', '.asc'],
  bitstream: '.bin',
  resources: {
    ICESTORM_LC: 'logic cells (a LUT and a register each)',
    ICESTORM_RAM: 'block RAMs',
    ICESTORM_DSP: 'multipliers',
    ICESTORM_SPRAM: 'single-port RAMs',
    SB_IO: 'pins',
  },
  words: {
    tools: 'Yosys, nextpnr-ice40, icepack where present',
    devices: 'UP5K (default), HX1K, HX4K, HX8K, LP8K',
    packages: 'sg48, or ct256 for HX8K',
    usualPackages: ['sg48', 'ct256'],
  },
};

/**
 * Lattice iCE40. Devices: Lattice FPGA-DS-02029 (LP/HX family), table 1.1, and FPGA-DS-02008 (UltraPlus family),
 * table 1.1. The HX4K is counted as sold; the open tools use all of its die, which is that of the HX8K. LUTs have 4
 * inputs, block RAMs are SB_RAM40_4K, multipliers SB_MAC16, single-port RAMs (256 Kbit) SB_SPRAM256KA.
 */
export const ICE40: PlacedFamily = {
  name: 'ice40',
  title: 'Lattice iCE40',
  shortTitle: 'iCE40',
  devices: [
    deviceSize('HX1K', 1_280, 1_280, 16, 0),
    deviceSize('HX4K', 3_520, 3_520, 20, 0),
    deviceSize('UP5K', 5_280, 5_280, 30, 8, 4),
    deviceSize('LP8K', 7_680, 7_680, 32, 0),
    deviceSize('HX8K', 7_680, 7_680, 32, 0),
  ],
  defaultDevice: 'UP5K',
  memory,
  multiplier: { a: 16, b: 16, part: 16, leastFactor: 2, leastProduct: 11, signedOnly: false },
  logic: {
    ...{ adder: 0.99, multiplexer: 0.34, gate: 0.66, register: 0.7 },
    ...{ romBit: 0.067, ramBit: 0.8, distributed: 0, product: 2.8 },
    ...{ lutError: 0.2, registerError: 0.3 },
  },
  singlePortRam: 'SB_SPRAM256KA of iCE40 UltraPlus',
  use: (cells) => ({
    luts: weigh(cells, { SB_LUT4: 1 }),
    registers: Object.entries(cells).reduce((n, [t, k]) => (t.startsWith('SB_DFF') ? n + k : n), 0),
    multipliers: weigh(cells, { SB_MAC16: 1 }),
    blockRams: weigh(cells, {
      SB_RAM40_4K: 1,
      SB_RAM40_4KNR: 1,
      SB_RAM40_4KNW: 1,
      SB_RAM40_4KNRNW: 1,
    }),
    singlePortRams: weigh(cells, { SB_SPRAM256KA: 1 }),
  }),
  synthesis: {
    seconds: { start: 2, perLut: 0.0065 },
    command: 'synth_ice40 -dsp -spram',
    padsCommand: 'synth_ice40',
    primitives: ['SB_[A-Z0-9]+'],
    naming: null,
    registeredProducts: null,
  },
  place,
  placedBy: null,
  netlist: {
    library: 'ice40',
    ownModels: false,
    // the library gives some pins a default, in a syntax that Verilator 5.006 does not read; so the defaults are left
    // away and an open pin is an error
    flags: ['-DNO_ICE40_DEFAULT_ASSIGNMENTS', '-Werror-PINMISSING', '-Wno-TIMESCALEMOD'],
  },
  fusesoc: { flow: 'icestorm', synthesisOptions: ['-dsp'] },
};
