import type { z } from 'zod';

/** The part of a compressed-model file that holds the patterns of one matrix and its codes. */
export interface PatternFile<P, D> {
  /** A strict object with the literal `kind`: what is no tensor, without the size of the matrix. */
  readonly description: z.ZodObject & z.ZodType<D>;
  /** Describes the patterns of a matrix: one that all gates share, or one per gate. */
  describe(patterns: readonly P[]): D;
  /**
   * Every tensor that a matrix of this description has, `codes` first.
   * @throws UserError MODEL_INVALID when the description does not agree with itself or with the matrix.
   */
  tensors(description: D, matrix: FileMatrix, at: FilePlace): readonly FileTensor[];
  /**
   * Values of these tensors by part. `codes` is dense, [gate][row][column].
   * @throws RangeError when a code that is not zero lies outside of what the patterns keep.
   */
  encode(
    patterns: readonly P[],
    codes: Int16Array,
    matrix: FileMatrix,
    name: string,
  ): ReadonlyMap<string, ArrayLike<number>>;
  /**
   * Inverse of `describe` and `encode`: patterns that are checked, and dense codes.
   * @throws UserError of `validate`, or MODEL_INVALID for codes that are not zero beyond the matrix.
   */
  decode(
    description: D,
    values: ReadonlyMap<string, ArrayLike<number>>,
    matrix: FileMatrix,
    at: FilePlace,
  ): { readonly patterns: readonly P[]; readonly codes: Int16Array };
}

/** A matrix as the file sees it: `gates` gates of rows x columns. */
export interface FileMatrix {
  readonly gates: number;
  readonly rows: number;
  readonly columns: number;
  /** Patterns: one that all gates share, or one per gate. */
  readonly patterns: number;
  /** Bits of a code. */
  readonly weightBits: number;
}

/** One tensor of a matrix: `part` is what its name ends in, e.g. `codes` or `index.0`. */
export interface FileTensor {
  readonly part: string;
  readonly dtype: 'I8' | 'I16' | 'U8' | 'U16' | 'I32';
  readonly shape: readonly number[];
}

/** Where a matrix stands, for errors: its name in the file, and the file. */
export interface FilePlace {
  readonly name: string;
  readonly file?: string | undefined;
}
