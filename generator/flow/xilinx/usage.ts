import type { DeviceUse } from '../fpga/fpga-family.js';

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

/**
 * Adds up the primitives of a netlist that `synth_xilinx -family xc7` of Yosys made. Block RAMs in RAMB36E1; a RAMB18E1
 * is half of one.
 */
export function xilinxUsage(cells: Readonly<Record<string, number>>): DeviceUse {
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
