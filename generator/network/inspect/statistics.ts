import type { Reals } from '../float/reals.js';

/** The values of one tensor in a few figures. */
export interface TensorStatistics {
  /** Name in the source file. */
  readonly name: string;
  /** Axes of all gates together: `[gates * cells, columns]`, `[gates * cells]`, `[outputs, inputs]` or `[outputs]`. */
  readonly shape: readonly number[];
  readonly min: number;
  readonly max: number;
  /** Root mean square, zeros included. */
  readonly rms: number;
  readonly zeros: number;
  readonly values: number;
}

/** Figures of `values`, at least one. */
export function statistics(
  name: string,
  shape: readonly number[],
  values: Reals,
): TensorStatistics {
  let [min, max, squares, zeros] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  // a loop by number: an iterator makes an object for each of millions of values
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    squares += value * value;
  }
  const rms = Math.sqrt(squares / values.length);
  return { name, shape, min, max, rms, zeros, values: values.length };
}
