import { alignSums, TABLE_INPUT_FRACTION, TABLE_OUTPUT_FRACTION } from '../network/arithmetic.js';
import { hiddenFraction, type Model, xFraction } from '../network/model.js';
import type { LayerWalk, MatrixWalk } from './walk.js';

/** Shift amounts and points of one layer: what the cell table holds. */
export interface LayerNumbers {
  readonly shiftX: number;
  readonly shiftH: number;
  readonly shiftBias: number;
  /** Fraction bits of the aligned sum. */
  readonly fraction: number;
  /** Rounding shift to the table input; 0 in the output layer. */
  readonly round: number;
  /** Fraction bits of c; null in the output layer. */
  readonly cellPoint: number | null;
}

export function numbersOf(model: Model, layer: LayerWalk): LayerNumbers {
  const h = hiddenFraction(model.words);
  if (layer.kind === 'output') {
    const output = model.output as NonNullable<Model['output']>;
    const a = alignSums({ x: output.weights.exponent + h, h: null, bias: output.biasFraction });
    return {
      shiftX: a.x,
      shiftH: 0,
      shiftBias: a.bias,
      fraction: a.fraction,
      round: 0,
      cellPoint: null,
    };
  }
  const lstm = model.layers[layer.index] as Model['layers'][number];
  const a = alignSums({
    x: lstm.x.exponent + xFraction(model, layer.index),
    h: lstm.h.exponent + h,
    bias: lstm.biasFraction,
  });
  return {
    shiftX: a.x,
    shiftH: a.h,
    shiftBias: a.bias,
    fraction: a.fraction,
    round: a.fraction - TABLE_INPUT_FRACTION,
    cellPoint: lstm.cellFraction,
  };
}

/** Products in one row sum: every position of the kept blocks, padding columns included. */
export function productsPerRow(walk: MatrixWalk, tileColumns: number): number {
  return walk.tiles * tileColumns;
}

/** Bits of a two's complement word that holds +- `magnitude`. */
export function signedBits(magnitude: number): number {
  return Math.floor(Math.log2(magnitude)) + 2;
}

/** Largest magnitude of a sum of `products` products. */
export function worstSum(products: number, weightBits: number, activationBits: number): number {
  return products * 2 ** (weightBits + activationBits - 2);
}

/** Finest binary point the cell update works at: at least that of the tables. */
export function cellPointMost(points: readonly number[]): number {
  return Math.max(TABLE_OUTPUT_FRACTION, ...points);
}
