import type { Trial } from '../pattern.js';
import type { KernelsSpec } from './parse.js';

/** Sides of the blocks that are tried: small ones lose least, large ones have the shortest lists. */
const SIDES = [8, 16, 32];

/** Kernels of each block size with counts that the weights say. */
export function kernelsTrials(rate: number): readonly Trial<KernelsSpec>[] {
  return SIDES.map((side) => ({
    form: `kernels ${side}x${side}`,
    spec: { kind: 'kernels', height: side, width: side, rate, balance: 'binomial' },
  }));
}
