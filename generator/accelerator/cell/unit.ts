import type { Port, TypedModule } from '../../hdl/index.js';
import type { TableFunction } from '../../network/cells/cell.js';
import type { Pipelined } from '../pipeline/registers.js';
import type { Configuration } from '../plan/configuration.js';
import type { ActivationTable } from './activation-table.js';

/** Stages of a lane, in cycles from its first table input. */
export interface LaneStages {
  /** The state of the cell must be at the port; null: it keeps none. */
  readonly stateRead: number | null;
  /** The new state, and the value, leave. */
  readonly state: number | null;
  readonly value: number;
}

/**
 * A lane: `clk`, `active` (bit n: the first u came n cycles ago), and `hidden`; where it
 * keeps a state `cell_now`, `cell_shift`, `cell_next`; where a value is held for the next pass `held_next` or `held_now`; and
 * the table inputs, `u_` and the name of the gate, or one `u` of a time-multiplexed lane.
 */
export type LaneModule = TypedModule<Readonly<Record<string, Port>>>;

/** Gates side by side, or one after another through one gate sum. */
export interface LaneKind {
  readonly stages: (c: Pipelined) => LaneStages;
  /** Fewest cycles from one cell to the next. */
  readonly cycles: (c: Pipelined) => number;
  /** Tables of one lane: what a memory holds, and how many there are of it. */
  readonly tables: readonly {
    readonly functions: readonly TableFunction[];
    readonly copies: number;
  }[];
  /** Multipliers of one lane, where they are fewer than those of the unit. */
  readonly multipliers?: number;
  /** Of lanes that round sums themselves: false, they work on them no earlier than on table inputs; absent: they do. */
  readonly early?: false;
  readonly module: (c: Configuration, table: ActivationTable) => LaneModule;
}

/** What a kind of cell brings to the hardware. */
export interface CellUnit {
  /** Of its lanes in a design that has others beside them. */
  readonly name: string;
  /** Ports of its sums, in the order of the channels: `u_` before one that a table gets, `s_` before one that it rounds itself. */
  readonly ports: readonly string[];
  /**
   * A value of a row that one pass leaves for the pass behind it: written with the state of the one, read with that of the
   * other. Absent: there is none.
   */
  readonly held?: 'written' | 'read';
  /** Multipliers of one lane, all gates at once. */
  readonly multipliers: number;
  /** What a lane costs beside multipliers of the array: its own, and logic worth as many more. */
  readonly cost: number;
  readonly atOnce: LaneKind;
  /** One gate after another through one gate sum and one table, one cell at a time. Null: the cell has no such lane. */
  readonly timeMultiplexed: LaneKind | null;
  /**
   * One gate after another as well, but a cell begins while those before it are under way: it has done with a gate in a cycle, and
   * waits for no other cell. Absent: the cell has no such lane.
   */
  readonly overlapped?: LaneKind;
}
