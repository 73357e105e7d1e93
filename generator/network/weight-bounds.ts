import type { LstmLayer, Model, OutputLayer, SparseMatrix } from './model.js';
import { layerAlignment, outputAlignment } from './sum-bounds.js';

/** Smallest and largest value that an exact sum can take, in units of its last bit. */
export interface SumRange {
  readonly low: number;
  readonly high: number;
}

/** Ranges of the sums of one layer; the sums are those of `SumBounds`. */
export interface SumRanges {
  readonly x: SumRange;
  readonly h: SumRange | null;
  readonly aligned: SumRange;
}

/**
 * Ranges over all activations that the word length allows, with the weights and biases that the model has: the
 * worst row, each activation at whichever of -2^(n-1) and 2^(n-1) - 1 makes its product smallest or largest. Every
 * partial sum lies within them too. LSTM layers in order, then the output layer.
 */
export function weightBounds(model: Model): readonly SumRanges[] {
  const { words, output } = model;
  const limit = 2 ** (words.activation - 1);
  const lstm = model.layers.map((layer: LstmLayer, l): SumRanges => {
    const align = layerAlignment(model, l);
    const x = rowRanges(layer.x, limit);
    const h = rowRanges(layer.h, limit);
    const aligned = alignedRange(layer, [scaled(x, align.x), scaled(h, align.h)], align.bias);
    return { x: widest(x), h: widest(h), aligned };
  });
  if (output === null) return lstm;
  const align = outputAlignment(output, words);
  const x = rowRanges(output.weights, limit);
  const aligned = alignedRange(output, [scaled(x, align.x)], align.bias);
  return [...lstm, { x: widest(x), h: null, aligned }];
}

/** Ranges of the rows of all gates, one below the other: [gate][row]. */
interface Rows {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

function rowRanges({ codes, columns }: SparseMatrix, limit: number): Rows {
  const rows = codes.length / columns;
  const low = new Float64Array(rows);
  const high = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let [positive, negative] = [0, 0];
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      const code = codes[i] as number;
      if (code > 0) positive += code;
      else negative -= code;
    }
    low[row] = 0 - positive * limit - negative * (limit - 1);
    high[row] = positive * (limit - 1) + negative * limit;
  }
  return { low, high };
}

function scaled({ low, high }: Rows, shift: number): Rows {
  const scale = 2 ** shift;
  return { low: low.map((value) => value * scale), high: high.map((value) => value * scale) };
}

/** The worst row of sums that are aligned already, and the bias. */
function alignedRange(
  { bias }: Pick<LstmLayer | OutputLayer, 'bias'>,
  sides: readonly Rows[],
  shift: number,
): SumRange {
  const total = (row: number, edge: keyof Rows) =>
    sides.reduce((sum, side) => sum + (side[edge][row] as number), 0);
  const biases = Array.from(bias, (code) => code * 2 ** shift);
  return widest({
    low: Float64Array.from(biases, (value, row) => value + total(row, 'low')),
    high: Float64Array.from(biases, (value, row) => value + total(row, 'high')),
  });
}

function widest({ low, high }: Rows): SumRange {
  return {
    low: low.reduce((least, value) => Math.min(least, value), 0),
    high: high.reduce((most, value) => Math.max(most, value), 0),
  };
}
