import type { MacroList } from '../../devices/macros/macro.js';
import { type CellKind, gatesIn } from '../../network/cells/registry.js';
import type { TableScheme, WordLengths } from '../../network/model.js';
import { schemeOf, TABLE_BITS } from '../../network/table-scheme.js';
import type { DecoderName } from '../decoder/names.js';
import type { Pipelined } from '../pipeline/registers.js';

/** What a decoder needs of a configuration; only the decoder of that kind reads the rest of it. */
export interface DecoderConfiguration {
  readonly kind: DecoderName;
}

/**
 * An array whose row groups each work through a queue of rows of their own, of any gate, without waiting for one another: sums go
 * to the lanes when all rows of an operand are through.
 */
export interface Queues {
  /** Cell lanes, each of which takes sums of its own row groups: rows of a step, and of a row group set. */
  readonly lanes: number;
}

/**
 * Everything the emitted Verilog depends on: each number becomes a parameter or fixes the structure. Models
 * that fit these numbers run on the same Verilog with new ROM images.
 */
export interface Configuration extends Pipelined {
  readonly name: string;
  readonly words: WordLengths;
  /**
   * Parallel row slices of the array. They are the gates of a row where a pass has more than one, and neighbouring rows
   * where it has one. An array of one slice takes the gates of a row group set in turn.
   */
  readonly slices: number;
  /** Rows and columns of one tile: taken in one cycle, for each slice. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Row groups (of `tileRows` rows) in parallel. */
  readonly rowGroups: number;
  /** Kinds of cells that the lanes update, in the order of the registry. */
  readonly cells: readonly CellKind[];
  /** Cells updated at once. */
  readonly cellLanes: number;
  /** Cycles from one update to the next: 1, or the cycles of a time-multiplexed lane. */
  readonly cellCycles: number;
  /** Values per beat of either stream. */
  readonly streamLanes: number;
  /** Row groups whose ready half can wait for the other one. */
  readonly sumSlots: number;
  /** Separate masks per gate: every gate has its own activation address. */
  readonly perGate: boolean;
  /** Consecutive row groups that always share one activation address. */
  readonly streamShare: number;
  /** Words of the layer table: passes of the program. */
  readonly layers: number;
  /** Most row group sets in one layer. */
  readonly groups: number;
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
  /** Outputs come from a fully connected layer (sums) or from the last recurrent layer (h). */
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
  readonly decoder: DecoderConfiguration;
  /** Row groups have queues of rows; absent: those of a set work on neighbouring rows and end together. */
  readonly queues?: Queues;
  /** How the activation tables are cut, where it is not as usual. */
  readonly tables?: TableScheme;
  /** A model on it may start utterances with more than zeros; absent: none may. */
  readonly initialState?: true;
  /** Slices whose rows a layer of one gate has updated one after another; absent: there is no such layer, or one slice. */
  readonly turns?: number;
  /** More than one pass of a model on it may read the input; absent: one does. */
  readonly inputAgain?: true;
  /** Finest and coarsest binary point of the products of peepholes; absent: there are none. */
  readonly peepholes?: { readonly most: number; readonly least: number };
  /** A model on it may clip its sums before tables; absent: none may. */
  readonly clips?: true;
  /** A model on it may have values within other ranges than those of its cells; absent: none may. */
  readonly ranges?: true;
  /** Of the job table, where row group sets differ in their tiles. */
  readonly jobs?: JobLimits;
  /** Outputs leave of frames that are marked as the last of an utterance; absent: of every frame. */
  readonly emit?: 'last';
  /** Whole utterances, layer by layer; absent: frame by frame. */
  readonly order?: 'sequence';
  /** Most frames of an utterance, in the order of sequences. */
  readonly maxFrames?: number;
  /** Independent streams of frames, in the order of frames; absent: one. */
  readonly streams?: number;
  /** Weights, and all else that a model puts on the design, come in through a load port; absent: they lie in ROMs. */
  readonly weights?: 'loaded';
  /** Bits of a beat of the load port; absent: 32. */
  readonly loadBits?: LoadBits;
  /** Models that are kept at once, of loaded weights; absent: one. */
  readonly residents?: number;
  /** Check bits of each word that a model puts on the design; absent: none. */
  readonly protect?: Protection;
  /** How a processor watches and controls the design; absent: by the ports of the top alone. */
  readonly bus?: 'axi4lite';
  /** It can read and write h and c while no frame is in the core; absent: it cannot. */
  readonly busStates?: true;
  /** Engine of a chain with others behind it: outputs of every frame leave, and with them both marks of the frame; absent: none is. */
  readonly relays?: true;
  /** Macros of a chip that memories are made of; absent: they are plain words. */
  readonly macros?: MacroList;
}

/** Where a model lies on a design: in ROMs, which are made with it, or in memories that are loaded when it runs. */
export const WEIGHTS = ['rom', 'loaded'] as const;
export type Weights = (typeof WEIGHTS)[number];

/** Check bits of a word of memory: none, one that tells of a flipped bit, or as many as put one right and tell of two. */
export const PROTECTIONS = ['none', 'parity', 'secded'] as const;
export type Protection = Exclude<(typeof PROTECTIONS)[number], 'none'>;

/** Registers for a processor beside the streams: none, or behind an AXI4-Lite slave. */
export const BUSES = ['none', 'axi4lite'] as const;
export type Bus = (typeof BUSES)[number];

/** Bits of a beat of the load port. */
export const LOAD_BITS = [8, 16, 32] as const;
export type LoadBits = (typeof LOAD_BITS)[number];

/** In which order the hardware runs frames and layers: all layers of a frame, or all frames of a layer. */
export const ORDERS = ['frames', 'sequence'] as const;
export type Order = (typeof ORDERS)[number];

/** Of which frames the outputs leave: of every one, or of those that are marked as the last of an utterance. */
export const EMITS = ['every', 'last'] as const;
export type Emit = (typeof EMITS)[number];

/** Of which frames the outputs of a design leave. */
export function emitOf({ emit }: Pick<Configuration, 'emit'>): Emit {
  return emit ?? 'every';
}

/** What the job table of a design has room for. */
export interface JobLimits {
  /** Jobs of a frame. */
  readonly words: number;
  /** Most tiles of a job. */
  readonly tilesMost: number;
  /** Most row group sets without tiles behind one another. */
  readonly emptyMost: number;
}

/** Modules with parameters, or with the numbers of this configuration in their place. */
export const VERILOG_STYLES = ['parameterized', 'specialised'] as const;
export type VerilogStyle = (typeof VERILOG_STYLES)[number];

/** How the activation tables of a design are cut. */
export function tablesOf({ tables }: Pick<Configuration, 'tables'>): TableScheme {
  return tables ?? schemeOf(TABLE_BITS.usual);
}

/** Distinct activation addresses per cycle = copies of the activation memories. */
export function addressStreams(c: Configuration): number {
  if (c.queues !== undefined) return c.rowGroups * c.tileColumns;
  return (c.rowGroups / c.streamShare) * (c.perGate ? c.slices : 1);
}

/** Columns of a word of the activation memories: of a tile, or one where each column of a tile has an address of its own. */
export function wordColumns(c: Pick<Configuration, 'tileColumns' | 'queues'>): number {
  return c.queues === undefined ? c.tileColumns : 1;
}

/** Cells (rows of each gate) that one row group set holds. */
export function cellsPerGroup(c: Pick<Configuration, 'rowGroups' | 'tileRows' | 'queues'>): number {
  return c.queues?.lanes ?? c.rowGroups * c.tileRows;
}

/** Steps in which the cell lanes take one row group set, `turns` times through the lanes. */
export function stepsPerGroup(
  c: Pick<Configuration, 'rowGroups' | 'tileRows' | 'cellLanes' | 'queues'>,
  turns = 1,
): number {
  return (turns * cellsPerGroup(c)) / c.cellLanes;
}

/** Multipliers of the array. */
export function multipliers(
  c: Pick<Configuration, 'slices' | 'rowGroups' | 'tileRows' | 'tileColumns'>,
): number {
  return c.slices * c.rowGroups * c.tileRows * c.tileColumns;
}

/** Whether the gates of a cell go through one gate sum and one table, one after another. */
export function isTimeMultiplexed({ cellCycles }: Pick<Configuration, 'cellCycles'>): boolean {
  return cellCycles > 1;
}

/** What says how the gates of a row come to the lanes. */
type GateShape = Pick<Configuration, 'slices' | 'queues'>;

/** Times that the array turns to a set until all gates of it are there, as many at a time as it has slices, at most; 1: they lie in the slices, or in queues. */
export function gatesInTurn({ cells, ...shape }: GateShape & Pick<Configuration, 'cells'>): number {
  return Math.max(...cells.map((cell) => gateTurns(gatesIn(cell), shape)));
}

/** Times that an array turns to so many gates. */
export function gateTurns(gates: number, { slices, queues }: GateShape): number {
  return queues === undefined ? Math.ceil(gates / slices) : 1;
}

/** Sums of a row that come to the lanes side by side, where these are not time-multiplexed. */
export function laneSlices(c: GateShape & Pick<Configuration, 'cells'>): number {
  if (c.queues !== undefined) return Math.max(...c.cells.map(gatesIn));
  return c.slices * gatesInTurn(c);
}

/** Gate sums of a lane: one for each slice of the array, or one that the gates share. */
export function gateSums(c: GateShape & Pick<Configuration, 'cellCycles' | 'cells'>): number {
  return isTimeMultiplexed(c) ? 1 : laneSlices(c);
}

/**
 * Slices that neighbouring rows of a pass of one gate lie in: all of them, or the power of two below, as a power of two of
 * rows fits the words of the output buffer.
 */
export function sharedSlices({ slices }: Pick<Configuration, 'slices'>): number {
  return 2 ** Math.floor(Math.log2(slices));
}

/** Lanes that the output buffer takes per write. */
export function outputWriteLanes(
  c: Pick<Configuration, 'outputLayer' | 'slices' | 'cellLanes' | 'cellCycles'>,
): number {
  if (!c.outputLayer) return c.cellLanes;
  return (isTimeMultiplexed(c) ? 1 : sharedSlices(c)) * c.cellLanes;
}

/** Bits of one output value. */
export function outputBits(c: Configuration): number {
  return c.outputLayer ? c.sumBits : c.words.activation;
}

/** Bits of one value on a stream: sign-extended to whole bytes. */
export function byteBits(bits: number): number {
  return Math.ceil(bits / 8) * 8;
}

/** max(1, ceil(log2(depth))): bits of an address or a counter, as `indexBits` of the eDSL. */
export function bitsOf(depth: number): number {
  return Math.max(1, Math.ceil(Math.log2(Math.max(1, depth))));
}

/** Bits of the shift of a product of a peephole to the finest binary point. */
export function peepholeBits({ peepholes }: Pick<Configuration, 'peepholes'>): number {
  return peepholes === undefined ? 1 : bitsOf(peepholes.most - peepholes.least + 1);
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

/** Most weight banks: of more row groups several share one, as all are read at one address. */
const MOST_BANKS = 16;

/** Weight banks of an array. */
export function weightBankCount({ rowGroups }: Pick<Configuration, 'rowGroups'>): number {
  return Math.min(rowGroups, MOST_BANKS);
}

/** ROMs of all weight banks, lowest addresses first. */
export function weightRoms(
  c: Pick<Configuration, 'rowGroups' | 'weightDepth' | 'bankWords'>,
): readonly WeightRom[] {
  const parts = Math.ceil(c.weightDepth / c.bankWords);
  return Array.from({ length: weightBankCount(c) * parts }, (_, n) => {
    const [bank, part] = [Math.floor(n / parts), n % parts];
    const words = Math.min(c.bankWords, c.weightDepth - part * c.bankWords);
    return { name: parts === 1 ? `${bank}` : `${bank}_${part}`, bank, part, words };
  });
}
