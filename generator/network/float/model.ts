import type { MatrixPatterns } from '../../sparsity/pattern.js';
import type { Pattern } from '../../sparsity/registry.js';
import { cellOf, type LayerCell } from '../cells/registry.js';
import type { Sized } from '../directions.js';
import { runsBackward } from '../loops.js';
import type { TableFunctions } from '../table-functions.js';
import type { LayerMatrices } from './layer-matrices.js';
import type { Reals } from './reals.js';

/** A trained network in floating point, as an importer hands it over. Matrices are [gate][row][column]. */
export interface FloatModel {
  readonly layers: readonly FloatLayer[];
  readonly output: FloatOutput | null;
  /**
   * Magnitude at which the source clips c, behind every step. The quantised network does not: its c saturates at the range
   * of its format only.
   */
  readonly cellClip?: number | undefined;
  /** What its gates and states go through; absent: sigmoid and tanh. */
  readonly functions?: TableFunctions | undefined;
  /**
   * Chosen patterns, an entry for each layer; every weight outside of them is zero. Absent: the pattern is
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

/** Layers that layer `l`, or the output layer behind all, reads side by side; -1 is the input frame. */
export function sourcesOf(
  { layers, output }: Pick<FloatModel, 'layers' | 'output'>,
  l: number,
): readonly number[] {
  return (layers[l] ?? output)?.from ?? [l - 1];
}

/** Values of h that layer `l` reads of the frame before. */
export function hiddenOf({ layers }: Pick<FloatModel, 'layers'>, l: number): number {
  const { loop = 0 } = layers[l] as FloatLayer;
  return (layers[l + loop] as FloatLayer).cells;
}

/** When layers are computed: layer l writes vector l + 1, as a pass does. */
export function timedLayers(model: FloatModel): readonly Sized[] {
  return model.layers.map(({ cell, cells: rows, h, loop = 0, direction, aligned }, l) => ({
    ...{ cell, rows, direction, aligned },
    operands: [
      { vectors: sourcesOf(model, l).map((source) => source + 1), age: 0 },
      ...(h === null ? [] : [{ vectors: [l + loop + 1], age: 1 } as const]),
    ],
  }));
}

/** Whether a layer begins with the last frame of an utterance. */
export function isBackward({ layers }: Pick<FloatModel, 'layers'>): boolean {
  return runsBackward({ passes: layers });
}

/**
 * Whether layer `l` writes what it reads of other layers: linear, without limits and bias, its matrix that of the identity. Such a layer
 * stands behind both directions of a last layer, whose values it puts side by side.
 */
export function isIdentity(model: FloatModel, l: number): boolean {
  const { cell, inputs, cells, x, bias, range } = model.layers[l] as FloatLayer;
  // a cell of a range of its own writes its sums, within that range
  if (cellOf(cell).range !== 'own' || inputs !== cells) return false;
  if (sourcesOf(model, l).includes(-1)) return false;
  const { low, high } = range ?? { low: -Infinity, high: Infinity };
  if (low !== -Infinity || high !== Infinity) return false;
  const one = (i: number) => (Math.floor(i / inputs) === i % inputs ? 1 : 0);
  return (
    bias.values.every((value) => value === 0) && x.values.every((value, i) => value === one(i))
  );
}

/** The pattern of one matrix: one that all gates share, or one per gate with the same sizes and counts. */
export type MatrixPattern = MatrixPatterns<Pattern>;

export interface FloatTensor {
  /** Name in the source file, used in reports and errors. */
  readonly name: string;
  readonly values: Float64Array;
}

/** The weights of a matrix. */
export interface FloatMatrix {
  readonly name: string;
  readonly values: Reals;
  /**
   * Positions that a pattern keeps although their values are zero, [gate][row][column], 1 or 0. Absent: a pattern
   * keeps those that are not zero.
   */
  readonly kept?: Uint8Array | undefined;
}

/** Least and largest value, both inclusive; they may be infinite. */
export interface RealRange {
  readonly low: number;
  readonly high: number;
}

export interface FloatLayer {
  readonly cell: LayerCell;
  /**
   * Layers whose values it reads side by side as x, by number, ascending; -1 is the input frame. Absent: the layer before it,
   * the frame in the first one.
   */
  readonly from?: readonly number[] | undefined;
  readonly inputs: number;
  readonly cells: number;
  /** [gate] of cells x inputs, gates in the order of the cell. */
  readonly x: FloatMatrix;
  /** [gate] of cells x the values of h; null where the cell reads no h. */
  readonly h: FloatMatrix | null;
  /**
   * Layers from this one to the one whose values of the frame before are its h: 1 where the next layer projects what this
   * one writes; absent: 0, its own.
   */
  readonly loop?: number | undefined;
  /**
   * Of a GRU whose reset gate stands before the product: r * h is multiplied, and there are three channels, r, z, n. Absent: it
   * stands behind it.
   */
  readonly reset?: 'before' | undefined;
  /**
   * Magnitude at which the source clips what its gates, or the tanh of an RNN, get: their sums with bias and peepholes, but not
   * the state; absent: it does not.
   */
  readonly sumClip?: number | undefined;
  /**
   * What a linear layer clamps its values to: [0, Infinity] is a ReLU; of an RNN with ReLU [0, ceiling]; absent: nothing, and what
   * is below zero.
   */
  readonly range?: RealRange | undefined;
  /**
   * [channel][cell], channels as those of the cell: the sum of both biases, but where a GRU has the one under its reset
   * gate apart (r, z, n_x, n_h; r, z, n where it stands before the product); zeros where the network has none.
   */
  readonly bias: FloatTensor;
  /**
   * Learned h, and in a cell that has it besides h its state, at the start of an utterance, [cell]; absent: zeros. The state
   * of a GRU is its h: it has no other.
   */
  readonly initial?: { readonly h: FloatTensor; readonly c: FloatTensor | null } | undefined;
  /** It begins with the last frame of an utterance, so that the step before is that of the frame behind; absent: with the first one. */
  readonly direction?: 'backward' | undefined;
  /**
   * Of a layer that runs backward: its values stand in the order in which it computes them, what it makes of the first frame
   * beside the last frame; absent: what it makes of a frame stands at that frame.
   */
  readonly aligned?: false | undefined;
}

export interface FloatOutput {
  /** As that of a layer; absent: the last one. */
  readonly from?: readonly number[] | undefined;
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: FloatMatrix;
  readonly bias: FloatTensor;
}
