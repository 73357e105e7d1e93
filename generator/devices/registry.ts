import { ECP5 } from './ecp5.js';
import type { FpgaFamily } from './family.js';
import { ICE40 } from './ice40.js';
import { XILINX } from './xilinx.js';

/** Every family of FPGAs, in the order in which commands and documents name them: a new one is a line here. */
export const FAMILIES: readonly FpgaFamily[] = [ECP5, ICE40, XILINX];
