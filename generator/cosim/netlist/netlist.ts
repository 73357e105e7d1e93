/** Targets whose netlist can be simulated. */
export const NETLIST_TARGETS = ['ecp5', 'ice40', 'generic'] as const;
export type NetlistTarget = (typeof NETLIST_TARGETS)[number];

/** A synthesised design, as it is handed to the co-simulation. */
export interface Netlist {
  readonly target: NetlistTarget;
  /** Where it is, for messages and reports. */
  readonly file: string;
  /** Verilog of the cells and what connects them; the top module has the name and the ports of the design. */
  readonly verilog: string;
  /** What made it, e.g. `yosys 0.23`. */
  readonly synthesizer: string;
  /** The simulation models of the target's cells that came with the synthesis tool; null where gates are expressions. */
  readonly cellLibrary: string | null;
}
