import type { SparseMatrix } from '../../../network/model.js';
import type { MatrixWalk, Tiling } from '../../schedule/pass-walk.js';
import { ofGate, WordReader } from '../list/words.js';
import { dealt, lanesFrom } from './deal.js';

/** All tiles of an operand stand in the first row group set; the others follow it through the lanes. */
export function queueTiles(matrix: SparseMatrix, tiling: Tiling): MatrixWalk['tiles'] {
  const { tiles } = dealt(matrix, tiling);
  return (set) => (set === 0 ? tiles : 0);
}

/** Tiles of a completing operand behind which the lanes may begin. */
export function queueLanesFrom(matrix: SparseMatrix, tiling: Tiling): number {
  return lanesFrom(dealt(matrix, tiling), tiling);
}

/** Columns that the row group of a row reads: each of them is a column of a tile. */
export function queueColumns(
  matrix: SparseMatrix,
  { tileRows }: Tiling,
  gate: number,
  row: number,
): Int32Array {
  const reader = new WordReader(ofGate(matrix.patterns, gate), { tileRows, tileColumns: 1 });
  return reader.words(Math.floor(row / tileRows));
}
