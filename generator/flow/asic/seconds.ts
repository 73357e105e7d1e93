import type { ToolSeconds } from '../../devices/flow-rules.js';

/** Rough seconds of Yosys and ABC for standard cells, for each LUT that an FPGA would take: see `ToolSeconds`. */
export const CELL_SECONDS: ToolSeconds = { start: 0, perLut: 0.006 };
