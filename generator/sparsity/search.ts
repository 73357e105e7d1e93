import { UserError } from '../base/errors.js';
import { unbalanced } from './fit.js';
import type { BlockMaps } from './mask.js';
import { type Survey, survey } from './survey.js';

/** The masks of one matrix: one per gate, and their union. */
export interface MatrixMasks {
  readonly name: string;
  /** Matrices of one group may be given one list of block sizes together, e.g. the layer. */
  readonly group: number;
  readonly shared: BlockMaps;
  readonly perGate: readonly BlockMaps[];
}

/** Block sizes of a matrix, and whether its gates share one pattern. No sizes = dense. */
export interface PatternChoice {
  readonly blocks: readonly number[];
  readonly sharing: 'shared' | 'per-gate';
}

interface Candidate extends PatternChoice {
  /** Kept positions, all gates together. */
  readonly positions: number;
  readonly indexBits: number;
}

/** Block sizes that are tried, and how many levels. */
export const SEARCH_SIZES = [64, 32, 16, 8, 4, 2] as const;
export const SEARCH_LEVELS = 3;
/** Share of zeros that a matrix may have where no pattern explains them. */
export const UNEXPLAINED_ZEROS = 0.01;

/**
 * Finds the pattern of every matrix: one list of block sizes for all of them, else one per group, else one
 * per matrix; a later stage is taken only if it keeps fewer positions. Within a stage: fewest kept positions,
 * then fewest index bits, then fewest levels. A matrix that a list would keep whole is dense.
 * @throws UserError PATTERN_NOT_FOUND when the zeros of a matrix are no pattern: more than 1 % of a dense
 * matrix is zero in all sharing gates, or more than 1 % of the 2 x 2 blocks that a pattern keeps are zero.
 * With `fill` a list also fits where zero blocks have to be added; they count as kept here.
 */
export function searchPatterns(
  matrices: readonly MatrixMasks[],
  { fill, file }: { readonly fill: boolean; readonly file?: string | undefined },
): readonly PatternChoice[] {
  const tables = matrices.map((matrix) => candidates(matrix, fill));
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

/** All lists of block sizes, dense included. */
const LISTS: readonly (readonly number[])[] = nestedLists(SEARCH_LEVELS, SEARCH_SIZES);

function nestedLists(levels: number, sizes: readonly number[]): readonly (readonly number[])[] {
  if (levels === 0) return [[]];
  const deeper = sizes.flatMap((size, i) =>
    nestedLists(levels - 1, sizes.slice(i + 1)).map((rest) => [size, ...rest]),
  );
  return [[], ...deeper];
}

/** The best candidate of one matrix for each entry of LISTS; null where its zeros do not fit. */
function candidates(
  { shared, perGate }: MatrixMasks,
  fill: boolean,
): readonly (Candidate | null)[] {
  const gates = perGate.length;
  const whole = shared.mask.kept.length * gates;
  const dense: Candidate = { blocks: [], sharing: 'shared', positions: whole, indexBits: 0 };
  return LISTS.map((blocks) => {
    if (blocks.length === 0) return dense;
    const options: (Candidate | null)[] = [
      fitting([shared], blocks, 'shared', gates, fill),
      gates > 1 ? fitting(perGate, blocks, 'per-gate', 1, fill) : null,
    ];
    const [best] = options.filter((option) => option !== null).sort(compare);
    return best !== undefined && best.positions >= whole ? dense : (best ?? null);
  });
}

function fitting(
  masks: readonly BlockMaps[],
  blocks: readonly number[],
  sharing: PatternChoice['sharing'],
  gatesPerMask: number,
  fill: boolean,
): Candidate | null {
  const found = survey(masks, blocks);
  const fits = found.short.length === 0;
  if (!fits && !fill) return null;
  const held = fits ? found.positions : sum(masks.map((maps) => filledPositions(found, maps)));
  const positions = held * gatesPerMask;
  const indexBits = sum(masks.map((maps) => listBits(found, maps)));
  return { blocks, sharing, positions, indexBits };
}

/** Positions of a pattern with the counts of a survey, as if every kept block were inside the matrix. */
function filledPositions({ blocks, keep }: Survey, { mask }: BlockMaps): number {
  const width = keep.reduce((product, k) => product * k, blocks.at(-1) ?? 1);
  return mask.rows * Math.min(width, mask.columns);
}

/** Bits of the index lists of one pattern with the counts of a survey. */
function listBits({ blocks, keep }: Survey, { mask }: BlockMaps): number {
  const outermost = blocks[0] ?? 1;
  const padded = (size: number) => Math.ceil(size / outermost) * outermost;
  let kept = 1;
  return blocks.reduce((bits, size, level) => {
    kept *= keep[level] as number;
    const across = (blocks[level - 1] ?? padded(mask.columns)) / size;
    return bits + (padded(mask.rows) / size) * kept * Math.ceil(Math.log2(across));
  }, 0);
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

function total(row: readonly Candidate[]): Omit<Candidate, 'sharing'> {
  return row.reduce(
    (sum, { positions, indexBits, blocks }) => ({
      blocks: blocks.length > sum.blocks.length ? blocks : sum.blocks,
      positions: sum.positions + positions,
      indexBits: sum.indexBits + indexBits,
    }),
    { blocks: [] as readonly number[], positions: 0, indexBits: 0 },
  );
}

function compare(a: Omit<Candidate, 'sharing'>, b: Omit<Candidate, 'sharing'>): number {
  return (
    a.positions - b.positions || a.indexBits - b.indexBits || a.blocks.length - b.blocks.length
  );
}

/**
 * Refuses block sizes that keep a matrix whole, as if it were dense, although too much of it is zero.
 * @throws UserError PATTERN_NOT_FOUND
 */
export function checkDense(matrix: MatrixMasks, found: Survey, masks: number, file?: string): void {
  if (found.positions < masks * matrix.shared.mask.kept.length) return;
  checkZeros(matrix, { blocks: [], sharing: 'shared' }, file);
}

/** Refuses a choice that leaves too many zeros unexplained, and names the nearest pattern. */
function checkZeros(matrix: MatrixMasks, choice: PatternChoice, file?: string): void {
  const masks = choice.sharing === 'shared' ? [matrix.shared] : matrix.perGate;
  const finest = choice.blocks.length === 0 ? 1 : 2;
  const kept = sum(masks.map((maps) => positionsOf(maps, choice.blocks.at(-1))));
  const used = sum(masks.map((maps) => maps.at(finest).positions));
  if (kept - used <= UNEXPLAINED_ZEROS * kept) return;
  const near = nearest(matrix);
  const share = `${((100 * (kept - used)) / kept).toFixed(1)} %`;
  if (near === null) {
    throw new UserError({
      code: 'PATTERN_NOT_FOUND',
      message: `${matrix.name}: ${share} of it is zero, and no block pattern explains that; use --dense`,
      file,
      field: matrix.name,
      expected: 'zeros in balanced blocks, or at most 1 % of zeros',
      got: `${share} zeros`,
    });
  }
  const hint = `nearest pattern: blocks ${near.found.blocks.join(',')}; use --blocks with --fill, or --dense`;
  const error = unbalanced(near.found, { name: matrix.name, file }, near.masks, hint);
  throw new UserError({ ...error.report, code: 'PATTERN_NOT_FOUND' });
}

/** The unbalanced list with the fewest positions to keep, those of odd block rows counted whole. */
function nearest({ shared, perGate }: MatrixMasks): { found: Survey; masks: number } | null {
  let best: { found: Survey; masks: number; cost: number } | null = null;
  for (const blocks of LISTS.slice(1)) {
    for (const masks of perGate.length > 1 ? [[shared], perGate] : [[shared]]) {
      const found = survey(masks, blocks);
      if (found.odd.length === 0) continue;
      const rows = sum(found.odd.map((slot) => found.blocks[slot.level] as number));
      // one pattern for all gates is the usual case, so a pattern per gate has to be clearly nearer
      const own = found.positions / masks.length + rows * shared.mask.columns;
      const cost = masks.length > 1 ? 1.1 * own : own;
      if (best === null || cost < best.cost) best = { found, masks: masks.length, cost };
    }
  }
  return best;
}

function positionsOf(maps: BlockMaps, size: number | undefined): number {
  return size === undefined ? maps.mask.kept.length : maps.at(size).positions;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
