import { UserError } from '../../base/errors.js';

/** Families of devices whose resources are predicted. */
export const FAMILIES = ['ecp5', 'ice40', 'xilinx'] as const;
export type Family = (typeof FAMILIES)[number];

/** What a device has; packages do not matter here. */
export interface Device {
  /** As its maker writes it, and as `--device` takes it in any case. */
  readonly name: string;
  readonly family: Family;
  /** Look-up tables: of 4 inputs (ECP5, iCE40) or 6 (Xilinx). */
  readonly luts: number;
  readonly registers: number;
  /** DP16KD of 18 Kbit, SB_RAM40_4K of 4 Kbit, or RAMB36E1 of 36 Kbit, each of which is two RAMB18E1. */
  readonly blockRams: number;
  /** MULT18X18D, SB_MAC16 or DSP48E1. */
  readonly multipliers: number;
  /** SB_SPRAM256KA of 256 Kbit; none outside of iCE40 UltraPlus. */
  readonly singlePortRams: number;
}

const device =
  (family: Family) =>
  (
    name: string,
    luts: number,
    registers: number,
    blockRams: number,
    multipliers: number,
    singlePortRams = 0,
  ): Device => ({ name, family, luts, registers, blockRams, multipliers, singlePortRams });

const ecp5 = device('ecp5');
const ice40 = device('ice40');
const xilinx = device('xilinx');

/**
 * Devices of each family, the smallest first. Sources:
 * ECP5: Lattice FPGA-DS-02012 (ECP5 and ECP5-5G family data sheet), table 1.1, with the LUTs to the last one as
 * nextpnr-ecp5 counts them; the LFE5U-12F is half of the LFE5U-25F in LUTs, with the same multipliers.
 * iCE40: Lattice FPGA-DS-02029 (LP/HX family), table 1.1, and FPGA-DS-02008 (UltraPlus family), table 1.1. The HX4K
 * is counted as sold; the open tools use all of its die, which is that of the HX8K.
 * 7 series: AMD DS180 (7 series overview), tables 4 and 6, and DS190 (Zynq-7000 overview), table 1: a slice has four
 * LUTs and eight registers.
 */
export const DEVICES: readonly Device[] = [
  ecp5('LFE5U-12F', 12_144, 12_144, 32, 28),
  ecp5('LFE5U-25F', 24_288, 24_288, 56, 28),
  ecp5('LFE5U-45F', 43_848, 43_848, 108, 72),
  ecp5('LFE5U-85F', 83_640, 83_640, 208, 156),
  ice40('HX1K', 1_280, 1_280, 16, 0),
  ice40('HX4K', 3_520, 3_520, 20, 0),
  ice40('UP5K', 5_280, 5_280, 30, 8, 4),
  ice40('LP8K', 7_680, 7_680, 32, 0),
  ice40('HX8K', 7_680, 7_680, 32, 0),
  xilinx('XC7A35T', 20_800, 41_600, 50, 90),
  xilinx('XC7Z020', 53_200, 106_400, 140, 220),
  xilinx('XC7A100T', 63_400, 126_800, 135, 240),
  xilinx('XC7K325T', 203_800, 407_600, 445, 840),
];

/** Devices of a family, the smallest first. */
export function devicesOf(family: Family): readonly Device[] {
  return DEVICES.filter((d) => d.family === family);
}

/**
 * A device by its name in any case, of one family or of any.
 * @throws UserError DEVICE with the names of those that are known.
 */
export function findDevice(family: Family | null, name: string): Device {
  const known = family === null ? DEVICES : devicesOf(family);
  const found = known.find((d) => d.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = known.map((d) => d.name).join(', ');
  throw new UserError({
    code: 'DEVICE',
    message: `no ${family === null ? '' : `${family} `}device ${name}; known are ${names}`,
    field: '--device',
    expected: names,
    got: name,
  });
}
