import { TABLE_INPUT_FRACTION, TABLE_OUTPUT_FRACTION } from '../../network/arithmetic.js';
import type { Model } from '../../network/model.js';
import {
  layerAlignment,
  outputAlignment,
  signedBits,
  structuralBounds,
} from '../../network/sum-bounds.js';
import type { LayerWalk } from '../schedule/walk.js';

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
  if (layer.kind === 'output') {
    const a = outputAlignment(model.output as NonNullable<Model['output']>, model.words);
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
  const a = layerAlignment(model, layer.index);
  return {
    shiftX: a.x,
    shiftH: a.h,
    shiftBias: a.bias,
    fraction: a.fraction,
    round: a.fraction - TABLE_INPUT_FRACTION,
    cellPoint: lstm.cellFraction,
  };
}

/** Word lengths of the exact sums. */
export interface SumWidths {
  /** Accumulators of the MAC array: Sx and Sh of every layer. */
  readonly accumulatorBits: number;
  /** Aligned sums, and so the outputs of an output layer. */
  readonly sumBits: number;
}

/**
 * The structural worst case of a model, `headroom` bits more for the aligned sums. An accumulator is at least as
 * wide as the sum of one row of a tile, which matters only where a tile is wider than every row of the model; the
 * weights in the padding of a tile are zero.
 */
export function sumWidths(model: Model, tileColumns: number, headroom: number): SumWidths {
  const bounds = structuralBounds(model);
  const { weight, activation } = model.words;
  const tree = weight + activation + Math.ceil(Math.log2(tileColumns));
  const sums = bounds.flatMap(({ x, h }) => [x, h ?? 0]);
  const accumulatorBits = Math.max(tree, signedBits(Math.max(...sums)));
  const aligned = signedBits(Math.max(...bounds.map((bound) => bound.aligned))) + headroom;
  return { accumulatorBits, sumBits: Math.max(16, accumulatorBits, aligned) };
}

/** Finest binary point the cell update works at: at least that of the tables. */
export function cellPointMost(points: readonly number[]): number {
  return Math.max(TABLE_OUTPUT_FRACTION, ...points);
}
