import { UserError } from '../base/errors.js';
import type { Steps } from '../base/steps.js';
import { patternKind, patternKinds } from './kind-of.js';
import { positionsIn } from './lists/lists.js';
import type { MatrixMasks } from './mask.js';
import type { FindOptions, Zeros } from './pattern.js';
import type { Pattern, PatternChoice, PatternFinding } from './registry.js';

/**
 * How the zeros of every matrix are taken. All matrices of a network are of one kind, the first of the registry that
 * explains them, unless it keeps far more positions than there are weights and another one does not. The last kind holds any zeros; `notesOnZeros` says so. `kinds`: those
 * that a user names, one for all matrices or one for each; each looks at its own matrices, together.
 * @throws UserError PATTERN_NOT_FOUND, as the first kind says it, when none does.
 */
export function* findPatterns(
  matrices: readonly MatrixMasks[],
  options: FindOptions,
  kinds?: readonly Pick<Pattern, 'kind'>[],
): Steps<readonly PatternChoice[]> {
  if (kinds !== undefined) return yield* findNamed(matrices, { ...options, named: true }, kinds);
  const refusals: UserError[] = [];
  let best: readonly PatternChoice[] | null = null;
  let least = Number.POSITIVE_INFINITY;
  const used = usedBy(matrices);
  for (const { find } of patternKinds()) {
    if (best !== null && find.holdsAny === true) break;
    let found: readonly PatternChoice[];
    try {
      found = yield* find.search(matrices, options);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusals.push(error);
      continue;
    }
    const kept = keptBy(matrices, found, options);
    if (kept < FEWER * least) [best, least] = [found, kept];
    if (options.fill || least <= MOST_KEPT * used) break;
  }
  if (best === null) throw refusals[0];
  return best;
}

/** A kind that keeps so many positions for each weight that is not zero says little: others behind it are looked at too. */
const MOST_KEPT = 1.25;
/** They are taken where they keep less than this share of its positions. */
const FEWER = 0.8;

/** Weights that are not zero. */
function usedBy(matrices: readonly MatrixMasks[]): number {
  return total(matrices, ({ perGate }) => total(perGate, ({ kept }) => positionsIn(kept)));
}

/** Positions that choices keep, in all gates. */
function keptBy(
  matrices: readonly MatrixMasks[],
  choices: readonly PatternChoice[],
  options: FindOptions,
): number {
  return total(matrices, (matrix, n) => {
    const choice = choices[n] as PatternChoice;
    const { patterns } = patternKind(choice).find.fit(matrix, choice, options);
    const each = total(patterns, (pattern) => patternKind(pattern).counts.kept(pattern));
    return (matrix.perGate.length / patterns.length) * each;
  });
}

function total<T>(all: readonly T[], of: (one: T, n: number) => number): number {
  return all.reduce((sum, one, n) => sum + of(one, n), 0);
}

function* findNamed(
  matrices: readonly MatrixMasks[],
  options: FindOptions,
  kinds: readonly Pick<Pattern, 'kind'>[],
): Steps<readonly PatternChoice[]> {
  const kindOf = (at: number) => (kinds[kinds.length === 1 ? 0 : at] as Pick<Pattern, 'kind'>).kind;
  const choices: PatternChoice[] = [];
  for (const kind of new Set(matrices.map((_, at) => kindOf(at)))) {
    const own = [...matrices.keys()].filter((at) => kindOf(at) === kind);
    const masks = own.map((at) => matrices[at] as MatrixMasks);
    const found = yield* patternKind({ kind }).find.search(masks, options);
    own.forEach((at, i) => {
      choices[at] = found[i] as PatternChoice;
    });
  }
  return choices;
}

/**
 * What the zeros of a matrix are: as the kind of `taken` says, else the first kind that describes them, else what the
 * first kind finds near them. A kind that holds any zeros describes those that no other one is close to.
 */
export function* describeZeros(
  matrix: MatrixMasks,
  taken: PatternChoice | undefined,
): Steps<Zeros<PatternFinding>> {
  const explains = taken !== undefined && patternKind(taken).find.holdsAny !== true;
  if (explains) return yield* patternKind(taken).find.zeros(matrix, taken);
  const found: Zeros<PatternFinding>[] = [];
  for (const { kind, find } of patternKinds()) {
    const close = found.find((zeros) => zeros.close === true);
    if (find.holdsAny === true && close !== undefined) return close;
    const zeros = yield* find.zeros(matrix, kind === taken?.kind ? taken : undefined);
    if (zeros.kind !== 'near') return zeros;
    found.push(zeros);
  }
  return found[0] as Zeros<PatternFinding>;
}
