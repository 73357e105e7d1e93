import { CELLS } from '../../network/cells/registry.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import {
  type MatrixWalk,
  type PassWalk,
  sharedRowGroups,
  type Tiling,
  tilesOfPass,
  walkModel,
} from '../schedule/walk.js';
import { cellPointMost, numbersOf, sumWidths } from './bounds.js';
import {
  bitsOf,
  type Configuration,
  GATE_COUNT,
  type LevelConfiguration,
  outputWriteLanes,
  type VerilogStyle,
} from './configuration.js';

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
 * The smallest configuration that holds a model with the given tiling and lanes, on a decoder of at least
 * `levels` levels, with `headroom` bits by which the binary points of other models may lie elsewhere.
 */
export function configure(
  model: Model,
  name: string,
  tiling: Tiling,
  lanes: Lanes,
  room: {
    readonly levels?: number;
    readonly headroom?: number;
    readonly bankWords: number;
    readonly style?: VerilogStyle;
  },
): Configuration {
  const walks = walkModel(model, tiling);
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
  const set = tiling.tileRows * tiling.rowGroups;
  const steps = set / lanes.cellLanes;
  const { input, output } = programOf(model);
  const outputLayer = walks.at(-1)?.pass.cell === 'dense';
  const outWide = Math.max(outputWriteLanes({ ...lanes, outputLayer }), lanes.streamLanes);
  const blocks = sides.flatMap((s) => s.levels.map((l) => l.block));
  const xWide = Math.max(lanes.streamLanes, tiling.tileColumns);
  const base = {
    name,
    words: model.words,
    ...tiling,
    ...lanes,
    perGate,
    streamShare: sharedRowGroups(blocks, tiling),
    layers: walks.length,
    groups: most(walks.map((w) => w.groups)),
    innerMost: most(sides.map((s) => s.inner)),
    weightDepth: sum(walks.map(tilesOfPass)),
    bankWords: room.bankWords,
    biasDepth: sum(walks.map((w) => w.groups * steps)),
    cellDepth: sum(kept.map((w) => w.groups * steps)),
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
    cellPointMost: cellPointMost(points.map((p) => p + headroom)),
    cellPointLeast: Math.min(...points, Math.max(0, Math.min(...points) - headroom)),
    style: room.style ?? 'parameterized',
  };
  return {
    ...base,
    levels: levelsOf(walks, tiling, perGate, Math.max(room.levels ?? 0, levelCount(walks))),
  };
}

/** Wide words (of max(cell lanes, tile columns)) that the h of a layer takes in one buffer. */
export function hRowsOf(layer: PassWalk, tiling: Tiling, lanes: Lanes): number {
  const wide = Math.max(lanes.cellLanes, tiling.tileColumns);
  return Math.ceil((layer.groups * layer.rowsPerGroup) / wide);
}

/** Hardware levels: a matrix with fewer levels uses the innermost ones. */
export function levelCount(walks: readonly PassWalk[]): number {
  return most(walks.flatMap((w) => [w.x.levels.length, w.h?.levels.length ?? 0]));
}

/** The level of a matrix that hardware level `level` walks, if it has one. */
export function levelOf(side: MatrixWalk, level: number, count: number) {
  return side.levels[level - (count - side.levels.length)];
}

/** Words of the index ROM of a hardware level that one matrix takes. */
export function indexWords(walk: PassWalk, side: MatrixWalk, level: number, count: number): number {
  const offset = count - side.levels.length;
  const own = side.levels[level - offset];
  if (own === undefined) return 0;
  const perRow = side.levels
    .slice(0, level - offset + 1)
    .reduce((product, l) => product * l.keep, 1);
  return Math.ceil(walk.groups / own.repeat) * perRow;
}

function levelsOf(
  walks: readonly PassWalk[],
  tiling: Tiling,
  perGate: boolean,
  count: number,
): readonly LevelConfiguration[] {
  const sides = walks.flatMap((walk) =>
    (walk.h === null ? [walk.x] : [walk.x, walk.h]).map((side) => ({ walk, side })),
  );
  return Array.from({ length: count }, (_, level) => {
    const used = sides.flatMap(({ walk, side }) => {
      const own = levelOf(side, level, count);
      return own === undefined ? [] : [{ walk, side, own }];
    });
    const groups = most(walks.map((w) => w.groups));
    const share = sharedRowGroups(
      used.map((u) => u.own.block),
      tiling,
    );
    const numberMost = most(
      used.map(({ side, own }) => {
        const at = side.levels.indexOf(own);
        const outer = side.levels[at - 1]?.block ?? side.matrix.columns;
        return Math.ceil(outer / own.block);
      }),
    );
    const repeatMost = most(used.map((u) => u.own.repeat - 1));
    return {
      indexBits: bitsOf(numberMost),
      depth: sum(used.map(({ walk, side }) => indexWords(walk, side, level, count))),
      copies: (tiling.rowGroups / share) * (perGate ? GATE_COUNT : 1),
      keepMost: most(used.map((u) => u.own.keep)),
      strideBits: bitsOf(most(used.map((u) => u.own.stride)) + 1),
      // A side without this level never comes to the end of a block row: all ones is out of reach.
      repeatBits: bitsOf(Math.max(repeatMost + 1, groups + 1)),
    };
  });
}
