import type { SparseMatrix } from '../../../network/model.js';
import type { Pattern } from '../../../sparsity/registry.js';
import type { MatrixWalk, Tiling } from '../../schedule/pass-walk.js';
import { groupWords, WordReader } from './words.js';

/** The pattern that a gate follows: its own, or the one that all gates share. */
function patternOf({ patterns }: SparseMatrix, gate: number): Pattern {
  return (patterns.length === 1 ? patterns[0] : patterns[gate]) as Pattern;
}

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
  const reader = new WordReader(patternOf(matrix, gate), tiling);
  return reader.words(Math.floor(row / tileRows)).map((word) => word * tileColumns);
}
