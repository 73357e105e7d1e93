import type { ChipMemories } from '../accelerator/index.js';
import type { Progress } from '../base/progress.js';
import type { Activity } from '../design/manifest/activity.js';
import type { Device } from '../devices/family.js';
import type { MacroList } from '../devices/macros/macro.js';
import type { FlowReport } from './report/report.js';

/** A design directory, as far as the flow needs to know it. */
export interface FlowDesign {
  readonly directory: string;
  /** Name of the design and of its top module. */
  readonly name: string;
  /** Bits that its memories hold. */
  readonly memoryBits: number;
  /** Its memories as macros, and the blocks around them. Described anew at each call. */
  readonly chip: () => ChipMemories;
}

/** How much work place and route get. */
export const EFFORTS = ['normal', 'high'] as const;
export type Effort = (typeof EFFORTS)[number];

/** What a user chooses; undefined: the default of the target. */
export interface FlowOptions {
  readonly device?: string | undefined;
  readonly package?: string | undefined;
  /** Clock that has to be reached. */
  readonly clockMHz?: number | undefined;
  readonly seed: number;
  readonly effort: Effort;
  /** Yosys commands between reading the design and mapping it, for a device; empty: none. */
  readonly choices: (device: Device) => string;
  /** Liberty files of a chip: its standard cells first, then memory macros. */
  readonly liberty?: readonly string[] | undefined;
  /** Liberty file in place of the one of the design for memory macros that no other has. */
  readonly macros?: string | undefined;
  /** Further corners that a chip is timed in. */
  readonly corners?: readonly Corner[] | undefined;
  /** What macros do in a frame, for the energy of one. */
  readonly measured?: MeasuredUse | undefined;
  /** No place and route. */
  readonly synthesisOnly: boolean;
}

/** What the macros of a design do in a frame, and the list that says what their pins are for. */
export interface MeasuredUse {
  readonly activity: Activity;
  readonly list: MacroList;
}

/** Liberty files of the cells and macros of a chip at another voltage and temperature. */
export interface Corner {
  readonly name: string;
  /** Standard cells first, then memory macros. */
  readonly liberty: readonly string[];
}

/** Synthesis of a design, and place and route where the target has them. */
export type RunTarget = (
  design: FlowDesign,
  options: FlowOptions,
  progress: Progress,
) => Promise<FlowReport>;
