import { FAMILIES } from '../../devices/registry.js';

/** Primitives in the names that Yosys' `autoname` gives to cells and nets behind a signal. */
const PRIMITIVE = new RegExp(
  `_(${FAMILIES.flatMap(({ synthesis }) => synthesis.primitives).join('|')})(_.*|$)`,
);

/**
 * Signal of the Verilog that a cell or net of a mapped design was named after:
 * `u_core.u_cells.sum_LUT4_Z_3` is `u_core.u_cells.sum`.
 */
export function signalName(name: string): string {
  return name.replace(PRIMITIVE, '');
}
