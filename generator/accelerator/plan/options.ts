import { unexpected } from '../../base/errors.js';
import type { MacroList } from '../../devices/macros/macro.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { fewestCyclesOf, laneCellsOf } from '../cell/units.js';
import { type Pipeline, pipelined } from '../pipeline/registers.js';
import {
  type Bus,
  bitsOf,
  type Configuration,
  type Emit,
  type Order,
  type PROTECTIONS,
  type VerilogStyle,
  type Weights,
} from './configuration.js';

/** What a user may fix; everything else is chosen by the schedule model. */
export interface DesignOptions {
  readonly name: string;
  /**
   * Row slices of the array, 1 to 4: as many as a cell of the network has gates at most, which is usual, or more of them; or fewer,
   * which take the gates in turn.
   */
  readonly slices?: number | undefined;
  /** Multipliers of the array; default 64. */
  readonly macs?: number | undefined;
  readonly cellLanes?: number | undefined;
  /** Cycles from one cell to the next: 1 (default), or as many as a cell has gates at least for one time-multiplexed lane. */
  readonly cellCycles?: number | undefined;
  readonly streamLanes?: number | undefined;
  readonly sumSlots?: number | undefined;
  /** Words of one weight ROM; deeper banks are rows of ROMs. Default 2048. */
  readonly bankWords?: number | undefined;
  readonly tileRows?: number | undefined;
  readonly tileColumns?: number | undefined;
  /** Bits by which the binary points of models put on the design later may differ; default 2. */
  readonly headroom?: number | undefined;
  /** Of which frames the outputs leave; default every. */
  readonly emit?: Emit | undefined;
  /** All layers of a frame, or all frames of a layer; default frames. */
  readonly order?: Order | undefined;
  /** Most frames of an utterance, in the order of sequences. */
  readonly maxFrames?: number | undefined;
  /** Independent streams of frames, in the order of frames; default 1. */
  readonly streams?: number | undefined;
  /** Registers of the pipeline; default deep. */
  readonly pipeline?: Pipeline | undefined;
  /** Of the Verilog; default parameterized. */
  readonly style?: VerilogStyle | undefined;
  /** Row groups that end together, or with queues of rows; default: whatever suits the patterns. */
  readonly array?: ArrayKind | undefined;
  /** In ROMs, or loaded when the design runs; default ROMs. */
  readonly weights?: Weights | undefined;
  /** Bits of a beat of the load port, with loaded weights; default 32. */
  readonly loadBits?: number | undefined;
  /** Models that are kept at once, with loaded weights; default 1. */
  readonly residents?: number | undefined;
  /** Other models that the design has to hold, in the order of their hidden units. */
  readonly fit?: readonly FitModel[] | undefined;
  /** Check bits of each word that a model puts on the design; default none. */
  readonly protect?: (typeof PROTECTIONS)[number] | undefined;
  /** Registers for a processor; default none. */
  readonly bus?: Bus | undefined;
  /** They reach h and c while no frame is in the core. */
  readonly busStates?: boolean | undefined;
  /** Hidden units stay in the order of the model. */
  readonly keepOrder?: boolean | undefined;
  /** Macros of a chip for the memories; default none. */
  readonly macros?: MacroList | undefined;
}

/** A model that a design has to hold beside the one that it is planned for, and the file that it is from. */
export interface FitModel {
  readonly model: Model;
  readonly file?: string;
}

/** How row groups of the array take their rows: those of a set together, or each from a queue of its own. */
export const ARRAYS = ['sets', 'queues'] as const;
export type ArrayKind = (typeof ARRAYS)[number];

/** Largest tile side, row groups in parallel, cell lanes and their cycles, stream lanes and sum slots. */
export const LIMITS = {
  tile: 16,
  rowGroups: 16,
  macs: 1024,
  slices: 4,
  cellLanes: 16,
  cellCycles: 256,
  streamLanes: 64,
  sumSlots: 16,
  maxFrames: 65536,
  streams: 16,
  residents: 16,
};

/** How frames and layers follow each other. */
export type InTime = Pick<Configuration, 'order' | 'maxFrames' | 'streams'>;

/**
 * The order of frames and layers, as a configuration has it.
 * @throws UserError DESIGN_OPTION where utterances have no number of frames, or frames have one.
 */
export function orderInTime({
  order = 'frames',
  maxFrames,
  streams = 1,
}: Pick<DesignOptions, 'order' | 'maxFrames' | 'streams'>): InTime {
  checkRange('maxFrames', maxFrames, 1, LIMITS.maxFrames);
  checkRange('streams', streams, 1, LIMITS.streams);
  if (streams > 1 && order === 'sequence') {
    refuse('streams', '1 with --order sequence, which hides the drain by itself', streams);
  }
  if (order === 'frames') {
    if (maxFrames === undefined) return streams === 1 ? {} : { streams };
    throw unexpected({
      code: 'DESIGN_OPTION',
      field: '--max-frames',
      expected: 'no such option, or --order sequence beside it',
      got: maxFrames,
    });
  }
  if (maxFrames !== undefined) return { order, maxFrames };
  throw unexpected({
    code: 'DESIGN_OPTION',
    field: '--max-frames',
    expected: 'the most frames of an utterance, as --order sequence stores it whole',
    got: 'none',
  });
}

/** @throws UserError DESIGN_OPTION for cycles that no lane takes. */
export function checkCellCycles(
  model: Model,
  { cellCycles = 1, cellLanes = 1, pipeline }: DesignOptions,
): void {
  if (cellCycles === 1) return;
  const cells = laneCellsOf(programOf(model).passes);
  const least = fewestCyclesOf({ cells, ...pipelined(pipeline) });
  if (least === null) {
    const expected = `1 with layers of ${cells.join(' and ')}, whose lanes take all gates at once`;
    refuse('cellCycles', expected, cellCycles);
  }
  if (!Number.isInteger(cellCycles) || cellCycles < least || cellCycles > LIMITS.cellCycles) {
    refuse('cellCycles', `1, or ${least} ... ${LIMITS.cellCycles}`, cellCycles);
  }
  if (cellLanes > 1) refuse('cellLanes', `1 with --cell-cycles ${cellCycles}`, cellLanes);
}

/** @throws UserError DESIGN_OPTION for a number that is no power of two. */
export function checkPower(option: string, value: number | undefined): void {
  if (
    value === undefined ||
    (Number.isInteger(value) && value >= 1 && 2 ** bitsOf(value) % value === 0)
  ) {
    return;
  }
  refuse(option, 'a power of two', value);
}

/** @throws UserError DESIGN_OPTION for a number outside of a range. */
export function checkRange(
  option: string,
  value: number | undefined,
  least: number,
  most: number,
): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  refuse(option, `${least} ... ${most}`, value);
}

/** @throws UserError DESIGN_OPTION */
export function refuse(option: string, expected: string, got: number): never {
  const field = `--${option.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
  throw unexpected({ code: 'DESIGN_OPTION', field, expected, got });
}
