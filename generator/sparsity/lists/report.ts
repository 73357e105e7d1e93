import { z } from 'zod';
import type { MatrixMasks } from '../mask.js';
import type { Fields, MatrixPatterns, Shared } from '../pattern.js';
import { type ListPattern, positionsIn } from './lists.js';

/** What a description of zeros by lists costs. */
export interface ListCosts extends Shared {
  /** Positions kept in all gates. */
  readonly kept: number;
  /** Kept positions whose weight is zero. */
  readonly beyond: number;
  readonly indexBits: number;
}

/** Costs of patterns that hold the zeros of a matrix; `bitsOf`: index bits of one of them. */
export function costsOf<P extends ListPattern>(
  { perGate }: MatrixMasks,
  { sharing, patterns }: MatrixPatterns<P>,
  bitsOf: (pattern: P) => number,
): ListCosts {
  const total = (of: (pattern: P) => number) => patterns.reduce((sum, own) => sum + of(own), 0);
  const kept = (perGate.length / patterns.length) * total((pattern) => pattern.kept.length);
  const used = perGate.reduce((sum, mask) => sum + positionsIn(mask.kept), 0);
  return { sharing, kept, beyond: kept - used, indexBits: total(bitsOf) };
}

const count = z.int().min(0);

/** Fields of the JSON for them; `sharing` is in every kind's. */
export const COST_FIELDS: Fields = {
  kept: count.describe('positions in all gates'),
  beyond: count.describe('kept positions whose weight is zero'),
  indexBits: count,
};

/** Columns of the table of findings for them, and a row. */
export const COST_HEAD = ['gates', 'kept', 'of them zero', 'index bits'] as const;
export function costCells({
  sharing,
  kept,
  beyond,
  indexBits,
}: ListCosts): readonly (string | number)[] {
  return [sharing, kept, beyond, indexBits];
}
