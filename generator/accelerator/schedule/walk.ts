import { CELLS } from '../../network/cells/registry.js';
import type { Model, SparseMatrix } from '../../network/model.js';
import { type Operand, type Pass, programOf } from '../../network/program.js';
import type { Side } from '../control/layer-table.js';
import { GATE_COUNT } from '../plan/configuration.js';
import { passesThatWait } from './waits.js';

/** The part of a configuration that decides how matrices are cut into tiles. */
export interface Tiling {
  readonly tileRows: number;
  readonly tileColumns: number;
  readonly rowGroups: number;
}

/** The matrix of one operand of a pass, as the decoder walks it. */
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
  /** Tiles of a row group set; at least one. */
  readonly tiles: (set: number) => number;
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
  readonly x: MatrixWalk;
  /** Null in a pass of one operand. */
  readonly h: MatrixWalk | null;
  /** The operand whose sums can be done ahead, and the one that may have to wait. */
  readonly first: Side | null;
  readonly second: Side;
  /** The second operand needs what is still in the cell update when the pass starts. */
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
  return { matrix, inner, levels, tiles: () => tiles };
}

/** Every pass of a model, cut by a tiling. */
export function walkModel(model: Model, tiling: Tiling): readonly PassWalk[] {
  const set = tiling.tileRows * tiling.rowGroups;
  const { passes, input } = programOf(model);
  const waits = passesThatWait(passes);
  return passes.map((pass): PassWalk => {
    const { index, rows, operands } = pass;
    const [x, h] = operands;
    const rowsPerGroup = sharesSlices(pass) ? set * GATE_COUNT : set;
    return {
      ...{ index, pass, rows, rowsPerGroup, groups: Math.ceil(rows / rowsPerGroup) },
      x: walkMatrix(x.matrix, tiling),
      h: h === undefined ? null : walkMatrix(h.matrix, tiling),
      ...orderOf(x, h, input.id),
      waits: waits[index] as boolean,
    };
  });
}

/** The input is there before the frame starts; a vector of the last frame is there before one of this frame. */
function orderOf(
  x: Operand,
  h: Operand | undefined,
  input: number,
): Pick<PassWalk, 'first' | 'second'> {
  if (h === undefined) return { first: null, second: 'x' };
  return x.vector.id === input ? { first: 'x', second: 'h' } : { first: 'h', second: 'x' };
}

/** Whether the slices of the array work on neighbouring rows of one gate, not on the gates of a row. */
export function sharesSlices({ cell }: Pick<Pass, 'cell'>): boolean {
  return CELLS[cell].gates.length === 1;
}

/** The operand of a side. */
export function sideOf(walk: PassWalk, side: Side): MatrixWalk {
  return (side === 'x' ? walk.x : walk.h) as MatrixWalk;
}

/** Tiles of all operands of a pass. */
export function tilesOfPass({ groups, x, h }: Pick<PassWalk, 'groups' | 'x' | 'h'>): number {
  let tiles = 0;
  for (let set = 0; set < groups; set++) tiles += x.tiles(set) + (h?.tiles(set) ?? 0);
  return tiles;
}

/** Row of the matrix of slice `gate` in row group `rowGroup` of a set; may lie in the padding. */
export function rowOfTile(
  { pass, rowsPerGroup }: PassWalk,
  tiling: Tiling,
  at: {
    readonly set: number;
    readonly rowGroup: number;
    readonly gate: number;
    readonly row: number;
  },
): number {
  const cell = at.rowGroup * tiling.tileRows + at.row;
  const place = sharesSlices(pass) ? cell * GATE_COUNT + at.gate : cell;
  return at.set * rowsPerGroup + place;
}

/** Largest number of neighbouring row groups, a power of two, that always lie in one block row. */
export function sharedRowGroups(blocks: readonly number[], tiling: Tiling): number {
  let share = tiling.rowGroups;
  while (share > 1 && blocks.some((b) => b % (share * tiling.tileRows) !== 0)) share /= 2;
  return share;
}
