import type { Steps } from '../../base/steps.js';
import { describeZeros } from '../../sparsity/find.js';
import { positionsIn } from '../../sparsity/lists/lists.js';
import type { MatrixMasks } from '../../sparsity/mask.js';
import type { Zeros } from '../../sparsity/pattern.js';
import type { PatternChoice, PatternFinding } from '../../sparsity/registry.js';

/** What the zeros of one matrix are as a pattern. */
export interface ZeroReport {
  readonly name: string;
  /** Weights of all gates. */
  readonly weights: number;
  readonly zeros: number;
  /** `dense`: hardly any zeros. `exact`: a pattern describes them. `near`: none does; the nearest are listed. */
  readonly kind: Zeros<PatternFinding>['kind'];
  /** What `compress` takes, then the best; none for `dense`. */
  readonly patterns: readonly PatternFinding[];
}

/**
 * Looks at the zeros of a matrix as `compress` does when it searches for the pattern. `taken`: the choice of that
 * search, which looks at all matrices together; it is listed first.
 */
export function* zeroReport(
  matrix: MatrixMasks,
  taken: PatternChoice | undefined,
): Steps<ZeroReport> {
  const { name, shared, perGate } = matrix;
  const weights = perGate.length * shared.kept.length;
  const used = perGate.reduce((sum, { kept }) => sum + positionsIn(kept), 0);
  const { kind, findings } = yield* describeZeros(matrix, taken);
  return { name, weights, zeros: weights - used, kind, patterns: findings };
}
