import type { SparseMatrix } from '../../network/model.js';
import type { Side, SideTable } from '../control/layer-table.js';
import type { Rom } from '../memory/leaf.js';
import type { RomStore } from '../memory/store.js';
import type { Configuration, DecoderConfiguration } from '../plan/configuration.js';
import type { MatrixWalk, PassWalk, Tiling } from '../schedule/pass-walk.js';
import type { DecoderModule, TileCounter } from './ports.js';

/** A limit of a design that a model may break: what the design has, what the model needs. */
export interface Demand {
  readonly limit: string;
  readonly has: string | number;
  readonly needs: string | number;
  readonly ok: boolean;
}

/** What a kind of pattern brings to the hardware: how its matrices are cut into tiles, and the block that finds them. */
export interface DecoderKind {
  /**
   * Who counts the tiles of a row group set: the decoder, because there are as many in every set of a pass, or the sequencer,
   * by its table of jobs.
   */
  readonly counts: TileCounter;
  /** It walks matrices of any kind of pattern. */
  readonly walksAny?: true;
  /** Sides that the sides of a tile must divide. */
  readonly units: (matrix: SparseMatrix) => readonly number[];
  /** Tiles of a matrix, by row group set; `rowsPerSet`: rows of one gate in a set. */
  readonly tiles: (matrix: SparseMatrix, tiling: Tiling, rowsPerSet: number) => MatrixWalk['tiles'];
  /** Tiles of a completing operand behind which the lanes may begin; absent: all of its set. */
  readonly lanesFrom?: (matrix: SparseMatrix, tiling: Tiling) => number;
  /** First column of every tile of a row of one gate; of rows in the padding too, whose weights are zero. */
  readonly columns: (matrix: SparseMatrix, tiling: Tiling, gate: number, row: number) => Int32Array;
  /** What the decoder needs of a configuration; with `least`: at least what that one is made of. */
  readonly configure: (
    walks: readonly PassWalk[],
    tiling: Tiling,
    perGate: boolean,
    least: DecoderConfiguration | null,
  ) => { readonly streamShare: number; readonly decoder: DecoderConfiguration };
  /** What of its own the shape contract says: any model within these runs on the same Verilog. */
  readonly limits: (has: DecoderConfiguration) => Readonly<Record<string, unknown>>;
  /** What a model needs of the decoder, against what a design has. */
  readonly demands: (has: Configuration, need: Configuration) => readonly Demand[];
  /** Its fields of the layer table. */
  readonly table: SideTable;
  /** Their values, for a side of a pass. */
  readonly record: (
    c: Configuration,
    walks: readonly PassWalk[],
    walk: PassWalk,
    side: Side,
  ) => Readonly<Record<string, number>>;
  /** Its memories, with what they hold. */
  readonly stores: (c: Configuration) => readonly RomStore[];
  readonly module: (c: Configuration, rom: Rom) => DecoderModule;
}
