import type { FusesocTarget, NetlistSimulation, PlaceAndRoute, Synthesis } from './flow-rules.js';
import type { LogicModel, MultiplierRules } from './logic-rules.js';
import type { MemoryRules } from './memory-rules.js';

/** What a device has; packages do not matter here. */
export interface DeviceSize {
  /** As its maker writes it, and as `--device` takes it in any case. */
  readonly name: string;
  /** Look-up tables of the size that the family has. */
  readonly luts: number;
  readonly registers: number;
  /** In those that the family is counted in: `memory.blockRam`. */
  readonly blockRams: number;
  readonly multipliers: number;
  readonly singlePortRams: number;
}

/** A device, and the family it is of. */
export interface Device extends DeviceSize {
  readonly family: FpgaFamily;
}

/** Cells of a netlist by their type. */
export type CellCounts = Readonly<Record<string, number>>;

/** What a netlist takes of a device. */
export interface DeviceUse {
  readonly luts: number;
  readonly registers: number;
  readonly multipliers: number;
  readonly blockRams: number;
  readonly singlePortRams: number;
}

/**
 * All there is to know about a family of FPGAs: data and pure functions. Resources, choices, files of a design's flow,
 * options, schemas and netlist targets follow from the records in registry.ts.
 */
export interface FpgaFamily {
  /** Name of the target in commands, files and reports; in capitals the prefix of its variables in flow/Makefile. */
  readonly name: string;
  /** In prose, with its maker and without. */
  readonly title: string;
  readonly shortTitle: string;
  /** The smallest first. */
  readonly devices: readonly DeviceSize[];
  /** Device of `hcgs synth` where none is named. */
  readonly defaultDevice: string;
  readonly memory: MemoryRules;
  readonly multiplier: MultiplierRules;
  readonly logic: LogicModel;
  /** What `singlePortRams` counts; null: no device has any. */
  readonly singlePortRam: string | null;
  /** What the cells of a netlist that Yosys mapped take of a device. */
  readonly use: (cells: CellCounts) => DeviceUse;
  readonly synthesis: Synthesis;
  /** Null: Yosys alone, and its maker's tool does the rest: `placedBy`. */
  readonly place: PlaceAndRoute | null;
  readonly placedBy: string | null;
  /** Null: no co-simulation of a netlist. */
  readonly netlist: NetlistSimulation | null;
  readonly fusesoc: FusesocTarget | null;
}

/** A family that is placed and routed here. */
export type PlacedFamily = FpgaFamily & { readonly place: PlaceAndRoute };

export function isPlaced(family: FpgaFamily): family is PlacedFamily {
  return family.place !== null;
}

/** The numbers of a device in the order in which data sheets are read. */
export function deviceSize(
  name: string,
  luts: number,
  registers: number,
  blockRams: number,
  multipliers: number,
  singlePortRams = 0,
): DeviceSize {
  return { name, luts, registers, blockRams, multipliers, singlePortRams };
}

/** Cells by type, each times its weight. */
export function weigh(cells: CellCounts, weights: Readonly<Record<string, number>>): number {
  return Object.entries(weights).reduce((n, [type, w]) => n + w * (cells[type] ?? 0), 0);
}
