import type { Pattern } from '../sparsity/registry.js';

/** Gate order everywhere inside the program: input, forget, cell candidate, output (as PyTorch). */
export const GATES = ['i', 'f', 'g', 'o'] as const;
export type Gate = (typeof GATES)[number];

/** Word lengths in bits, two's complement, sign included. */
export interface WordLengths {
  /** Weight codes, all matrices. */
  readonly weight: number;
  /** x and h. h has `activation - 1` fraction bits. */
  readonly activation: number;
  /** Cell state c. */
  readonly cell: number;
  readonly bias: number;
}

/**
 * The quantised matrix of one side of a layer: four gates of `rows` x `columns` for an LSTM side, one
 * for the output layer. weight value = code * 2^-exponent.
 */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** One pattern that all gates share, or one per gate (same block sizes and counts in all of them). */
  readonly sharing: 'shared' | 'per-gate';
  readonly patterns: readonly Pattern[];
  readonly exponent: number;
  /** Codes, dense, [gate][row][column], zero where a weight is not kept. */
  readonly codes: Int16Array;
}

export interface LstmLayer {
  readonly kind: 'lstm';
  readonly inputs: number;
  readonly cells: number;
  /** Input side, 4 gates of cells x inputs. */
  readonly x: SparseMatrix;
  /** Recurrent side, 4 gates of cells x cells. */
  readonly h: SparseMatrix;
  /** b_ih + b_hh as codes, [gate][cell]. */
  readonly bias: Int32Array;
  readonly biasFraction: number;
  /** Fraction bits of c. */
  readonly cellFraction: number;
}

/** Fully connected layer on the last layer's h; its exact sums leave the hardware. */
export interface OutputLayer {
  readonly kind: 'output';
  readonly inputs: number;
  readonly outputs: number;
  /** One gate of outputs x inputs, dense. */
  readonly weights: SparseMatrix;
  readonly bias: Int32Array;
  readonly biasFraction: number;
}

/**
 * Piecewise linear function of |u|: y = y0[k] + ((slope[k] * r + 2^5) >> 6), k = |u| >> 6, r = |u| & 63,
 * |u| clamped to 8191. 128 segments; u has 14 bits with 10 fraction bits, y has 12 fraction bits.
 */
export interface ActivationTable {
  /** 0 ... 4096. */
  readonly y0: Int32Array;
  /** y0 of the next segment minus y0 of this one, 0 ... 511. */
  readonly slope: Int32Array;
}

export interface Model {
  readonly words: WordLengths;
  /** Fraction bits of the input frames, i.e. of x of layer 0. */
  readonly inputFraction: number;
  readonly layers: readonly LstmLayer[];
  readonly output: OutputLayer | null;
  readonly sigmoid: ActivationTable;
  readonly tanh: ActivationTable;
  /** Where the model came from; strings only, written to the file as they are. */
  readonly provenance: Readonly<Record<string, string>>;
}

/** Fraction bits of h, and so of x of every layer but the first. */
export function hiddenFraction(words: WordLengths): number {
  return words.activation - 1;
}

/** Fraction bits of the x that layer `index` reads. */
export function xFraction(model: Model, index: number): number {
  return index === 0 ? model.inputFraction : hiddenFraction(model.words);
}
