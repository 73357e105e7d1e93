import type { Steps } from '../../base/steps.js';
import type { BlockMaps } from '../blocks.js';
import { isBalanced, type Survey, survey } from './survey.js';

/** The masks of one matrix: one per gate, and their union. */
export interface MatrixBlocks {
  readonly name: string;
  /** Matrices of one group may be given one list of block sizes together, e.g. the layer. */
  readonly group: number;
  readonly shared: BlockMaps;
  readonly perGate: readonly BlockMaps[];
}

/** Block sizes of a matrix, and whether its gates share one pattern. No sizes = dense. */
export interface SizesChoice {
  readonly blocks: readonly number[];
  readonly sharing: 'shared' | 'per-gate';
}

/** Block sizes that fit a matrix, and what they cost. */
export interface Candidate extends SizesChoice {
  /** Kept positions, all gates together. */
  readonly positions: number;
  readonly indexBits: number;
}

/** What candidates are compared by. */
export type Cost = Omit<Candidate, 'sharing'>;

/** Block sizes that are tried, and how many levels. */
export const SEARCH_SIZES = [64, 32, 16, 8, 4, 2] as const;
export const SEARCH_LEVELS = 3;
const SMALLEST = Math.min(...SEARCH_SIZES);
/** All lists of block sizes, dense included. */
export const LISTS: readonly (readonly number[])[] = nestedLists(SEARCH_LEVELS, SEARCH_SIZES);

function nestedLists(levels: number, sizes: readonly number[]): readonly (readonly number[])[] {
  if (levels === 0) return [[]];
  const deeper = sizes.flatMap((size, i) =>
    nestedLists(levels - 1, sizes.slice(i + 1)).map((rest) => [size, ...rest]),
  );
  return [[], ...deeper];
}

/** The best candidate of one matrix for each entry of LISTS; null where its zeros do not fit. */
export function* candidates(
  { shared, perGate }: MatrixBlocks,
  fill: boolean,
): Steps<readonly (Candidate | null)[]> {
  const gates = perGate.length;
  const whole = shared.mask.kept.length * gates;
  const dense: Candidate = { blocks: [], sharing: 'shared', positions: whole, indexBits: 0 };
  // no block of the smallest size is empty, so none of a larger one is
  if (perGate.every((maps) => maps.at(SMALLEST).positions === maps.mask.kept.length)) {
    return LISTS.map(() => dense);
  }
  const best = (blocks: readonly number[]): Candidate | null => {
    if (blocks.length === 0) return dense;
    const options: (Candidate | null)[] = [
      fitting([shared], blocks, 'shared', gates, fill),
      gates > 1 ? fitting(perGate, blocks, 'per-gate', 1, fill) : null,
    ];
    const [least] = options.filter((option) => option !== null).sort(compare);
    return least !== undefined && least.positions >= whole ? dense : (least ?? null);
  };
  const table: (Candidate | null)[] = [];
  for (const blocks of LISTS) {
    table.push(best(blocks));
    yield;
  }
  return table;
}

function fitting(
  masks: readonly BlockMaps[],
  blocks: readonly number[],
  sharing: SizesChoice['sharing'],
  gatesPerMask: number,
  fill: boolean,
): Candidate | null {
  const found = survey(masks, blocks);
  const fits = isBalanced(found);
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

/** Fewest kept positions first, then fewest index bits, then fewest levels. */
export function compare(a: Cost, b: Cost): number {
  return (
    a.positions - b.positions || a.indexBits - b.indexBits || a.blocks.length - b.blocks.length
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
