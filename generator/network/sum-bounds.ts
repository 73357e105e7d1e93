import { keptBlocksPerRow } from '../sparsity/count.js';
import { alignSums, type SumAlignment } from './arithmetic.js';
import {
  hiddenFraction,
  type LstmLayer,
  type Model,
  type OutputLayer,
  type SparseMatrix,
  type WordLengths,
  xFraction,
} from './model.js';

/**
 * Largest magnitudes of the exact sums of one layer, in units of their last bit. Structural: over all weights,
 * activations and biases that the shape and the word lengths allow, so that other weights fit the same hardware.
 */
export interface SumBounds {
  /** Sx = sum of Wx * x of one row, as the MAC array accumulates it. */
  readonly x: number;
  /** Sh = sum of Wh * h of one row; null in the output layer, which has one sum. */
  readonly h: number | null;
  /** s = (Sx << x) + (Sh << h) + (b << bias), see `alignSums`. */
  readonly aligned: number;
}

/** Bounds of the LSTM layers in order, then of the output layer if there is one. */
export function structuralBounds(model: Model): readonly SumBounds[] {
  const { words, output } = model;
  const lstm = model.layers.map((layer, l): SumBounds => {
    const align = layerAlignment(model, l);
    const x = worstSum(layer.x, words);
    const h = worstSum(layer.h, words);
    return { x, h, aligned: x * 2 ** align.x + h * 2 ** align.h + worstBias(words, align) };
  });
  if (output === null) return lstm;
  const align = outputAlignment(output, words);
  const x = worstSum(output.weights, words);
  return [...lstm, { x, h: null, aligned: x * 2 ** align.x + worstBias(words, align) }];
}

/** How the sums of LSTM layer `index` meet. */
export function layerAlignment(model: Model, index: number): SumAlignment {
  const layer = model.layers[index] as LstmLayer;
  return alignSums({
    x: xFraction(model, index) + layer.x.exponent,
    h: hiddenFraction(model.words) + layer.h.exponent,
    bias: layer.biasFraction,
  });
}

/** How the sum and the bias of the output layer meet. */
export function outputAlignment(
  { weights, biasFraction }: Pick<OutputLayer, 'weights' | 'biasFraction'>,
  words: WordLengths,
): SumAlignment {
  const x = hiddenFraction(words) + weights.exponent;
  return alignSums({ x, h: null, bias: biasFraction });
}

/**
 * Products that one row of a matrix adds up: every position of its kept blocks, those beyond the last column too;
 * in a dense matrix the columns.
 */
export function productsPerRow(matrix: SparseMatrix): number {
  const pattern = matrix.patterns[0];
  const innermost = pattern?.blocks.at(-1);
  if (pattern === undefined || innermost === undefined) return matrix.columns;
  return keptBlocksPerRow(pattern) * innermost;
}

/** Bits of the shortest two's complement word that holds low ... high, low <= 0 <= high. */
export function bitsHolding(low: number, high: number): number {
  let bits = 1;
  while (low < -(2 ** (bits - 1)) || high >= 2 ** (bits - 1)) bits++;
  return bits;
}

/** Bits of the shortest two's complement word that holds +- `magnitude`. */
export function signedBits(magnitude: number): number {
  return bitsHolding(-magnitude, magnitude);
}

/** Both factors of every product at their most negative code. */
function worstSum(matrix: SparseMatrix, { weight, activation }: WordLengths): number {
  return productsPerRow(matrix) * 2 ** (weight + activation - 2);
}

function worstBias({ bias }: WordLengths, align: SumAlignment): number {
  return 2 ** (bias - 1 + align.bias);
}
