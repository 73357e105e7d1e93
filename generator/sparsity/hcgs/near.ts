import type { Steps } from '../../base/steps.js';
import { LISTS, type MatrixBlocks, type SizesChoice } from './candidates.js';
import { type Survey, survey } from './survey.js';

/** Block sizes that nearly describe the zeros of a matrix: some block rows are out of balance. */
export interface NearPattern extends SizesChoice {
  readonly survey: Survey;
}

const SHARINGS = ['shared', 'per-gate'] as const;
/** A pattern per gate has to be clearly nearer: one pattern for all gates is the usual case. */
const PER_GATE_COST = 1.1;

/**
 * The `count` nearest of the unbalanced lists of block sizes: fewest positions to keep, those of odd block rows
 * counted whole.
 */
export function* nearPatterns(
  { shared, perGate }: MatrixBlocks,
  count: number,
): Steps<readonly NearPattern[]> {
  const { rows, columns } = shared.mask;
  let found: { readonly pattern: NearPattern; readonly cost: number }[] = [];
  for (const blocks of LISTS.slice(1)) {
    // a level of one block for the whole matrix says nothing
    if ((blocks[0] as number) >= Math.max(rows, columns)) continue;
    for (const sharing of SHARINGS) {
      if (sharing === 'per-gate' && perGate.length === 1) continue;
      yield;
      const masks = sharing === 'shared' ? [shared] : perGate;
      const counted = survey(masks, blocks);
      if (counted.odd.length === 0) continue;
      const oddRows = counted.oddCounts.reduce(
        (sum, n, level) => sum + n * (blocks[level] as number),
        0,
      );
      const own = counted.positions / masks.length + oddRows * columns;
      const cost = sharing === 'per-gate' ? PER_GATE_COST * own : own;
      const next = { pattern: { blocks, sharing, survey: counted }, cost };
      found = [...found, next].sort((a, b) => a.cost - b.cost).slice(0, count);
    }
  }
  return found.map(({ pattern }) => pattern);
}
