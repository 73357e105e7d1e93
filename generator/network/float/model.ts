import type { MatrixPatterns } from '../../sparsity/pattern.js';
import type { Pattern } from '../../sparsity/registry.js';
import type { LayerMatrices } from './layer-matrices.js';

/** A trained network in floating point, as an importer hands it over. Matrices are [gate][row][column]. */
export interface FloatModel {
  readonly layers: readonly FloatLayer[];
  readonly output: FloatOutput | null;
  /**
   * Magnitude at which the source clips c, behind every step. The quantised network does not: its c saturates at the range
   * of its format only.
   */
  readonly cellClip?: number | undefined;
  /**
   * Chosen patterns, an entry for each recurrent layer; every weight outside of them is zero. Absent: the pattern is
   * what the zeros say.
   */
  readonly patterns?: readonly LayerMatrices<MatrixPattern>[];
}

/** Values of an input frame. */
export function inputsOf({ layers }: Pick<FloatModel, 'layers'>): number {
  return layers[0]?.inputs as number;
}

/** Values of an output frame: of the output layer, or h of the last layer. */
export function outputsOf({ layers, output }: Pick<FloatModel, 'layers' | 'output'>): number {
  return output?.outputs ?? (layers.at(-1)?.cells as number);
}

/** The pattern of one matrix: one that all gates share, or one per gate with the same sizes and counts. */
export type MatrixPattern = MatrixPatterns<Pattern>;

export interface FloatTensor {
  /** Name in the source file, used in reports and errors. */
  readonly name: string;
  readonly values: Float64Array;
}

export interface FloatLayer {
  readonly inputs: number;
  readonly cells: number;
  /** Gates i, f, g, o of cells x inputs. */
  readonly x: FloatTensor;
  /** Gates i, f, g, o of cells x cells. */
  readonly h: FloatTensor;
  /** Sum of both biases, [gate][cell]; zeros where the network has none. */
  readonly bias: FloatTensor;
  /** Learned h and c at the start of an utterance, [cell]; absent: zeros. */
  readonly initial?: { readonly h: FloatTensor; readonly c: FloatTensor } | undefined;
}

export interface FloatOutput {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: FloatTensor;
  readonly bias: FloatTensor;
}
