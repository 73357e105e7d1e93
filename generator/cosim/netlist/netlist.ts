import { FAMILIES } from '../../devices/registry.js';

/** Targets whose netlist can be simulated; `generic`: gates as expressions. */
export const NETLIST_TARGETS: readonly string[] = [
  ...FAMILIES.filter(({ netlist }) => netlist !== null).map(({ name }) => name),
  'generic',
];

/** A synthesised design, as it is handed to the co-simulation. */
export interface Netlist {
  /** Out of `NETLIST_TARGETS`. */
  readonly target: string;
  /** Where it is, for messages and reports. */
  readonly file: string;
  /** Verilog of the cells and what connects them; the top module has the name and the ports of the design. */
  readonly verilog: string;
  /** What made it, e.g. `yosys 0.23`. */
  readonly synthesizer: string;
  /** The simulation models of the target's cells that came with the synthesis tool; null where gates are expressions. */
  readonly cellLibrary: string | null;
}
