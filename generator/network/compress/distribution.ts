import type { Reals } from '../float/reals.js';

/** Values below 2^-LOWEST in magnitude share one bin, values of 2^HIGHEST and more another one. */
const LOWEST = 64;
const HIGHEST = 64;
/** Bins of one octave: a percentile is at most 1/1024 too large. */
const BINS = 1024;
const FIRST = (1023 - LOWEST) * BINS;

/**
 * How the values of a tensor are distributed: smallest, largest, and a histogram of the magnitudes in bounded
 * memory (1/2 MiB, 1024 bins in every octave), whatever the number of values.
 */
export class Distribution {
  #low = 0;
  #high = 0;
  #count = 0;
  readonly #bins = new Uint32Array((LOWEST + HIGHEST) * BINS);
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);

  /** Smallest value seen, or 0 when none is negative. */
  get low(): number {
    return this.#low;
  }

  /** Largest value seen, or 0 when none is positive. */
  get high(): number {
    return this.#high;
  }

  get count(): number {
    return this.#count;
  }

  add(values: Reals): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value < this.#low) this.#low = value;
      if (value > this.#high) this.#high = value;
      const bin = this.#binOf(value);
      this.#bins[bin] = (this.#bins[bin] as number) + 1;
    }
    this.#count += values.length;
  }

  /**
   * A magnitude that at least `percent` % of the values do not exceed: the upper edge of the bin of the smallest
   * such one, so up to 0.1 % above it, and never above the largest magnitude. 0 < percent <= 100.
   */
  percentile(percent: number): number {
    const needed = Math.ceil((this.#count * percent) / 100);
    const largest = Math.max(-this.#low, this.#high);
    let seen = 0;
    for (let bin = 0; bin < this.#bins.length; bin++) {
      seen += this.#bins[bin] as number;
      if (seen >= needed && bin < this.#bins.length - 1) return Math.min(largest, upperEdge(bin));
    }
    return largest;
  }

  /** Exponent and the first ten bits of the fraction, as they lie in the upper half of a double. */
  #binOf(value: number): number {
    this.#double[0] = value;
    const index = (((this.#words[1] as number) & 0x7fff_ffff) >>> 10) - FIRST;
    return Math.max(0, Math.min(this.#bins.length - 1, index));
  }
}

/** The distribution of the values of an array. */
export function distributionOf(values: Reals): Distribution {
  const distribution = new Distribution();
  distribution.add(values);
  return distribution;
}

function upperEdge(bin: number): number {
  const next = bin + 1;
  return 2 ** (Math.floor(next / BINS) - LOWEST) * (1 + (next % BINS) / BINS);
}
