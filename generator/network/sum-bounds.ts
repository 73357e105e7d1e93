import { patternKind } from '../sparsity/kind-of.js';
import type { SumAlignment } from './arithmetic.js';
import type { Model, SparseMatrix, WordLengths } from './model.js';
import { programOf } from './program.js';

/**
 * Largest magnitudes of the exact sums of one pass, in units of their last bit. Structural: over all weights,
 * activations and biases that the shape and the word lengths allow, so that other weights fit the same hardware.
 */
export interface SumBounds {
  /** Sx = sum of Wx * x of one row, as the MAC array accumulates it. */
  readonly x: number;
  /** Sh = sum of Wh * h of one row; null in a pass of one operand. */
  readonly h: number | null;
  /** s = (Sx << x) + (Sh << h) + (b << bias), see `alignSums`. */
  readonly aligned: number;
}

/** Bounds of every pass in order. */
export function structuralBounds(model: Model): readonly SumBounds[] {
  const { words, passes } = programOf(model);
  return passes.map(({ operands, align }): SumBounds => {
    const [x, h = null] = operands.map(({ matrix }) => worstSum(matrix, words)) as [
      number,
      number?,
    ];
    return { x, h, aligned: x * 2 ** align.x + (h ?? 0) * 2 ** align.h + worstBias(words, align) };
  });
}

/** Products that one row of a matrix adds up, those beyond the last column too. */
export function productsPerRow(matrix: SparseMatrix): number {
  return Math.max(
    ...matrix.patterns.map((pattern) => patternKind(pattern).counts.productsPerRow(pattern)),
  );
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
