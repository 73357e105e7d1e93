import type { Pattern } from '../sparsity/registry.js';
import type { TableFunction } from './cells/cell.js';
import type { CellKind } from './cells/registry.js';
import type { TableScheme } from './table-scheme.js';
import type { WordLengths } from './words.js';

export type { TableScheme } from './table-scheme.js';
export type { WordLengths } from './words.js';

/**
 * The quantised matrix of one operand of a pass: all its gates of `rows` x `columns`, side by side.
 * weight value = code * 2^-exponent.
 */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** One pattern that all gates share, or one per gate (of one kind, with the same sizes and counts). */
  readonly sharing: 'shared' | 'per-gate';
  readonly patterns: readonly Pattern[];
  readonly exponent: number;
  /** Codes, dense, [gate][row][column], zero where a weight is not kept. */
  readonly codes: Int16Array;
}

/** A matrix, and what it multiplies: a vector, or several side by side. */
export interface ModelOperand {
  /** Numbers of the vectors, ascending: 0 is the input, n + 1 what pass n writes. Columns are those of the first one, then of the next. */
  readonly vectors: readonly number[];
  /** Steps that the vectors are old: 0, or 1 for what is read of the step before. */
  readonly age: 0 | 1;
  readonly matrix: SparseMatrix;
}

/**
 * What a pass starts an utterance with. In the first frame what it reads of the frame before is zero, and its share of the
 * sums, W_h times the values that are learned for that frame, is part of a bias of its own.
 */
export interface InitialState {
  /** In place of `bias` in the first frame: codes of the same format, [channel][row]. */
  readonly bias: Int32Array;
  /** The state before the first frame: codes in the format of the state, [row]; null where the cell has none. */
  readonly state: Int32Array | null;
}

/** Least and largest value, both inclusive. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** One or two products of a matrix and a vector, a cell for each row. Pass n writes vector n + 1. */
export interface ModelPass {
  readonly cell: CellKind;
  /** Rows of each gate, which is the length of the vector that it writes. */
  readonly rows: number;
  readonly operands: readonly ModelOperand[];
  /** Codes, [channel][row]: one for each sum that the cell gets. */
  readonly bias: Int32Array;
  readonly biasFraction: number;
  /** Fraction bits of the state; null where the cell has none. */
  readonly stateFraction: number | null;
  /** Fraction bits of what it writes, of a cell that leaves them to each pass; absent: the cell says them. */
  readonly valueFraction?: number | undefined;
  /** Codes that it writes, of a cell that leaves them to each pass; absent: all that the word holds. */
  readonly range?: ValueRange | undefined;
  /**
   * Largest magnitude of its sums where they go to tables, in steps of a table input, of a cell that may clip them; absent: what a
   * table input holds.
   */
  readonly clip?: number | undefined;
  /** Learned; absent: an utterance starts from zeros. */
  readonly initial?: InitialState | undefined;
  /** It begins with the last frame of an utterance, so that `age` 1 is of the frame behind; absent: with the first one. */
  readonly direction?: 'backward' | undefined;
  /**
   * Of a pass that runs backward: its values stand in the order of its steps, so that those of the first frame stand at the place
   * of the last one; absent: what it makes of a frame stands at that frame.
   */
  readonly aligned?: false | undefined;
}

/**
 * Piecewise linear function of |u|, which is clamped to its last code: with s bits of |u| inside a segment,
 * y = y0[k] + ((slope[k] * r + 2^(s - 1)) >> s), k = |u| >> s, r = |u| mod 2^s.
 */
export interface ActivationTable {
  /** Of each segment, 0 ... 1. */
  readonly y0: Int32Array;
  /** y0 of the next segment minus y0 of this one, not negative. */
  readonly slope: Int32Array;
}

/** The tables of all functions, cut alike. */
export interface ActivationTables extends Readonly<Record<TableFunction, ActivationTable>> {
  readonly scheme: TableScheme;
}

/** A quantised network: what is computed in a frame, pass by pass (see `programOf`). */
export interface Model {
  readonly words: WordLengths;
  /** Values of an input frame, and their fraction bits. */
  readonly input: { readonly length: number; readonly fraction: number };
  /** In the order of execution; the last one writes the output. */
  readonly passes: readonly ModelPass[];
  readonly tables: ActivationTables;
  /** Where the model came from; strings only, written to the file as they are. */
  readonly provenance: Readonly<Record<string, string>>;
}
