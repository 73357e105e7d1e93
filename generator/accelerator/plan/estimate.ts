import { CELLS, type CellKind, OUTPUT_CELL } from '../../network/cells/registry.js';
import type { Model, SparseMatrix } from '../../network/model.js';
import { patternKind } from '../../sparsity/kind-of.js';
import { laneOf, unitsOf } from '../cell/units.js';
import type { LoadSize } from '../load/size.js';
import type { ModelRole } from '../memory/store.js';
import { storedSize } from '../memory/stored-size.js';
import { storesOf } from '../memory/stores.js';
import { aheadOf } from '../schedule/jobs.js';
import type { Prediction } from '../schedule/schedule.js';
import { readsInput } from '../schedule/side-by-side.js';
import { walkModel } from '../schedule/walk.js';
import {
  addressStreams,
  type Configuration,
  type Emit,
  emitOf,
  multipliers,
  type Order,
  type Protection,
} from './configuration.js';
import { type Losses, lossesOf } from './losses.js';
import type { ArrayKind } from './options.js';

export interface LayerEstimate {
  /** Of its cell; `output` where its exact sums leave. */
  readonly kind: Exclude<CellKind, 'dense'> | 'output';
  readonly rows: number;
  readonly columns: readonly number[];
  readonly keptWeights: number;
  readonly rowGroupSets: number;
  readonly tiles: number;
  readonly stallCycles: number;
  readonly ahead: number;
  /** Gates of a set that the array takes in turn; 1: side by side. */
  readonly gatesInTurn: number;
  /** Its x is the input of the network. */
  readonly readsInput: boolean;
}

export interface Estimate extends Losses {
  readonly macs: number;
  readonly cyclesPerFrame: number;
  readonly latencyCycles: number;
  /** Of which frames the outputs leave. */
  readonly emit: Emit;
  /** Frames by frames, or whole utterances layer by layer. */
  readonly order: Order;
  /** Independent streams of frames. */
  readonly streams: number;
  /** Most frames of an utterance; null where there is no limit. */
  readonly maxFrames: number | null;
  /** Registers of the pipeline; absent: deep. */
  readonly pipeline?: Configuration['pipeline'];
  /** Last input beat to the end of a frame without outputs, idle core; null where every frame has some. */
  readonly silentCycles: number | null;
  readonly idealCyclesPerFrame: number;
  readonly macUtilization: number;
  readonly keptWeights: number;
  readonly paddedWeights: number;
  readonly weightBits: number;
  readonly indexBits: number;
  readonly indexBitsPerKeptWeight: number;
  readonly biasBits: number;
  readonly tableBits: number;
  readonly controlBits: number;
  readonly ramBits: number;
  /** How words that a model puts on the design are protected, and the bits of that beside all others; absent: they are not. */
  readonly protection?: { readonly kind: Protection; readonly checkBits: number };
  readonly multipliers: { readonly mac: number; readonly cell: number };
  readonly cellLanes: number;
  readonly cellCycles: number;
  readonly streamLanes: number;
  readonly sumSlots: number;
  readonly tile: readonly [number, number];
  readonly rowGroups: number;
  /** Row groups that end together, or with a queue of rows each. */
  readonly array: ArrayKind;
  /** Of the array: gates of a cell, or rows. */
  readonly slices: number;
  readonly activationCopies: number;
  /** What it takes to load a model; absent where it lies in ROMs. */
  readonly load?: LoadSize;
  readonly layers: readonly LayerEstimate[];
}

/** Exact figures of a design with a model on it, without generating anything. */
export function estimate(c: Configuration, model: Model, prediction: Prediction): Estimate {
  const stores = storesOf(c);
  const bits = (kind: ModelRole | 'ram'): number =>
    sum(
      stores
        .filter((store) => (store.kind === 'ram' ? kind === 'ram' : store.role === kind))
        .map(({ width, words, copies }) => width * words * copies),
    );
  const macs = multipliers(c);
  const walks = walkModel(model, c);
  const layers = walks.map((walk, i): LayerEstimate => {
    const sides = walk.h === null ? [walk.x] : [walk.x, walk.h];
    return {
      kind: walk.pass.cell === OUTPUT_CELL ? 'output' : walk.pass.cell,
      rows: walk.rows,
      columns: sides.map((s) => s.matrix.columns),
      keptWeights: sides.reduce(
        (sum, s) => sum + keptOf(s.matrix, CELLS[walk.pass.cell].gates.length),
        0,
      ),
      // with queues all rows of an operand are one
      rowGroupSets: c.queues === undefined ? walk.groups : 1,
      tiles: prediction.layers[i]?.tiles as number,
      stallCycles: prediction.layers[i]?.stalls as number,
      ahead: aheadOf(walk, c.sumSlots),
      gatesInTurn: walk.gates,
      readsInput: readsInput(walk.pass),
    };
  });
  const kept = layers.reduce((sum, l) => sum + l.keptWeights, 0);
  const ideal = kept / macs;
  const indexBits = bits('index');
  return {
    macs,
    cyclesPerFrame: prediction.cyclesPerFrame,
    latencyCycles: prediction.latencyCycles,
    emit: emitOf(c),
    order: c.order ?? 'frames',
    streams: c.streams ?? 1,
    maxFrames: c.maxFrames ?? null,
    ...(c.pipeline && { pipeline: c.pipeline }),
    silentCycles: prediction.silentCycles,
    idealCyclesPerFrame: ideal,
    macUtilization: ideal / prediction.cyclesPerFrame,
    ...lossesOf(c, walks, { cycles: prediction.cyclesPerFrame, kept }),
    keptWeights: kept,
    paddedWeights: bits('weights') / c.words.weight - kept,
    weightBits: bits('weights'),
    indexBits,
    indexBitsPerKeptWeight: indexBits / kept,
    biasBits: bits('bias'),
    tableBits: bits('table'),
    controlBits: bits('control'),
    ramBits: bits('ram'),
    ...(c.protect && { protection: { kind: c.protect, checkBits: checkBitsIn(c) } }),
    multipliers: { mac: macs, cell: cellMultipliers(c) },
    cellLanes: c.cellLanes,
    cellCycles: c.cellCycles,
    streamLanes: c.streamLanes,
    sumSlots: c.sumSlots,
    tile: [c.tileRows, c.tileColumns],
    rowGroups: c.rowGroups,
    array: c.queues === undefined ? 'sets' : 'queues',
    slices: c.slices,
    activationCopies: addressStreams(c),
    layers,
  };
}

/** Bits of all memories that are no data. */
function checkBitsIn(c: Configuration): number {
  return sum(
    storesOf(c).map((store) => {
      const { words, checkBits } = storedSize(c, store);
      return words * checkBits * store.copies;
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Multipliers of all lanes. */
function cellMultipliers(c: Configuration): number {
  return unitsOf(c).reduce((sum, unit) => {
    const own = laneOf(unit, c).multipliers ?? unit.multipliers;
    return sum + own * c.cellLanes;
  }, 0);
}

/** Kept weights of all gates of a matrix. */
function keptOf(matrix: SparseMatrix, gates: number): number {
  const kept = matrix.patterns.reduce((sum, p) => sum + patternKind(p).counts.kept(p), 0);
  return kept * (matrix.patterns.length === 1 ? gates : 1);
}
