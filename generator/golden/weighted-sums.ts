import type { SparseMatrix } from '../network/model.js';
import { accumulatePacked, type PackedRows, packedRows } from './packed-rows.js';
import { accumulateRows, type SparseRows, sparseRows } from './sparse-rows.js';

/** A matrix in the form in which its exact sums are computed. */
export type Weights = PackedRows | SparseRows;

/** Packed rows where the sums are small enough for that, else sparse rows; the sums are the same. */
export function weightsOf(matrix: SparseMatrix, activationBits: number): Weights {
  return packedRows(matrix, activationBits) ?? sparseRows(matrix);
}

/** sums[r] += 2^shift * (row r of the matrix times x), exact; x are codes of the activation word. */
export function accumulate(
  weights: Weights,
  x: Float64Array,
  shift: number,
  sums: Float64Array,
): void {
  if (weights.kind === 'packed') accumulatePacked(weights, x, shift, sums);
  else accumulateRows(weights, x, shift, sums);
}

/** 2^shift * bias, the value that sums start from. */
export function shiftedBias(bias: Int32Array, shift: number): Float64Array {
  return Float64Array.from(bias, (code) => code * 2 ** shift);
}
