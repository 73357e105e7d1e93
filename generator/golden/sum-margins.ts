import { cellOf } from '../network/cells/registry.js';
import type { Model } from '../network/model.js';
import { bitsHolding, signedBits, structuralBounds } from '../network/sum-bounds.js';
import { type SumRange, type SumRanges, weightBounds } from '../network/weight-bounds.js';
import type { SumPeaks } from './sum-peaks.js';

/** How much of its word one exact sum needs. Bits are those of a two's complement word. */
export interface SumMargin {
  /** Recurrent layer, or null for the output layer. */
  readonly layer: number | null;
  /** `x`: Wx * x, in the output layer W * h; `h`: Wh * h; `aligned`: both and the bias at one binary point. */
  readonly sum: 'x' | 'h' | 'aligned';
  /** The structural worst case: what hardware for this shape has to hold, whatever the weights. */
  readonly bits: number;
  /** The worst case with the weights and biases of this model. */
  readonly neededBits: number;
  /** bits - neededBits. */
  readonly margin: number;
  /** Largest magnitude of a finished sum in the run, in units of its last bit. */
  readonly largest: number;
  /** Bits that hold it with either sign. */
  readonly largestBits: number;
}

/** The margins of every sum of a model; `peaks` come from a run of its golden model. */
export function sumMargins(model: Model, peaks: readonly SumPeaks[]): readonly SumMargin[] {
  const bounds = structuralBounds(model);
  const ranges = weightBounds(model);
  return bounds.flatMap((bound, l) =>
    (['x', 'h', 'aligned'] as const).flatMap((sum) => {
      const magnitude = bound[sum];
      if (magnitude === null) return [];
      const { low, high } = (ranges[l] as SumRanges)[sum] as SumRange;
      const [bits, neededBits] = [signedBits(magnitude), bitsHolding(low, high)];
      const largest = peaks[l]?.[sum] as number;
      const layer = isOutput(model, l) ? null : l;
      const margin = bits - neededBits;
      return [{ layer, sum, bits, neededBits, margin, largest, largestBits: signedBits(largest) }];
    }),
  );
}

function isOutput({ passes }: Model, index: number): boolean {
  return cellOf((passes[index] as Model['passes'][number]).cell).leaves === 'sums';
}

/** Bits of an accumulator of the MAC array: the longest of the sums that it adds up, over all layers. */
export function accumulatorBits(margins: readonly SumMargin[]): number {
  const sums = margins.filter(({ sum }) => sum !== 'aligned');
  return Math.max(...sums.map(({ bits }) => bits));
}
