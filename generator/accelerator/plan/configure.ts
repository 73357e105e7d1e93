import { unexpected } from '../../base/errors.js';
import type { MacroList } from '../../devices/macros/macro.js';
import { CELLS, OUTPUT_CELL } from '../../network/cells/registry.js';
import type { Model, TableScheme, WordLengths } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { TABLE_BITS } from '../../network/table-scheme.js';
import { laneCellsOf } from '../cell/units.js';
import type { DecoderKind } from '../decoder/decoder.js';
import { decoderOfTiling } from '../decoder/registry.js';
import { type Pipeline, pipelined } from '../pipeline/registers.js';
import { jobsOf } from '../schedule/jobs.js';
import { type PassWalk, type Tiling, tilesOfPass } from '../schedule/pass-walk.js';
import { readsInput } from '../schedule/side-by-side.js';
import { walkModel } from '../schedule/walk.js';
import { cellPointMost, type LayerNumbers, numbersOf, sumWidths } from './bounds.js';
import {
  type Configuration,
  cellsPerGroup,
  type DecoderConfiguration,
  type Emit,
  type JobLimits,
  outputWriteLanes,
  type VerilogStyle,
  wordColumns,
} from './configuration.js';
import type { InTime } from './options.js';
import type { Stored } from './stored.js';

/** Choices left after the tiling: powers of two, but for `cellCycles`. */
export interface Lanes {
  readonly cellLanes: number;
  readonly cellCycles: number;
  readonly streamLanes: number;
  readonly sumSlots: number;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const most = (values: readonly number[]): number => Math.max(0, ...values);

/**
 * The smallest configuration that holds a model with the given tiling and lanes, on a decoder of at least what
 * `decoder` is made of, with `headroom` bits by which the binary points of other models may lie elsewhere.
 */
export function configure(
  model: Model,
  name: string,
  tiling: Tiling,
  lanes: Lanes,
  room: {
    readonly decoder?: DecoderConfiguration;
    readonly headroom?: number;
    readonly bankWords: number;
    readonly style?: VerilogStyle;
    readonly emit?: Emit;
    readonly inTime?: InTime;
    readonly pipeline?: Pipeline;
    readonly stored?: Stored;
    readonly macros?: MacroList | undefined;
  },
): Configuration {
  const walks = walkModel(model, { ...tiling, ...(room.decoder && { decoder: room.decoder }) });
  const { scheme } = model.tables;
  const values = walks.filter((w) => CELLS[w.pass.cell].leaves === 'values');
  const kept = walks.filter((w) => w.pass.stateFraction !== null);
  const sides = walks.flatMap((w) => (w.h === null ? [w.x] : [w.x, w.h]));
  const numbers = walks.map((w) => numbersOf(w.pass));
  const headroom = room.headroom ?? 0;
  const shiftXMost = most(numbers.map((n) => n.shiftX)) + headroom;
  const shiftHMost = most(numbers.map((n) => n.shiftH)) + headroom;
  const shiftBiasMost = most(numbers.map((n) => n.shiftBias)) + headroom;
  const points = numbers.flatMap((n) => (n.cellPoint === null ? [] : [n.cellPoint]));
  const perGate = sides.some((s) => s.matrix.sharing === 'per-gate');
  const set = cellsPerGroup(tiling);
  const steps = set / lanes.cellLanes;
  const { input, output } = programOf(model);
  const outputLayer = walks.at(-1)?.pass.cell === OUTPUT_CELL;
  const fromInput = walks.filter(({ pass }) => readsInput(pass));
  const turns = most(walks.map((w) => w.turns));
  const ranges = walks.some(({ pass }) => hasRange(pass, model.words));
  const starts = walks.filter((w) => w.pass.initial !== undefined);
  const outWide = Math.max(
    outputWriteLanes({ ...tiling, ...lanes, outputLayer }),
    lanes.streamLanes,
  );
  const xWide = Math.max(lanes.streamLanes, wordColumns(tiling));
  const kind = decoderOfTiling(model, {
    ...tiling,
    ...(room.decoder && { decoder: room.decoder }),
  });
  checkOrder(kind, room.inTime);
  const { streamShare, decoder } = kind.configure(walks, tiling, perGate, room.decoder ?? null);
  const { order: _, decoder: _own, ...cut } = tiling;
  // the order is that of the manifest
  const base = {
    name,
    words: model.words,
    ...cut,
    cells: laneCellsOf(walks.map(({ pass }) => pass)),
    ...lanes,
    perGate,
    streamShare,
    layers: walks.length,
    groups: most(walks.map((w) => w.groups * w.gates)),
    weightDepth: sum(walks.map(tilesOfPass)),
    bankWords: room.bankWords,
    biasDepth: sum([...walks, ...starts].map((w) => w.groups * w.turns * steps)),
    cellDepth: sum(kept.map((w) => w.groups * w.turns * steps)),
    xRows: Math.ceil(input.length / xWide),
    hRows: sum(values.map((w) => hRowsOf(w, tiling, lanes))),
    outRows: Math.ceil(output.length / outWide),
    inputBeats: Math.ceil(input.length / lanes.streamLanes),
    outputBeats: Math.ceil(output.length / lanes.streamLanes),
    outputLayer,
    ...sumWidths(model, tiling.tileColumns, headroom),
    shiftXMost,
    shiftHMost,
    shiftBiasMost,
    roundMost: most(numbers.map((n) => n.round)) + headroom,
    cellPointMost: cellPointMost(
      points.map((p) => p + headroom),
      scheme,
    ),
    cellPointLeast: leastPoint(points, headroom, scheme),
    style: room.style ?? 'parameterized',
    decoder,
    ...(scheme.outputFraction === TABLE_BITS.usual ? {} : { tables: scheme }),
    ...(starts.length > 0 && { initialState: true as const }),
    ...(turns > 1 && { turns }),
    ...(fromInput.length > 1 && { inputAgain: true as const }),
    ...peepholesOf(numbers, headroom, scheme),
    ...(walks.some(({ pass }) => pass.clip !== undefined) && { clips: true as const }),
    ...(ranges && { ranges: true as const }),
    ...(kind.counts === 'jobs' ? { jobs: jobLimits(walks, lanes.sumSlots) } : {}),
    ...(room.emit === 'last' && { emit: room.emit }),
    ...room.inTime,
    ...room.stored,
    ...pipelined(room.pipeline),
    ...(room.macros && { macros: room.macros }),
  };
  return base;
}

/** @throws UserError DESIGN_OPTION for an order that no sequencer of such a pattern has. */
function checkOrder({ counts }: DecoderKind, { order, streams }: InTime = {}): void {
  if (counts === 'decoder' || (order === undefined && streams === undefined)) return;
  throw unexpected({
    code: 'DESIGN_OPTION',
    field: order === undefined ? '--streams' : '--order',
    expected: 'one stream, frame by frame, as row group sets of the pattern differ in their tiles',
    got: order ?? String(streams),
  });
}

/** Binary points of the products of peepholes, the finest at least that of a table input. */
function peepholesOf(
  numbers: readonly LayerNumbers[],
  headroom: number,
  { inputFraction }: TableScheme,
): Pick<Configuration, 'peepholes'> {
  const points = numbers.flatMap(({ peepholePoint }) => peepholePoint ?? []);
  if (points.length === 0) return {};
  const least = Math.min(...points);
  return {
    peepholes: {
      most: Math.max(inputFraction, ...points.map((point) => point + headroom)),
      least: Math.min(least, Math.max(0, least - headroom)),
    },
  };
}

/** Whether a pass needs lanes with ranges: they do a ReLU without. */
function hasRange({ cell, range }: PassWalk['pass'], { activation }: WordLengths): boolean {
  const { range: own, value } = CELLS[cell];
  if (own === null || value === null) return false;
  return range.low !== 0 || range.high !== 2 ** (activation - 1) - 1;
}

/** Coarsest binary point of c, which is that of the tables where nothing is kept. */
function leastPoint(
  points: readonly number[],
  headroom: number,
  { outputFraction }: TableScheme,
): number {
  if (points.length === 0) return outputFraction;
  return Math.min(...points, Math.max(0, Math.min(...points) - headroom));
}

/** What the table of the jobs of these passes needs. */
function jobLimits(walks: readonly PassWalk[], sumSlots: number): JobLimits {
  const jobs = jobsOf(walks, sumSlots);
  return {
    words: jobs.length,
    tilesMost: most(jobs.map(({ tiles }) => tiles)),
    emptyMost: most(jobs.map(({ empty }) => empty)),
  };
}

/** Wide words (of max(cell lanes, tile columns)) that the h of a layer takes in one buffer. */
export function hRowsOf(layer: PassWalk, tiling: Tiling, lanes: Lanes): number {
  const wide = Math.max(lanes.cellLanes, wordColumns(tiling));
  return Math.ceil((layer.groups * layer.rowsPerGroup) / wide);
}
