import type { SparseMatrix } from '../../../network/model.js';
import type { MatrixWalk, Tiling } from '../../schedule/pass-walk.js';
import { ofGate, WordReader } from '../list/words.js';
import { dealt } from './deal.js';

/** All tiles of an operand stand in the first row group set; the others follow it through the lanes. */
export function queueTiles(matrix: SparseMatrix, tiling: Tiling): MatrixWalk['tiles'] {
  const { tiles } = dealt(matrix, tiling);
  return (set) => (set === 0 ? tiles : 0);
}

/**
 * Tiles behind which the lanes may begin: a step reads the sums of its rows one cycle behind the one that ended them at the earliest,
 * and steps follow one another without a gap, as tiles do from there on.
 */
export function queueLanesFrom(matrix: SparseMatrix, tiling: Tiling): number {
  const rowsPerStep = tiling.queues?.lanes ?? 1;
  let latest = 0;
  for (const queue of dealt(matrix, tiling).queues) {
    let end = -1;
    for (const { group, tiles } of queue) {
      end += tiles;
      const step = Math.floor((group * tiling.tileRows) / rowsPerStep);
      latest = Math.max(latest, end - step);
    }
  }
  return latest + 1;
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
