import type { FrameEnergy } from './energy.js';

/** A step of a path: through a cell, or along a net. */
export interface PathSegment {
  /** As the tool calls it: clk-to-q, logic, routing, setup. */
  readonly kind: string;
  readonly delayNs: number;
  /** Cell and port, with the names of the Verilog in front. */
  readonly from: string;
  readonly to: string;
  /** That it goes along; of a chip, that the cell drives. Null: none with a name. */
  readonly net: string | null;
  /** Places in the Verilog that the net comes from, file:line.column. */
  readonly sources: readonly string[];
}

/** The slowest path from register to register. */
export interface CriticalPath {
  readonly delayNs: number;
  /** The registers or memories at its ends. */
  readonly from: string;
  readonly to: string;
  readonly segments: readonly PathSegment[];
}

/** What a block of the design takes. A block is an instance directly below the core. */
export interface BlockUse {
  readonly block: string;
  readonly luts: number | null;
  readonly registers: number;
  readonly multipliers: number | null;
  readonly blockRams: number | null;
  /** Area of its standard cells, µm²; null on an FPGA. */
  readonly cellArea: number | null;
}

/** A memory that a chip has as a macro. */
export interface MacroUse {
  readonly macro: string;
  readonly kind: 'rom' | 'ram';
  readonly words: number;
  readonly bits: number;
  /** Paths below the top, `u_core.u_cells.u_c`. */
  readonly instances: readonly string[];
  /** Of one, µm²: of its Liberty file, or of the list of macros; null: neither says it. */
  readonly area: number | null;
  /** No Liberty file that was named has it: its times are assumptions, or those of `--macros`. */
  readonly assumed: boolean;
}

/** The slowest path in a corner that a chip is timed in beside the one that it was mapped in. */
export interface CornerTiming {
  readonly corner: string;
  /** Name of the library of its standard cells. */
  readonly library: string;
  readonly fmaxMHz: number | null;
  readonly criticalPath: CriticalPath | null;
}

/** What a device has too little of. */
export interface Shortage {
  readonly resource: string;
  readonly needed: number;
  readonly available: number;
}

/** What every target reports; what a target does not have is null. */
export interface FlowReport {
  readonly target: string;
  readonly device: string | null;
  readonly package: string | null;
  /** Name and version of every tool that was used. */
  readonly tools: Readonly<Record<string, string>>;
  readonly fits: boolean;
  readonly shortages: readonly Shortage[];
  /** Of the design alone, as Yosys mapped it. */
  readonly luts: number | null;
  readonly registers: number | null;
  readonly multipliers: number | null;
  readonly blockRams: number | null;
  /** Single-port RAMs, of families that have them: their `singlePortRam`. */
  readonly singlePortRams: number | null;
  /** Bits that the memories of the design hold. */
  readonly memoryBits: number;
  /** What the device has of each. */
  readonly available: {
    readonly luts: number | null;
    readonly registers: number | null;
    readonly multipliers: number | null;
    readonly blockRams: number | null;
  };
  /** Cells by type. */
  readonly cells: Readonly<Record<string, number>>;
  readonly blocks: readonly BlockUse[];
  /** Memories left to macros; none on an FPGA. */
  readonly macros: readonly MacroUse[];
  readonly fmaxMHz: number | null;
  /** The clock that was asked for; null where none was. */
  readonly clockMHz: number | null;
  /** Seed of the run that is reported. */
  readonly seed: number | null;
  /** Area of the standard cells, µm². */
  readonly cellArea: number | null;
  /** Area of the macros that have one, µm²; null on an FPGA. */
  readonly macroArea: number | null;
  readonly criticalPath: CriticalPath | null;
  /** Of a chip, further corners. */
  readonly corners: readonly CornerTiming[];
  /** Of a chip, where its activity was measured. */
  readonly energy: FrameEnergy | null;
  /** What was written, relative to the design. */
  readonly files: readonly string[];
}

/** A report, and whether what was asked for was reached: the design fits, at the clock, in every corner. */
export function reached({ fits, fmaxMHz, clockMHz, corners }: FlowReport): boolean {
  const clocks = [fmaxMHz, ...corners.map((corner) => corner.fmaxMHz)];
  return fits && clocks.every((fmax) => clockMHz === null || fmax === null || fmax >= clockMHz);
}
