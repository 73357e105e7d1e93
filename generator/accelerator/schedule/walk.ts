import type { Model, SparseMatrix } from '../../network/model.js';
import type { Side } from '../control/layer-table.js';
import { GATE_COUNT } from '../plan/configuration.js';

/** The part of a configuration that decides how matrices are cut into tiles. */
export interface Tiling {
  readonly tileRows: number;
  readonly tileColumns: number;
  readonly rowGroups: number;
}

/** One half of the work of a layer, as the decoder walks it. */
export interface MatrixWalk {
  readonly matrix: SparseMatrix;
  /** Tiles in one innermost block. */
  readonly inner: number;
  /** Innermost level last; hardware level = index + (hardware levels - levels). */
  readonly levels: readonly {
    readonly block: number;
    readonly keep: number;
    /** Activation words between neighbouring blocks. */
    readonly stride: number;
    /** Row group sets that share one block row. */
    readonly repeat: number;
  }[];
  /** Tiles of one row group set. */
  readonly tiles: number;
}

/** One LSTM layer or the output layer, cut into row group sets. */
export interface LayerWalk {
  readonly index: number;
  readonly kind: 'lstm' | 'output';
  /** Rows of one gate (cells), or outputs. */
  readonly rows: number;
  /** Row group sets. */
  readonly groups: number;
  /** Rows of one gate in a set; of the output layer: outputs in a set. */
  readonly rowsPerGroup: number;
  readonly x: MatrixWalk;
  /** Null in the output layer. */
  readonly h: MatrixWalk | null;
  /** The half that can be done ahead, and the one that may have to wait. */
  readonly first: Side | null;
  readonly second: Side;
  /** The second half needs what is still in the cell update when the layer starts. */
  readonly waits: boolean;
}

export function walkMatrix(matrix: SparseMatrix, tiling: Tiling): MatrixWalk {
  const pattern = matrix.patterns[0] as (typeof matrix.patterns)[number];
  const { tileRows, tileColumns, rowGroups } = tiling;
  const set = tileRows * rowGroups;
  const innermost = pattern.blocks.at(-1);
  const inner = Math.ceil((innermost ?? matrix.columns) / tileColumns);
  const levels = pattern.blocks.map((block, l) => ({
    block,
    keep: pattern.keep[l] as number,
    stride: block / tileColumns,
    repeat: block % set === 0 ? block / set : 1,
  }));
  const tiles = levels.reduce((product, l) => product * l.keep, inner);
  return { matrix, inner, levels, tiles };
}

export function walkModel(model: Model, tiling: Tiling): readonly LayerWalk[] {
  const set = tiling.tileRows * tiling.rowGroups;
  // Without an output layer and with one or two layers, nothing else makes sure that the last layer's h has
  // been written when the next frame reads it: the first layer's recurrent half waits, its x half does not.
  const firstWaits = model.output === null && model.layers.length <= 2;
  const layers: LayerWalk[] = model.layers.map((layer, index) => ({
    index,
    kind: 'lstm',
    rows: layer.cells,
    groups: Math.ceil(layer.cells / set),
    rowsPerGroup: set,
    x: walkMatrix(layer.x, tiling),
    h: walkMatrix(layer.h, tiling),
    // The first layer's x is there before the frame starts; a higher layer's own h is, one frame old.
    first: index === 0 ? 'x' : 'h',
    second: index === 0 ? 'h' : 'x',
    waits: index > 0 || firstWaits,
  }));
  if (model.output !== null) {
    const rowsPerGroup = set * GATE_COUNT;
    layers.push({
      index: layers.length,
      kind: 'output',
      rows: model.output.outputs,
      groups: Math.ceil(model.output.outputs / rowsPerGroup),
      rowsPerGroup,
      x: walkMatrix(model.output.weights, tiling),
      h: null,
      first: null,
      second: 'x',
      waits: true,
    });
  }
  return layers;
}

/** One half of a row group set, in the order of execution. */
export interface Half {
  readonly layer: LayerWalk;
  readonly side: Side;
  readonly group: number;
  /** False for the ready half, which goes to a sum slot. */
  readonly completes: boolean;
}

/** Ready halves done before the first completing one. */
export function aheadOf(layer: LayerWalk, sumSlots: number): number {
  if (layer.first === null) return 1;
  return layer.waits ? Math.min(sumSlots, layer.groups) : 1;
}

/** The halves of a layer in the order in which the sequencer runs them. */
export function* halvesOf(layer: LayerWalk, sumSlots: number): Generator<Half> {
  const ahead = aheadOf(layer, sumSlots);
  let ready = 0;
  for (let done = 0; done < layer.groups; done++) {
    while (layer.first !== null && ready < layer.groups && ready - done < ahead) {
      yield { layer, side: layer.first, group: ready++, completes: false };
    }
    yield { layer, side: layer.second, group: done, completes: true };
  }
}

/** Row of the matrix of gate slice `gate` in row group `rowGroup` of a set; may lie in the padding. */
export function rowOfTile(
  layer: LayerWalk,
  tiling: Tiling,
  at: {
    readonly group: number;
    readonly rowGroup: number;
    readonly gate: number;
    readonly row: number;
  },
): number {
  const cell = at.rowGroup * tiling.tileRows + at.row;
  if (layer.kind === 'lstm') return at.group * layer.rowsPerGroup + cell;
  return at.group * layer.rowsPerGroup + cell * GATE_COUNT + at.gate;
}

/** Largest number of neighbouring row groups, a power of two, that always lie in one block row. */
export function sharedRowGroups(blocks: readonly number[], tiling: Tiling): number {
  let share = tiling.rowGroups;
  while (share > 1 && blocks.some((b) => b % (share * tiling.tileRows) !== 0)) share /= 2;
  return share;
}
