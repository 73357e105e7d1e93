import type { Product } from './logic-rules.js';
import type { ToolSpec } from './tool.js';

/** A file of a design that a family alone has: a template of templates/, and what it is filled with. */
export interface TemplateFile {
  /** In the design directory. */
  readonly path: string;
  readonly template: string;
  readonly context: object;
}

/**
 * Rough seconds of a tool: to start, and for each LUT that is predicted. Lines through the processor time of Yosys 0.23 and
 * nextpnr (0.4 for iCE40, 0.11 in WebAssembly for ECP5) on one core of a cloud machine, for designs of 1,600 to 8,400 LUTs.
 */
export interface ToolSeconds {
  readonly start: number;
  readonly perLut: number;
}

/** How Yosys maps a design to the family. */
export interface Synthesis {
  readonly seconds: ToolSeconds;
  /** Command for the design, and for what is put around it for place and route; null: nothing is. */
  readonly command: string;
  readonly padsCommand: string | null;
  /** Command that names cells after the signals around them, where the others do not do that by themselves. */
  readonly naming: string | null;
  /** Primitives that may stand in names of its netlists, behind the signal; parts of a regular expression. */
  readonly primitives: readonly string[];
  /**
   * For a family whose multipliers Yosys leaves without their output registers: flow/NAME_products.v, products with the
   * register behind them as they are looked for, and flow/NAME_multipliers.v, what is put in their place. Null:
   * Yosys puts registers into multipliers by itself.
   */
  readonly registeredProducts:
    | ((design: string, products: readonly Product[]) => readonly TemplateFile[])
    | null;
}

/** Place and route by nextpnr, and a bitstream. */
export interface PlaceAndRoute {
  /** Of one seed. */
  readonly seconds: ToolSeconds;
  /** Clock that the placer aims at where none is asked for, MHz. */
  readonly clockMHz: number;
  readonly nextpnr: ToolSpec;
  readonly packer: ToolSpec;
  /** Option of nextpnr that names a device, and options for every one. */
  readonly deviceFlag: (device: string) => string;
  readonly options: readonly string[];
  /** Package that is taken where none is named. */
  readonly packageOf: (device: string) => string;
  /** Option of nextpnr for its configuration text, the end of that file, and of the bitstream. */
  readonly text: readonly [option: string, ending: string];
  readonly bitstream: string;
  /** What nextpnr calls the resources of a device. */
  readonly resources: Readonly<Record<string, string>>;
  /** For the page of a design's flow and the help of commands. */
  readonly words: {
    readonly tools: string;
    readonly devices: string;
    readonly packages: string;
    /** The most usual of `packageOf`. */
    readonly usualPackages: readonly string[];
  };
}

/** How a netlist is simulated by Verilator. */
export interface NetlistSimulation {
  /** Folder of the cell models among the files of Yosys. */
  readonly library: string;
  /** tb/cells/NAME has models of cells of which Yosys ships only a black box. */
  readonly ownModels: boolean;
  readonly flags: readonly string[];
}

/** Target of a design's FuseSoC description. */
export interface FusesocTarget {
  readonly flow: string;
  readonly synthesisOptions: readonly string[];
}
