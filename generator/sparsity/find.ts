import { UserError } from '../base/errors.js';
import type { Steps } from '../base/steps.js';
import { patternKind, patternKinds } from './kind-of.js';
import type { MatrixMasks } from './mask.js';
import type { FindOptions, Zeros } from './pattern.js';
import type { PatternChoice, PatternFinding } from './registry.js';

/**
 * How the zeros of every matrix are taken. All matrices of a network are of one kind, the first of the registry that
 * explains them: a design has one way to find its weights.
 * @throws UserError PATTERN_NOT_FOUND, as the first kind says it, when none does.
 */
export function* findPatterns(
  matrices: readonly MatrixMasks[],
  options: FindOptions,
): Steps<readonly PatternChoice[]> {
  const refusals: UserError[] = [];
  for (const { find } of patternKinds()) {
    try {
      return yield* find.search(matrices, options);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusals.push(error);
    }
  }
  throw refusals[0];
}

/**
 * What the zeros of a matrix are: as the kind of `taken` says, else the first kind that describes them, else what the
 * first kind finds near them.
 */
export function* describeZeros(
  matrix: MatrixMasks,
  taken: PatternChoice | undefined,
): Steps<Zeros<PatternFinding>> {
  if (taken !== undefined) return yield* patternKind(taken).find.zeros(matrix, taken);
  const found: Zeros<PatternFinding>[] = [];
  for (const { find } of patternKinds()) {
    const zeros = yield* find.zeros(matrix, undefined);
    if (zeros.kind !== 'near') return zeros;
    found.push(zeros);
  }
  return found[0] as Zeros<PatternFinding>;
}
