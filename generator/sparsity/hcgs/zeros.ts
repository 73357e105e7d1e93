import type { Steps } from '../../base/steps.js';
import { positionsIn } from '../lists/lists.js';
import type { MatrixMasks } from '../mask.js';
import type { Zeros } from '../pattern.js';
import { blocksOf } from './blocks-of.js';
import { candidates, compare, type MatrixBlocks, type SizesChoice } from './candidates.js';
import { existingPositions, indexBits } from './count.js';
import type { HcgsChoice } from './find.js';
import { fitPatterns } from './fit.js';
import { type NearPattern, nearPatterns } from './near.js';
import { explains } from './unexplained.js';

/** A place that is out of balance: a block row, inside one kept block of the level above. */
export interface OddRow {
  /** Null where the gates share the pattern. */
  readonly gate: number | null;
  /** Of the blocks that are counted. */
  readonly blockSize: number;
  readonly blockRow: number;
  /** Block column of the enclosing kept block, in its own size; null at the outermost level. */
  readonly outerColumn: number | null;
  /** Blocks with a weight in them, and how many most block rows have. */
  readonly used: number;
  readonly usual: number;
}

/** One description of the zeros of a matrix, and what it costs. */
export interface HcgsFinding extends HcgsChoice {
  /** Blocks kept in a block row of each level; the most that any block row uses. */
  readonly keep: readonly number[];
  /** Positions kept in all gates, zero blocks included that balance the pattern. */
  readonly kept: number;
  /** Kept positions whose weight is zero. */
  readonly beyond: number;
  readonly indexBits: number;
  /** Block rows whose count is not the usual one. */
  readonly oddRows: number;
  /** The first of them. */
  readonly first: readonly OddRow[];
}

/** Descriptions that are listed. */
const LISTED = 3;

/**
 * Looks at the zeros of a matrix as `compress` does when it searches for the pattern. `taken`: the choice of that
 * search, which looks at all matrices together; it is listed first.
 */
export function* hcgsZeros(
  masks: MatrixMasks,
  taken: HcgsChoice | undefined,
): Steps<Zeros<HcgsFinding>> {
  const matrix = blocksOf(masks);
  const { shared, perGate } = matrix;
  const used = perGate.reduce((sum, { mask }) => sum + positionsIn(mask.kept), 0);
  const balanced = (yield* candidates(matrix, false))
    .filter((candidate) => candidate !== null)
    .filter(({ blocks }) => blocks.length > 0)
    .sort(compare);
  const listed = (choices: readonly SizesChoice[], most: number) =>
    choices
      .map((choice) => described(matrix, choice, used))
      .filter((pattern) => everyLevelCounts(pattern, shared.mask.columns))
      .slice(0, most);
  const isTaken = ({ blocks, sharing }: SizesChoice) =>
    blocks.join() === taken?.blocks.join() && sharing === taken.sharing;
  const exact = balanced
    .filter((candidate) => explains(matrix, candidate))
    .sort((a, b) => Number(isTaken(b)) - Number(isTaken(a)));
  if (exact.length > 0) return { kind: 'exact', findings: listed(exact, LISTED) };
  if (explains(matrix, DENSE)) return { kind: 'dense', findings: [] };
  const near = yield* nearPatterns(matrix, 3 * LISTED);
  const findings = [...listed(near, LISTED), ...listed(balanced, 1)];
  const [first] = findings;
  const nearest = near.find(
    ({ blocks, sharing }) => blocks === first?.blocks && sharing === first.sharing,
  );
  const close = nearest !== undefined && isClose(matrix, nearest, used);
  return { kind: 'near', findings, ...(close && { close }) };
}

/** Block rows of a pattern that may be odd where it is close to the zeros, and weights of its used blocks that may be zero. */
const CLOSE = { odd: 1 / 4, zeros: 1 / 2 };

/** Whether a pattern describes zeros but for a few block rows; `used`: weights that are not zero, of all gates. */
function isClose(
  { perGate }: MatrixBlocks,
  { sharing, survey }: NearPattern,
  used: number,
): boolean {
  const odd = survey.oddCounts.reduce((sum, count) => sum + count, 0);
  const held = survey.positions * (sharing === 'shared' ? perGate.length : 1);
  return odd <= CLOSE.odd * survey.slots && held - used <= CLOSE.zeros * held;
}

/** No level has one block only to choose from, and the innermost drops some: else fewer levels say the same. */
function everyLevelCounts({ blocks, keep }: HcgsFinding, columns: number): boolean {
  const across = blocks.map((size, level) => Math.ceil((blocks[level - 1] ?? columns) / size));
  return across.every((count) => count > 1) && (keep.at(-1) ?? 0) < (across.at(-1) ?? 0);
}

const DENSE: SizesChoice = { blocks: [], sharing: 'shared' };

function described(
  { name, shared, perGate }: MatrixBlocks,
  { blocks, sharing }: SizesChoice,
  used: number,
): HcgsFinding {
  const masks = sharing === 'shared' ? [shared] : perGate;
  const { patterns, survey } = fitPatterns(masks, blocks, { name, fill: true });
  const total = (of: typeof indexBits) => patterns.reduce((sum, pattern) => sum + of(pattern), 0);
  const kept = (perGate.length / patterns.length) * total(existingPositions);
  const first = survey.odd.map(
    (slot): OddRow => ({
      gate: sharing === 'shared' ? null : slot.mask,
      blockSize: blocks[slot.level] as number,
      blockRow: slot.blockRow,
      outerColumn: slot.level === 0 ? null : slot.parentColumn,
      used: slot.used,
      usual: slot.usual,
    }),
  );
  const oddRows = survey.oddCounts.reduce((sum, n) => sum + n, 0);
  const { keep } = survey;
  return {
    kind: 'hcgs',
    blocks,
    sharing,
    keep,
    kept,
    beyond: kept - used,
    indexBits: total(indexBits),
    oddRows,
    first,
  };
}
