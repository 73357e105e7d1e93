import type { FloatMatrix, FloatTensor } from '../float/model.js';

/** y = scale x + shift for every feature. */
export interface Scaling {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/**
 * W (scale x + shift) + b as W' x + b'. Biases behind those of the rows of W are of channels that do not read x
 * (n_h of a GRU), and stay as they are.
 */
export function foldBefore(
  { scale, shift }: Scaling,
  weights: FloatMatrix,
  bias: FloatTensor,
): { readonly weights: FloatMatrix; readonly bias: FloatTensor } {
  const columns = scale.length;
  const rows = weights.values.length / columns;
  const added = bias.values.map((value, row) => {
    if (row >= rows) return value;
    let sum = value;
    for (let i = 0; i < columns; i++) {
      sum += (weights.values[row * columns + i] as number) * (shift[i] as number);
    }
    return sum;
  });
  const scaled = Float64Array.from(
    weights.values,
    (weight, i) => weight * (scale[i % columns] as number),
  );
  return { weights: { ...weights, values: scaled }, bias: { ...bias, values: added } };
}

/** scale · (W x + b) + shift as W' · x + b'. */
export function foldBehind(
  { scale, shift }: Scaling,
  weights: FloatMatrix,
  bias: FloatTensor,
): { readonly weights: FloatMatrix; readonly bias: FloatTensor } {
  const columns = weights.values.length / scale.length;
  const at = (list: Float64Array, i: number) => list[i] as number;
  return {
    weights: {
      ...weights,
      values: Float64Array.from(
        weights.values,
        (one, i) => one * at(scale, Math.floor(i / columns)),
      ),
    },
    bias: { ...bias, values: bias.values.map((one, i) => one * at(scale, i) + at(shift, i)) },
  };
}
