import type { RealFunction } from '../../table-functions.js';
import type { RealRange } from '../model.js';

/** What one row of a layer does with its sums, in real numbers with the exact functions. */
export interface FloatCell {
  /** Whether it keeps a state besides h. */
  readonly keeps: boolean;
  /**
   * The next state and h of one row: `sum(channel)` in the order of the cell's channels, `state` that of the frame before,
   * which is h where nothing is kept besides it.
   */
  readonly step: (
    sum: (channel: number) => number,
    state: number,
  ) => { readonly state: number; readonly h: number };
}

/** What the cells of a layer clamp, states or values; and their functions. */
export interface FloatMeans {
  readonly clip: number;
  readonly range: RealRange;
  /** What the sums go through. */
  readonly sigmoid: RealFunction;
  readonly tanh: RealFunction;
  /** tanh of a state, whatever clips the sums. */
  readonly ofState: RealFunction;
}
