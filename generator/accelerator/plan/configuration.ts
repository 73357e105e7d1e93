import type { WordLengths } from '../../network/model.js';

/** One level of the index decoder. */
export interface LevelConfiguration {
  /** Bits of one stored block number. */
  readonly indexBits: number;
  /** Words of the index ROM. */
  readonly depth: number;
  /** Block numbers in one word: distinct block rows (and masks) that are walked at the same time. */
  readonly copies: number;
  /** Most blocks kept in a block row. */
  readonly keepMost: number;
  /** Bits of the distance between neighbouring blocks, in activation words. */
  readonly strideBits: number;
  /** Bits of the count of row groups that share one block row. */
  readonly repeatBits: number;
}

/**
 * Everything the emitted Verilog depends on: each number becomes a parameter or fixes the structure. Models
 * that fit these numbers run on the same Verilog with new ROM images.
 */
export interface Configuration {
  readonly name: string;
  readonly words: WordLengths;
  /** Rows and columns of one tile: taken in one cycle, for each gate. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Row groups (of `tileRows` rows) in parallel. */
  readonly rowGroups: number;
  /** Cells updated at once. */
  readonly cellLanes: number;
  /** Cycles from one update to the next: 1, or TURN_CYCLES where the gates of a cell take turns. */
  readonly cellCycles: number;
  /** Values per beat of either stream. */
  readonly streamLanes: number;
  /** Row groups whose ready half can wait for the other one. */
  readonly sumSlots: number;
  /** Separate masks per gate: every gate has its own activation address. */
  readonly perGate: boolean;
  /** Consecutive row groups that always share one activation address. */
  readonly streamShare: number;
  readonly levels: readonly LevelConfiguration[];
  /** Words of the layer table: LSTM layers and the output layer. */
  readonly layers: number;
  /** Most row group sets in one layer. */
  readonly groups: number;
  /** Most tiles in one innermost block. */
  readonly innerMost: number;
  readonly weightDepth: number;
  /** Words of one weight ROM, a power of two: a deeper bank is a row of ROMs. */
  readonly bankWords: number;
  readonly biasDepth: number;
  readonly cellDepth: number;
  /** Wide words of one x buffer and of one h buffer (see act_memory). */
  readonly xRows: number;
  readonly hRows: number;
  readonly outRows: number;
  readonly inputBeats: number;
  readonly outputBeats: number;
  /** Outputs come from a fully connected layer (sums) or from the last LSTM layer (h). */
  readonly outputLayer: boolean;
  readonly accumulatorBits: number;
  readonly sumBits: number;
  readonly shiftXMost: number;
  readonly shiftHMost: number;
  readonly shiftBiasMost: number;
  /** Largest rounding shift from a gate sum to the table input. */
  readonly roundMost: number;
  /** Finest and coarsest binary point of c; the finest is at least that of the tables. */
  readonly cellPointMost: number;
  readonly cellPointLeast: number;
  readonly style: VerilogStyle;
}

/** Modules with parameters, or with the numbers of this configuration in their place. */
export const VERILOG_STYLES = ['parameterized', 'specialised'] as const;
export type VerilogStyle = (typeof VERILOG_STYLES)[number];

/**
 * Parallel row slices of the array. They are the gates of a row where a pass has that many, and neighbouring rows where it has
 * one gate.
 */
export const SLICES = 4;

/** Distinct activation addresses per cycle = copies of the activation memories. */
export function addressStreams(c: Configuration): number {
  return (c.rowGroups / c.streamShare) * (c.perGate ? SLICES : 1);
}

/** Cells (rows of each gate) that one row group set holds. */
export function cellsPerGroup(c: Pick<Configuration, 'rowGroups' | 'tileRows'>): number {
  return c.rowGroups * c.tileRows;
}

/** Cycles in which the cell lanes take one row group set. */
export function stepsPerGroup(
  c: Pick<Configuration, 'rowGroups' | 'tileRows' | 'cellLanes'>,
): number {
  return cellsPerGroup(c) / c.cellLanes;
}

/** Multipliers of the array. */
export function multipliers(
  c: Pick<Configuration, 'rowGroups' | 'tileRows' | 'tileColumns'>,
): number {
  return SLICES * c.rowGroups * c.tileRows * c.tileColumns;
}

/** Whether the four gates of a cell go through one gate sum and one table, one after another. */
export function gatesTakeTurns({ cellCycles }: Pick<Configuration, 'cellCycles'>): boolean {
  return cellCycles > 1;
}

/** Lanes that the output buffer takes per write. */
export function outputWriteLanes(
  c: Pick<Configuration, 'outputLayer' | 'cellLanes' | 'cellCycles'>,
): number {
  return c.outputLayer && !gatesTakeTurns(c) ? SLICES * c.cellLanes : c.cellLanes;
}

/** Bits of one output value. */
export function outputBits(c: Configuration): number {
  return c.outputLayer ? c.sumBits : c.words.activation;
}

/** Bits of one value on a stream: sign-extended to whole bytes. */
export function byteBits(bits: number): number {
  return Math.ceil(bits / 8) * 8;
}

/**
 * Rows of an activation memory with both buffers, rounded up to a power of two: padding columns are read beyond
 * the last buffer (their weights are zero), and every address they can have must be a word.
 */
export function activationRows(rows: number): number {
  return 2 ** Math.ceil(Math.log2(2 * rows));
}

/** max(1, ceil(log2(depth))): bits of an address or a counter, as `indexBits` of the eDSL. */
export function bitsOf(depth: number): number {
  return Math.max(1, Math.ceil(Math.log2(Math.max(1, depth))));
}

/** One ROM of a weight bank. */
export interface WeightRom {
  /** `2` of bank 2, `2_0` where the bank has several ROMs: in names of instances, parameters and images. */
  readonly name: string;
  readonly bank: number;
  /** Number of the ROM in its bank. */
  readonly part: number;
  readonly words: number;
}

/** ROMs of all weight banks: one bank per parallel row group, lowest addresses first. */
export function weightRoms(
  c: Pick<Configuration, 'rowGroups' | 'weightDepth' | 'bankWords'>,
): readonly WeightRom[] {
  const parts = Math.ceil(c.weightDepth / c.bankWords);
  return Array.from({ length: c.rowGroups * parts }, (_, n) => {
    const [bank, part] = [Math.floor(n / parts), n % parts];
    const words = Math.min(c.bankWords, c.weightDepth - part * c.bankWords);
    return { name: parts === 1 ? `${bank}` : `${bank}_${part}`, bank, part, words };
  });
}
