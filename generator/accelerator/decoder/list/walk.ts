import type { SparseMatrix } from '../../../network/model.js';
import type { MatrixWalk, Tiling } from '../../schedule/pass-walk.js';
import { groupWords, ofGate, WordReader } from './words.js';

/** Tiles of a row group set: as many as the row group, and gate, that reads most words. */
export function listTiles(
  matrix: SparseMatrix,
  tiling: Tiling,
  rowsPerSet: number,
): MatrixWalk['tiles'] {
  const { counts } = groupWords(matrix, tiling);
  const perSet = rowsPerSet / tiling.tileRows;
  return (set) => {
    let most = 0;
    for (const own of counts) {
      const end = Math.min(own.length, (set + 1) * perSet);
      for (let group = set * perSet; group < end; group++) {
        most = Math.max(most, own[group] as number);
      }
    }
    return most;
  };
}

/** First column of every tile of the row group that has the row; those of other row groups of its set may be more. */
export function listColumns(
  matrix: SparseMatrix,
  tiling: Tiling,
  gate: number,
  row: number,
): Int32Array {
  const { tileRows, tileColumns } = tiling;
  const reader = new WordReader(ofGate(matrix.patterns, gate), tiling);
  return reader.words(Math.floor(row / tileRows)).map((word) => word * tileColumns);
}
