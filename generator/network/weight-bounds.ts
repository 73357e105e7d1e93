import { type CellKind, cellOf } from './cells/registry.js';
import type { Model, SparseMatrix } from './model.js';
import { programOf } from './program.js';

/** Smallest and largest value that an exact sum can take, in units of its last bit. */
export interface SumRange {
  readonly low: number;
  readonly high: number;
}

/** Ranges of the sums of one pass; the sums are those of `SumBounds`. */
export interface SumRanges {
  readonly x: SumRange;
  readonly h: SumRange | null;
  readonly aligned: SumRange;
}

/**
 * Ranges over all activations that the word length allows, with the weights and biases that the model has: the
 * worst row, each activation at whichever of -2^(n-1) and 2^(n-1) - 1 makes its product smallest or largest. Every
 * partial sum lies within them too. Of every pass in order.
 */
export function weightBounds(model: Model): readonly SumRanges[] {
  const { words, passes } = programOf(model);
  const limit = 2 ** (words.activation - 1);
  return passes.map(({ cell, rows, operands, bias, initial, align }): SumRanges => {
    const [x, h = null] = operands.map(({ matrix }) => rowRanges(matrix, limit)) as [Rows, Rows?];
    const sides = [
      byChannel(cell, rows, 'x', scaled(x, align.x)),
      ...(h === null ? [] : [byChannel(cell, rows, 'h', scaled(h, align.h))]),
    ];
    // in the first frame of an utterance what is read of the frame before is zero
    const now = sides.filter((_, o) => operands[o]?.age === 0);
    const aligned = union([
      alignedRange(bias, sides, align.bias),
      ...(initial === undefined ? [] : [alignedRange(initial.bias, now, align.bias)]),
    ]);
    return { x: widest(x), h: h && widest(h), aligned };
  });
}

/** Ranges of sums, one below the other: of the rows of all gates, [gate][row], or of all channels, [channel][row]. */
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

/** What one operand brings to the sums of each channel: [channel][row], zeros where it brings nothing. */
function byChannel(kind: CellKind, rows: number, side: 'x' | 'h', { low, high }: Rows): Rows {
  const { channels } = cellOf(kind);
  const spread = (own: Float64Array) => {
    const all = new Float64Array(channels.length * rows);
    channels.forEach(({ gate, operands }, n) => {
      if (operands !== 'all' && operands !== side) return;
      all.set(own.subarray(gate * rows, (gate + 1) * rows), n * rows);
    });
    return all;
  };
  return { low: spread(low), high: spread(high) };
}

/** The worst row of sums that are aligned already, and the bias. */
function alignedRange(bias: Int32Array, sides: readonly Rows[], shift: number): SumRange {
  const total = (row: number, edge: keyof Rows) =>
    sides.reduce((sum, side) => sum + (side[edge][row] as number), 0);
  const biases = Array.from(bias, (code) => code * 2 ** shift);
  return widest({
    low: Float64Array.from(biases, (value, row) => value + total(row, 'low')),
    high: Float64Array.from(biases, (value, row) => value + total(row, 'high')),
  });
}

function union(ranges: readonly SumRange[]): SumRange {
  return {
    low: Math.min(...ranges.map(({ low }) => low)),
    high: Math.max(...ranges.map(({ high }) => high)),
  };
}

function widest({ low, high }: Rows): SumRange {
  return {
    low: low.reduce((least, value) => Math.min(least, value), 0),
    high: high.reduce((most, value) => Math.max(most, value), 0),
  };
}
