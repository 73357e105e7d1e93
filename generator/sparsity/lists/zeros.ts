import type { MatrixMasks } from '../mask.js';
import type { MatrixPatterns, Zeros } from '../pattern.js';
import { isFit, isNearlyWhole, type Unlike } from './hold.js';
import type { ListPattern } from './lists.js';
import { isWhole } from './walk.js';

/** What zeros are, by what holds them; `taken`: whether it was chosen, with all matrices of the network in view. */
export function zerosOf<P extends ListPattern, F>(
  matrix: MatrixMasks,
  held: MatrixPatterns<P> | Unlike,
  taken: boolean,
  finding: (held: MatrixPatterns<P>) => F,
): Zeros<F> {
  if (!isFit(held)) return { kind: 'near', findings: [] };
  const dense = held.patterns.every(isWhole) || (!taken && isNearlyWhole(matrix));
  return dense ? { kind: 'dense', findings: [] } : { kind: 'exact', findings: [finding(held)] };
}
