import { asicTarget } from './asic/target.js';
import { fpgaTarget } from './fpga/fpga.js';
import { ECP5, ICE40 } from './fpga/fpga-family.js';
import type { RunTarget } from './target.js';
import { xilinxTarget } from './xilinx/target.js';

/** Every target of `hcgs synth`. */
export const TARGETS = {
  ecp5: fpgaTarget(ECP5),
  ice40: fpgaTarget(ICE40),
  xilinx: xilinxTarget,
  asic: asicTarget,
} as const satisfies Readonly<Record<string, RunTarget>>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];
