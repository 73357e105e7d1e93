import { type Device, findDevice } from '../../accelerator/resources/devices.js';
import type { CellCounts } from '../report/parse-stat.js';
import { ECPPACK, ICEPACK, NEXTPNR_ECP5, NEXTPNR_ICE40 } from '../tools/tool-specs.js';
import type { ToolSpec } from '../tools/tools.js';

/** What a netlist takes of a device. */
export interface DeviceUse {
  readonly luts: number;
  readonly registers: number;
  readonly multipliers: number;
  readonly blockRams: number;
  readonly singlePortRams: number;
}

/** How the tools treat a family of devices. */
export interface FpgaFamily {
  readonly name: 'ecp5' | 'ice40';
  /** The device of a name, or the default one. @throws UserError DEVICE */
  readonly device: (name: string | undefined) => Device;
  readonly packageOf: (device: string) => string;
  /** Clock that the placer aims at where none is asked for, MHz. */
  readonly clockMHz: number;
  readonly nextpnr: ToolSpec;
  readonly packer: ToolSpec;
  /** Options of nextpnr that choose the device. */
  readonly deviceOptions: (device: string) => readonly string[];
  /** Option of nextpnr for its configuration text, the end of that file, and of the bitstream. */
  readonly text: readonly [option: string, ending: string];
  readonly bitstream: string;
  /** What nextpnr calls the resources of a device. */
  readonly resources: Readonly<Record<string, string>>;
  readonly use: (cells: CellCounts) => DeviceUse;
}

const ECP5_SIZES: Readonly<Record<string, string>> = {
  'LFE5U-12F': '--12k',
  'LFE5U-25F': '--25k',
  'LFE5U-45F': '--45k',
  'LFE5U-85F': '--85k',
};

export const ECP5: FpgaFamily = {
  name: 'ecp5',
  device: (name = 'LFE5U-85F') => findDevice('ecp5', name),
  packageOf: () => 'CABGA381',
  clockMHz: 100,
  nextpnr: NEXTPNR_ECP5,
  packer: ECPPACK,
  deviceOptions: (device) => [
    ECP5_SIZES[device] as string,
    ...['--speed', '6', '--lpf-allow-unconstrained'],
  ],
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
  // A carry cell takes two LUTs, a distributed RAM of 16 x 4 bits four, and two more for its write port.
  use: (cells) => ({
    luts: sum(cells, { LUT4: 1, CCU2C: 2, TRELLIS_DPR16X4: 6 }),
    registers: sum(cells, { TRELLIS_FF: 1 }),
    multipliers: sum(cells, { MULT18X18D: 1 }),
    blockRams: sum(cells, { DP16KD: 1, PDPW16KD: 1 }),
    singlePortRams: 0,
  }),
};

const ICE40_PACKAGES: Readonly<Record<string, string>> = {
  UP5K: 'sg48',
  HX1K: 'tq144',
  HX4K: 'tq144',
  HX8K: 'ct256',
  LP8K: 'cm225',
};

export const ICE40: FpgaFamily = {
  name: 'ice40',
  device: (name = 'UP5K') => findDevice('ice40', name),
  packageOf: (device) => ICE40_PACKAGES[device] as string,
  clockMHz: 12,
  nextpnr: NEXTPNR_ICE40,
  packer: ICEPACK,
  deviceOptions: (device) => [`--${device.toLowerCase()}`, '--pcf-allow-unconstrained'],
  text: ['--asc', '.asc'],
  bitstream: '.bin',
  resources: {
    ICESTORM_LC: 'logic cells (a LUT and a register each)',
    ICESTORM_RAM: 'block RAMs',
    ICESTORM_DSP: 'multipliers',
    ICESTORM_SPRAM: 'single-port RAMs',
    SB_IO: 'pins',
  },
  use: (cells) => ({
    luts: sum(cells, { SB_LUT4: 1 }),
    registers: Object.entries(cells).reduce((n, [t, k]) => (t.startsWith('SB_DFF') ? n + k : n), 0),
    multipliers: sum(cells, { SB_MAC16: 1 }),
    blockRams: sum(cells, {
      SB_RAM40_4K: 1,
      SB_RAM40_4KNR: 1,
      SB_RAM40_4KNW: 1,
      SB_RAM40_4KNRNW: 1,
    }),
    singlePortRams: sum(cells, { SB_SPRAM256KA: 1 }),
  }),
};

function sum(cells: CellCounts, weights: Readonly<Record<string, number>>): number {
  return Object.entries(weights).reduce((n, [type, w]) => n + w * (cells[type] ?? 0), 0);
}
