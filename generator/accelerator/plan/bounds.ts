import { cellOf } from '../../network/cells/registry.js';
import type { Model, TableScheme } from '../../network/model.js';
import type { Pass } from '../../network/program.js';
import { signedBits, structuralBounds } from '../../network/sum-bounds.js';

/** Shift amounts and points of one pass: what the cell table holds. */
export interface LayerNumbers {
  readonly shiftX: number;
  readonly shiftH: number;
  readonly shiftBias: number;
  /** Fraction bits of the aligned sum. */
  readonly fraction: number;
  /** Rounding shift of the sum; 0 where it stays exact. */
  readonly round: number;
  /** Fraction bits of the state; null where there is none. */
  readonly cellPoint: number | null;
  /** Fraction bits of the product of a peephole and the state; null where there are none. */
  readonly peepholePoint: number | null;
}

export function numbersOf({
  align,
  rounding,
  stateFraction,
  biasFraction,
  cell,
}: Pass): LayerNumbers {
  const sees = cellOf(cell).channels.some(({ operands }) => operands === 'none');
  return {
    shiftX: align.x,
    shiftH: align.h,
    shiftBias: align.bias,
    fraction: align.fraction,
    round: rounding === null ? 0 : align.fraction - rounding.to,
    cellPoint: stateFraction,
    peepholePoint: sees && stateFraction !== null ? biasFraction + stateFraction : null,
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
  return {
    accumulatorBits,
    sumBits: Math.max(leastSumBits(model.tables.scheme), accumulatorBits, aligned),
  };
}

/** Fewest bits of an aligned sum: two more than a table input has. */
export function leastSumBits({ inputBits }: TableScheme): number {
  return inputBits + 2;
}

/** Finest binary point the cell update works at: at least that of the tables. */
export function cellPointMost(points: readonly number[], { outputFraction }: TableScheme): number {
  return Math.max(outputFraction, ...points);
}
