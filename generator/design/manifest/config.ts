import { z } from 'zod';
import {
  ARRAYS,
  BUSES,
  EMITS,
  LOAD_BITS,
  ORDERS,
  PIPELINES,
  PROTECTIONS,
  VERILOG_STYLES,
  WEIGHTS,
} from '../../accelerator/index.js';
import type { MacroList } from '../../devices/macros/macro.js';
import { macroListSchema } from './macro-list.js';

/**
 * What a design is built with: the default export of a `--config` file. Everything is optional; options of
 * the command line override it.
 */
export interface DesignConfig {
  /** Multipliers of the MAC array, of each engine. */
  readonly macs?: number | undefined;
  /** Engines in a chain, which share the layers out; all other numbers are those of each. Default 1. */
  readonly engines?: number | undefined;
  /** Row slices of the array: one for each gate of a cell (default) or more, or fewer, which take the gates in turn. */
  readonly slices?: number | undefined;
  /** Cells updated per cycle; by default as many as keep the array from waiting, up to a cost limit. */
  readonly cellLanes?: number | undefined;
  /**
   * Cycles from one cell to the next: 1 (default), or 18 or more (of other pipelines fewer) for one time-multiplexed lane: one gate sum and
   * one table, which take its gates one after another. For the smallest devices.
   */
  readonly cellCycles?: number | undefined;
  /** Values per beat of both streams; by default the fewest that never bound a frame. */
  readonly streamLanes?: number | undefined;
  /** Row groups whose sums can wait for their other half. */
  readonly sumSlots?: number | undefined;
  /** Words of one weight ROM, a power of two; deeper banks are rows of ROMs. Default 2048. */
  readonly bankWords?: number | undefined;
  /** Bits by which the binary points of models put on the design later may differ; default 2. */
  readonly headroom?: number | undefined;
  /** Rows and columns of a tile: what one gate of one row group takes in a cycle. */
  readonly tileRows?: number | undefined;
  readonly tileColumns?: number | undefined;
  /**
   * Outputs leave of every frame (default), or only of frames that are marked as the last of an utterance, by the second bit of
   * `s_axis_tuser`.
   */
  readonly emit?: 'every' | 'last' | undefined;
  /**
   * All layers of a frame before the next one (default), or whole utterances, all frames of a layer before the next layer: what a
   * network with layers that run backward needs.
   */
  readonly order?: 'frames' | 'sequence' | undefined;
  /** Most frames of an utterance, with the order `sequence`. */
  readonly maxFrames?: number | undefined;
  /** Independent streams of frames, by `tid`: layers take turns on a frame of each. Default 1. */
  readonly streams?: number | undefined;
  /**
   * Registers of the pipeline: deep (default) for the fastest clock, balanced with about half of them, short with as few as a
   * synchronous design has, for slow clocks and small networks.
   */
  readonly pipeline?: 'deep' | 'balanced' | 'short' | undefined;
  /** Row groups of the array that end together, or with a queue of rows each; by default whichever suits the patterns. */
  readonly array?: 'sets' | 'queues' | undefined;
  /** Where the model lies: in ROMs that are made with the design (default), or in memories that a load fills when it runs. */
  readonly weights?: 'rom' | 'loaded' | undefined;
  /** Bits of a beat of the load port, with loaded weights; default 32. */
  readonly loadBits?: 8 | 16 | 32 | undefined;
  /** Models that are kept at once, with loaded weights; default 1. */
  readonly residents?: number | undefined;
  /**
   * Check bits of each word that the model puts on the design: none (default), a parity bit, which tells of one flipped bit, or a SECDED
   * code, which puts one right and tells of two.
   */
  readonly protect?: 'none' | 'parity' | 'secded' | undefined;
  /** Files of other compressed models that the design has to hold as well. */
  readonly fit?: readonly string[] | undefined;
  /** Registers for a processor beside the streams: none (default), or behind an AXI4-Lite slave. */
  readonly bus?: 'none' | 'axi4lite' | undefined;
  /** They can read and write h and c while no frame is in the core, so that a device can sleep and go on. */
  readonly busStates?: boolean | undefined;
  /** Verilog with parameters (default), or with numbers in their place. */
  readonly style?: 'parameterized' | 'specialised' | undefined;
  /** Hidden units stay in the order of the network, also where another one saves cycles. */
  readonly keepOrder?: boolean | undefined;
  /** Macros of a chip that memories are made of; default none. `hcgs generate --macros` reads them from a file. */
  readonly macros?: MacroList | undefined;
  /** Name of the design, and so of its top module. */
  readonly name?: string | undefined;
}

const count = z.int().min(1).optional();

export const designConfigSchema = z.strictObject({
  macs: count,
  engines: count,
  slices: z.int().min(1).max(4).optional(),
  cellLanes: count,
  cellCycles: count,
  streamLanes: count,
  sumSlots: count,
  bankWords: count,
  headroom: z.int().min(0).optional(),
  tileRows: count,
  tileColumns: count,
  emit: z.enum(EMITS).optional(),
  order: z.enum(ORDERS).optional(),
  maxFrames: count,
  streams: count,
  pipeline: z.enum(PIPELINES).optional(),
  array: z.enum(ARRAYS).optional(),
  weights: z.enum(WEIGHTS).optional(),
  loadBits: z.literal(LOAD_BITS).optional(),
  residents: count,
  protect: z.enum(PROTECTIONS).optional(),
  fit: z.array(z.string()).optional(),
  bus: z.enum(BUSES).optional(),
  busStates: z.boolean().optional(),
  style: z.enum(VERILOG_STYLES).optional(),
  keepOrder: z.boolean().optional(),
  macros: macroListSchema.optional(),
  name: z.string().optional(),
});
