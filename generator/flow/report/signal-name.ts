/** Primitives in the names that Yosys' `autoname` gives to cells and nets behind a signal. */
const PRIMITIVE =
  /_(LUT4|PFUMX|L6MUX21|CCU2C|DP16KD|PDPW16KD|MULT18X18D|TRELLIS_[A-Z0-9]+|SB_[A-Z0-9]+)(_.*|$)/;

/**
 * Signal of the Verilog that a cell or net of a mapped design was named after:
 * `u_core.u_cells.sum_LUT4_Z_3` is `u_core.u_cells.sum`.
 */
export function signalName(name: string): string {
  return name.replace(PRIMITIVE, '');
}
