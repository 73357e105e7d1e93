import { withoutLevels } from './hcgs/pattern.js';
import type { Size } from './pattern.js';
import type { Pattern } from './registry.js';

/** A matrix of which every weight is kept: block sparsity without a level. */
export function densePattern(size: Size): Pattern {
  return withoutLevels(size);
}
