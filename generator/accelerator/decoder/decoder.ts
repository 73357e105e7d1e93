import type { SparseMatrix } from '../../network/model.js';
import type { Side } from '../control/layer-table.js';
import type { Rom } from '../memory/leaf.js';
import type { RomStore } from '../memory/store.js';
import type { Configuration } from '../plan/configuration.js';
import type { MatrixWalk, PassWalk, Tiling } from '../schedule/pass-walk.js';

/** What a kind of pattern brings to the hardware: how its matrices are cut into tiles, and the block that finds them. */
export interface DecoderKind<M> {
  /** Cycles from the issue of a tile to its addresses. */
  readonly latency: number;
  /** Tiles of a matrix, by row group set. */
  readonly walk: (matrix: SparseMatrix, tiling: Tiling) => MatrixWalk;
  /** First column of every tile of a row of one gate; of rows in the padding too, whose weights are zero. */
  readonly columns: (matrix: SparseMatrix, tiling: Tiling, gate: number, row: number) => Int32Array;
  /** What the decoder needs of a configuration; `least`: levels that it has at least. */
  readonly configure: (
    walks: readonly PassWalk[],
    tiling: Tiling,
    perGate: boolean,
    least: number,
  ) => Pick<Configuration, 'streamShare' | 'innerMost' | 'levels'>;
  /** Values of its fields in the layer table, for a side of a pass. */
  readonly record: (
    c: Configuration,
    walks: readonly PassWalk[],
    walk: PassWalk,
    side: Side,
  ) => Readonly<Record<string, number>>;
  /** Its memories, with what they hold. */
  readonly stores: (c: Configuration) => readonly RomStore[];
  readonly module: (c: Configuration, rom: Rom) => M;
}
