import { TABLE_SEGMENTS } from '../../network/arithmetic.js';
import type { Model, SparseMatrix } from '../../network/model.js';
import { keptPositions } from '../../sparsity/count.js';
import { TABLE_WORD_BITS } from '../cell/activation-table.js';
import { LANE_MULTIPLIERS } from '../cell/lstm-lane.js';
import {
  cellTableFields,
  cellTableWidths,
  layerTableFields,
  layerTableWidths,
  shapeFields,
  shapeWidths,
} from '../control/layer-table.js';
import { imagePath } from '../images/names.js';
import { aheadOf } from '../schedule/jobs.js';
import type { Prediction } from '../schedule/schedule.js';
import { sharesSlices, walkModel } from '../schedule/walk.js';
import {
  activationRows,
  addressStreams,
  type Configuration,
  cellsPerGroup,
  GATE_COUNT,
  gatesTakeTurns,
  multipliers,
  outputBits,
  outputWriteLanes,
  weightRoms,
} from './configuration.js';

/** One memory of a design, as built. */
export interface MemoryUse {
  readonly name: string;
  readonly kind: 'weights' | 'index' | 'bias' | 'table' | 'control' | 'ram';
  /** Bits of a word and words of one copy. */
  readonly width: number;
  readonly depth: number;
  readonly copies: number;
  /** Image file, or null for a RAM. */
  readonly image: string | null;
}

export interface LayerEstimate {
  readonly kind: 'lstm' | 'output';
  readonly rows: number;
  readonly columns: readonly number[];
  readonly keptWeights: number;
  readonly rowGroupSets: number;
  readonly tiles: number;
  readonly stallCycles: number;
  readonly ahead: number;
}

export interface Estimate {
  readonly macs: number;
  readonly cyclesPerFrame: number;
  readonly latencyCycles: number;
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
  readonly multipliers: { readonly mac: number; readonly cell: number };
  readonly cellLanes: number;
  readonly cellCycles: number;
  readonly streamLanes: number;
  readonly sumSlots: number;
  readonly tile: readonly [number, number];
  readonly rowGroups: number;
  readonly activationCopies: number;
  readonly layers: readonly LayerEstimate[];
}

/** Tables of one cell lane: i, f, o and g, and tanh of c. */
const TABLES_PER_LANE = 5;

/** Every memory of a design. */
export function memories(c: Configuration): readonly MemoryUse[] {
  const width = (fields: readonly { readonly width: number }[]): number =>
    fields.reduce((sum, f) => sum + f.width, 0);
  const streams = addressStreams(c);
  const xWide = Math.max(c.streamLanes, c.tileColumns);
  const hWide = Math.max(c.cellLanes, c.tileColumns);
  const outWide = Math.max(outputWriteLanes(c), c.streamLanes);
  const { activation, weight, bias, cell } = c.words;
  const bank = GATE_COUNT * c.tileRows * c.tileColumns * weight;
  const rom = (
    name: string,
    kind: MemoryUse['kind'],
    bits: number,
    depth: number,
    image: string,
    copies = 1,
  ): MemoryUse => ({ name, kind, width: bits, depth, copies, image: imagePath(c.name, image) });
  const ram = (name: string, bits: number, depth: number, copies = 1): MemoryUse => ({
    name,
    kind: 'ram',
    width: bits,
    depth,
    copies,
    image: null,
  });
  return [
    ...weightRoms(c).map(({ name, words }) =>
      rom(`weight bank ${name.replace('_', ', ROM ')}`, 'weights', bank, words, `weights_${name}`),
    ),
    ...c.levels.map((l, i) =>
      rom(`block numbers of level ${i}`, 'index', l.indexBits * l.copies, l.depth, `index_${i}`),
    ),
    rom('biases', 'bias', c.cellLanes * GATE_COUNT * bias, c.biasDepth, 'bias'),
    ...(gatesTakeTurns(c)
      ? [rom('sigmoid and tanh table', 'table', TABLE_WORD_BITS, 2 * TABLE_SEGMENTS, 'functions')]
      : [
          rom(
            'sigmoid tables',
            'table',
            TABLE_WORD_BITS,
            TABLE_SEGMENTS,
            'sigmoid',
            3 * c.cellLanes,
          ),
          rom(
            'tanh tables',
            'table',
            TABLE_WORD_BITS,
            TABLE_SEGMENTS,
            'tanh',
            (TABLES_PER_LANE - 3) * c.cellLanes,
          ),
        ]),
    rom(
      'layer table',
      'control',
      width(layerTableFields(layerTableWidths(c), 1)),
      c.layers,
      'layers',
    ),
    rom('cell table', 'control', width(cellTableFields(cellTableWidths(c))), c.layers, 'cells'),
    rom('frame lengths', 'control', width(shapeFields(shapeWidths(c))), 1, 'shape'),
    ram('x, two buffers', xWide * activation, activationRows(c.xRows), streams),
    ram('h, two buffers', hWide * activation, activationRows(c.hRows), streams),
    ram('c', c.cellLanes * cell, c.cellDepth),
    ram('sum slots', cellsPerGroup(c) * GATE_COUNT * c.accumulatorBits, c.sumSlots),
    ram('output, two buffers', outWide * outputBits(c), 2 * c.outRows),
  ];
}

/** Exact figures of a design with a model on it, without generating anything. */
export function estimate(c: Configuration, model: Model, prediction: Prediction): Estimate {
  const used = memories(c);
  const bits = (kind: MemoryUse['kind']): number =>
    used.filter((m) => m.kind === kind).reduce((sum, m) => sum + m.width * m.depth * m.copies, 0);
  const macs = multipliers(c);
  const walks = walkModel(model, c);
  const layers = walks.map((walk, i): LayerEstimate => {
    const sides = walk.h === null ? [walk.x] : [walk.x, walk.h];
    return {
      kind: walk.pass.cell === 'dense' ? 'output' : walk.pass.cell,
      rows: walk.rows,
      columns: sides.map((s) => s.matrix.columns),
      keptWeights: sides.reduce(
        (sum, s) => sum + keptOf(s.matrix, sharesSlices(walk.pass) ? 1 : GATE_COUNT),
        0,
      ),
      rowGroupSets: walk.groups,
      tiles: prediction.layers[i]?.tiles as number,
      stallCycles: prediction.layers[i]?.stalls as number,
      ahead: aheadOf(walk, c.sumSlots),
    };
  });
  const kept = layers.reduce((sum, l) => sum + l.keptWeights, 0);
  const ideal = kept / macs;
  const indexBits = bits('index');
  return {
    macs,
    cyclesPerFrame: prediction.cyclesPerFrame,
    latencyCycles: prediction.latencyCycles,
    idealCyclesPerFrame: ideal,
    macUtilization: ideal / prediction.cyclesPerFrame,
    keptWeights: kept,
    paddedWeights: bits('weights') / c.words.weight - kept,
    weightBits: bits('weights'),
    indexBits,
    indexBitsPerKeptWeight: indexBits / kept,
    biasBits: bits('bias'),
    tableBits: bits('table'),
    controlBits: bits('control'),
    ramBits: bits('ram'),
    multipliers: { mac: macs, cell: LANE_MULTIPLIERS * c.cellLanes },
    cellLanes: c.cellLanes,
    cellCycles: c.cellCycles,
    streamLanes: c.streamLanes,
    sumSlots: c.sumSlots,
    tile: [c.tileRows, c.tileColumns],
    rowGroups: c.rowGroups,
    activationCopies: addressStreams(c),
    layers,
  };
}

/** Kept weights of all gates of a matrix. */
function keptOf(matrix: SparseMatrix, gates: number): number {
  const kept = matrix.patterns.reduce((sum, p) => sum + keptPositions(p), 0);
  return kept * (matrix.patterns.length === 1 ? gates : 1);
}
