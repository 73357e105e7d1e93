import { atOnce, type Steps } from '../../base/steps.js';
import {
  type Candidate,
  type Cost,
  candidates,
  compare,
  LISTS,
  type MatrixBlocks,
  type SizesChoice,
} from './candidates.js';
import { checkZeros } from './unexplained.js';

/**
 * Finds the pattern of every matrix: one list of block sizes for all of them, else one per group, else one
 * per matrix; a later stage is taken only if it keeps fewer positions. Within a stage: fewest kept positions,
 * then fewest index bits, then fewest levels. A matrix that a list would keep whole is dense.
 * @throws UserError PATTERN_NOT_FOUND when the zeros of a matrix are no pattern: more than 1 % of a dense
 * matrix is zero in all sharing gates, or more than 1 % of the 2 x 2 blocks that a pattern keeps are zero.
 * With `fill` a list also fits where zero blocks have to be added; they count as kept here.
 */
export function searchPatterns(
  matrices: readonly MatrixBlocks[],
  options: SearchOptions,
): readonly SizesChoice[] {
  return atOnce(searchSteps(matrices, options));
}

export interface SearchOptions {
  readonly fill: boolean;
  readonly file?: string | undefined;
}

/** The same, list by list. */
export function* searchSteps(
  matrices: readonly MatrixBlocks[],
  { fill, file }: SearchOptions,
): Steps<readonly SizesChoice[]> {
  const tables: (readonly (Candidate | null)[])[] = [];
  for (const matrix of matrices) tables.push(yield* candidates(matrix, fill));
  const groups = [...new Set(matrices.map((matrix) => matrix.group))];
  const stages = [
    [matrices.map((_, i) => i)],
    groups.map((group) => matrices.flatMap((matrix, i) => (matrix.group === group ? [i] : []))),
    matrices.map((_, i) => [i]),
  ].map((parts) => combine(parts, tables));
  const best = stages.reduce((a, b) => (total(b).positions < total(a).positions ? b : a));
  matrices.forEach((matrix, i) => {
    checkZeros(matrix, best[i] as Candidate, file);
  });
  return best.map(({ blocks, sharing }) => ({ blocks, sharing }));
}

/** For each part of the matrices the best list that fits all of the part; dense always does. */
function combine(
  parts: readonly (readonly number[])[],
  tables: readonly (readonly (Candidate | null)[])[],
): readonly Candidate[] {
  const result: Candidate[] = [];
  for (const part of parts) {
    const fits = LISTS.map((_, list) => part.map((matrix) => tables[matrix]?.[list] ?? null))
      .filter((row): row is Candidate[] => row.every((candidate) => candidate !== null))
      .sort((a, b) => compare(total(a), total(b)));
    part.forEach((matrix, i) => {
      result[matrix] = fits[0]?.[i] as Candidate;
    });
  }
  return result;
}

function total(row: readonly Candidate[]): Cost {
  return row.reduce(
    (sum, { positions, indexBits, blocks }) => ({
      blocks: blocks.length > sum.blocks.length ? blocks : sum.blocks,
      positions: sum.positions + positions,
      indexBits: sum.indexBits + indexBits,
    }),
    { blocks: [] as readonly number[], positions: 0, indexBits: 0 },
  );
}
