import { CELLS } from '../../network/cells/registry.js';
import type { SparseMatrix } from '../../network/model.js';
import type { Pass } from '../../network/program.js';
import type { Side } from '../control/layer-table.js';
import type { DecoderConfiguration, Queues } from '../plan/configuration.js';
import type { VisitPlace } from './segments.js';

/** The part of a configuration that decides how matrices are cut into tiles. */
export interface Tiling {
  readonly slices: number;
  readonly tileRows: number;
  readonly tileColumns: number;
  readonly rowGroups: number;
  /** Row groups have queues of rows; absent: those of a set end together. */
  readonly queues?: Queues;
  /** Whole utterances, layer by layer; absent: frame by frame. */
  readonly order?: 'sequence';
  /** How tiles are found; absent: as suits the patterns of the model. */
  readonly decoder?: DecoderConfiguration;
}

/** The matrix of one operand of a pass, cut into tiles; how they are found is the decoder's. */
export interface MatrixWalk {
  readonly matrix: SparseMatrix;
  /** Tiles of a row group set; 0: it takes no cycle of the array. */
  readonly tiles: (set: number) => number;
  /** Tiles behind which the lanes may begin, where rows of the completing operand end one by one; absent: all. */
  readonly lanesFrom?: number;
  /** First column of every tile of a row of one gate; a row group that has fewer tiles than its set stands still behind them. */
  readonly columns: (gate: number, row: number) => Int32Array;
}

/** One pass, cut into row group sets. */
export interface PassWalk {
  readonly index: number;
  readonly pass: Pass;
  /** Rows of one gate. */
  readonly rows: number;
  /** Row group sets. */
  readonly groups: number;
  /** Rows of one gate in a set: neighbouring rows lie in the slices where there is one gate. */
  readonly rowsPerGroup: number;
  /** Slices that neighbouring rows of its one gate lie in; 1: slices are gates. */
  readonly shared: number;
  /** Times that a set goes through the lanes: rows of all those slices are updated one after another, but exact sums leave at once. */
  readonly turns: number;
  /** Turns that an array of fewer slices than gates takes for each set: a half for each of them; 1: all gates lie in the slices. */
  readonly gates: number;
  /** As its matrices are cut: a tile has the rows of all those slices. */
  readonly tiling: Tiling;
  readonly x: MatrixWalk;
  /** Null in a pass of one operand. */
  readonly h: MatrixWalk | null;
  /** The operand whose sums can be done ahead, and the one that may have to wait. */
  readonly first: Side | null;
  readonly second: Side;
  /** The second operand needs what is still in the cell update when the pass starts. */
  readonly waits: boolean;
  /** Where the pass stands in the order of sequences; null in the order of frames. */
  readonly visit: VisitPlace | null;
}

/** Slices of the array that hold the gates of a row of all passes: the most that one has. */
export function slicesOf(passes: readonly Pick<Pass, 'cell'>[]): number {
  return Math.max(...passes.map(({ cell }) => CELLS[cell].gates.length));
}

/** The gate that a slice works on, `turn` where they are taken in turn; null where the pass has no use for the slice. */
export function gateOfSlice(
  {
    pass: { cell },
    shared,
    gates: inTurn,
    tiling: { slices },
  }: Pick<PassWalk, 'pass' | 'shared' | 'gates' | 'tiling'>,
  slice: number,
  turn: number,
): number | null {
  const gates = CELLS[cell].gates.length;
  if (gates === 1) return slice < shared ? 0 : null;
  const gate = inTurn > 1 ? turn * slices + slice : slice;
  return gate < gates ? gate : null;
}

/** The operand of a side. */
export function sideOf(walk: PassWalk, side: Side): MatrixWalk {
  return (side === 'x' ? walk.x : walk.h) as MatrixWalk;
}

/** Tiles of all operands of a pass, of all gates in turn; the first set of a pass has one at least. */
export function tilesOfPass({
  groups,
  gates,
  x,
  h,
}: Pick<PassWalk, 'groups' | 'gates' | 'x' | 'h'>): number {
  const of = (set: number) => x.tiles(set) + (h?.tiles(set) ?? 0);
  let tiles = Math.max(1, of(0));
  for (let set = 1; set < groups; set++) tiles += of(set);
  return gates * tiles;
}

/** Row of the matrix that `slice` works on in row group `rowGroup` of a set; may lie in the padding. */
export function rowOfTile(
  { rowsPerGroup, shared }: PassWalk,
  tiling: Tiling,
  at: {
    readonly set: number;
    readonly rowGroup: number;
    readonly slice: number;
    readonly row: number;
  },
): number {
  const cell = at.rowGroup * tiling.tileRows + at.row;
  const place = shared > 1 ? cell * shared + at.slice : cell;
  return at.set * rowsPerGroup + place;
}
