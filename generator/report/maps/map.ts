import type { SparseMatrix } from '../../network/model.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { Pattern } from '../../sparsity/registry.js';
import { type Band, bandsOf, blockHeight, keptInRow } from './bands.js';
import { decodeBands, encodeBands, type MapData } from './codec.js';

/** What one pattern of a matrix keeps. */
export interface PatternMap extends MapData {
  /** The gate whose pattern it is; null: all gates of the matrix share it. */
  readonly gate: string | null;
  /** The pattern in words. */
  readonly pattern: string;
  /** Kept weights, without padding and without fill. */
  readonly kept: number;
  /** Positions that are drawn as kept besides: zero blocks that only complete the pattern. */
  readonly filled: number;
}

/**
 * The sparsity map of a matrix, as a page holds it in JSON: what each pattern keeps, packed.
 *
 * `data` of a pattern is base64 of raw DEFLATE of bytes, in one of two forms, the smaller one before it is packed:
 *
 * - `runs`: row bands from the top until `rows` is reached. A band is: its number of rows (1 or more); its number of runs; of each
 *   run, from the left, the columns between the end of the run before it (or column 0) and its first one, and its width. Each of
 *   these is a varint, unsigned LEB128: 7 bits a byte, low ones first, bit 7 set in all but the last byte.
 * - `bits`: `rows` times ceil(columns / 8) bytes; column c of a row is bit c mod 8 (0 = least significant) of byte floor(c / 8),
 *   1 = kept. Bits at or beyond `columns` are 0.
 */
export interface MatrixMap {
  readonly name: string;
  /** Size of the matrix of one gate, without padding. */
  readonly rows: number;
  readonly columns: number;
  /** One that all gates share, or one for each gate. */
  readonly patterns: readonly PatternMap[];
}

/** Neighbouring rows of a matrix, and what they keep. */
export interface RowGroup {
  /** First row, and number of rows. */
  readonly row: number;
  readonly rows: number;
  /** Kept positions of these rows, fill included, one number for each pattern of the map. */
  readonly kept: readonly number[];
}

/**
 * The map of a matrix. `gates`: names of its gates, for those with a pattern each; absent: their numbers, from 0.
 */
export function mapOf(matrix: SparseMatrix, name: string, gates?: readonly string[]): MatrixMap {
  const { rows, columns, sharing, patterns } = matrix;
  const gateOf = (n: number): string | null =>
    sharing === 'shared' ? null : (gates?.[n] ?? String(n));
  return {
    ...{ name, rows, columns },
    patterns: patterns.map((pattern, n) => patternMap(pattern, gateOf(n))),
  };
}

function patternMap(pattern: Pattern, gate: string | null): PatternMap {
  const { counts, report } = patternKind(pattern);
  return {
    ...{ gate, pattern: report.text(pattern) },
    ...{ kept: counts.kept(pattern), filled: counts.filled(pattern) },
    ...encodeBands(bandsOf(pattern), pattern),
  };
}

/** The row bands of a pattern of a map, from top to bottom. */
export function bandsIn(map: MatrixMap, pattern: PatternMap): readonly Band[] {
  return decodeBands(pattern, map);
}

/**
 * What groups of rows keep: a block row each, or as many neighbouring ones as it takes to have at most `groups` groups. Block
 * rows are those that hold for all patterns of the map.
 */
export function keptByRows(map: MatrixMap, groups = 64): readonly RowGroup[] {
  const bands = map.patterns.map((pattern) => bandsIn(map, pattern));
  const height = blockHeight(bands.flat());
  const blocks = Math.ceil(map.rows / height);
  const rows = height * Math.ceil(blocks / groups);
  const kept = bands.map((own) => keptByGroup(own, rows, Math.ceil(map.rows / rows)));
  return Array.from({ length: Math.ceil(map.rows / rows) }, (_, n) => ({
    row: n * rows,
    rows: Math.min(rows, map.rows - n * rows),
    kept: kept.map((own) => own[n] as number),
  }));
}

/** Kept positions of groups of `rows` rows each. */
function keptByGroup(bands: readonly Band[], rows: number, groups: number): readonly number[] {
  const kept = new Array<number>(groups).fill(0);
  for (const band of bands) {
    const inRow = keptInRow(band);
    for (let row = band.row; row < band.row + band.rows; row++) {
      const group = Math.floor(row / rows);
      kept[group] = (kept[group] as number) + inRow;
    }
  }
  return kept;
}
