import { clamp, clipped } from '../network/arithmetic.js';
import type { Pass } from '../network/program.js';
import type { Surroundings } from './cells/cell.js';

/**
 * What follows the rounding of a sum to a table input: saturation, which counts, or the clip of the pass, which is meant and does
 * not.
 */
export function tableInput(
  { clip }: Pick<Pass, 'clip'>,
  { tables: { offset }, saturations }: Pick<Surroundings, 'tables' | 'saturations'>,
): (exact: number) => number {
  if (clip !== undefined) return (exact) => clipped(exact, clip);
  return (exact) => {
    const u = clamp(exact, offset);
    if (u !== exact) saturations.gateInput++;
    return u;
  };
}
