import type { Size } from './pattern.js';
import { PATTERNS, type Pattern } from './registry.js';

/** A matrix of which every weight is kept, where no pattern is asked for: block sparsity without a level. */
export function densePattern(size: Size): Pattern {
  return PATTERNS.hcgs.dense(size);
}
