import type { FloatLayer, FloatMatrix, FloatTensor, RealRange } from '../float/model.js';

/** W x + b of a fully connected layer. */
export interface Product {
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs][inputs] */
  readonly weights: FloatMatrix;
  readonly bias: FloatTensor;
}

/** What a function does with the sums of a fully connected layer, as far as hardware computes it. */
export type Effect =
  | { readonly is: 'nothing' | 'sigmoid' | 'tanh' }
  /** alpha sum + beta, clamped to a range. */
  | {
      readonly is: 'range';
      readonly range: RealRange;
      readonly alpha: number;
      readonly beta: number;
    };

/** A function that clamps its sums, scaled and shifted before. */
export const clamp = (low: number, high: number, alpha = 1, beta = 0): Effect => ({
  is: 'range',
  range: { low, high },
  alpha,
  beta,
});

/** A fully connected layer of the hardware. What scales its sums goes into weights and bias. */
export function denseLayer(
  { inputs, outputs, weights, bias }: Product,
  effect: Effect,
): FloatLayer {
  const layer = { inputs, cells: outputs, x: weights, h: null, bias };
  if (effect.is === 'nothing') return { ...layer, cell: 'dense-linear' };
  if (effect.is !== 'range') return { ...layer, cell: `dense-${effect.is}` };
  const { range, alpha, beta } = effect;
  return {
    ...layer,
    cell: 'dense-linear',
    x: { ...weights, values: Float64Array.from(weights.values, (one) => alpha * one) },
    bias: { ...bias, values: bias.values.map((one) => alpha * one + beta) },
    range,
  };
}
