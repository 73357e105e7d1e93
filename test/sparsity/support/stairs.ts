import type { Random } from '../../../generator/base/random.js';
import type {
  PatternData,
  PatternKind,
  PatternTypes,
  Size,
} from '../../../generator/sparsity/pattern.js';
import { SHARE } from './row-balanced.js';

/** Rows of a strip keep their first columns, some strips more than others, some none: a kind of pattern that only tests have. */
export interface Stairs extends PatternData {
  readonly kind: 'stairs';
  /** Rows of a strip. */
  readonly strip: number;
  /** Columns that each strip keeps. */
  readonly widths: readonly number[];
}

/** Columns that a row keeps; none behind the matrix. */
export function widthAt({ strip, widths }: Stairs, row: number): number {
  return widths[Math.floor(row / strip)] ?? 0;
}

/** A matrix whose strips keep as many columns as said. */
export function stairs({ rows, columns }: Size, strip: number, widths: readonly number[]): Stairs {
  return { kind: 'stairs', rows, columns, strip, widths };
}

const kept = ({ strip, widths, rows }: Stairs) =>
  widths.reduce((sum, width, n) => sum + width * Math.min(strip, rows - n * strip), 0);

interface StairsSpec {
  readonly kind: 'stairs';
  readonly strip: number;
  /** Share of the strips that keep nothing. */
  readonly empty: number;
}

/** What of a kind of pattern hardware asks for; the rest is that of another one. */
export const STAIRS = {
  ...(SHARE as unknown as PatternKind<PatternTypes>),
  kind: 'stairs',
  dense: (size: Size) => stairs(size, size.rows, [size.columns]),
  draw: (size: Size, { strip, empty }: StairsSpec, random: Random) =>
    stairs(
      size,
      strip,
      Array.from({ length: Math.ceil(size.rows / strip) }, () =>
        random.below(100) < 100 * empty ? 0 : 1 + random.below(size.columns),
      ),
    ),
  validate: () => undefined,
  sizes: ({ rows, columns, strip }: Stairs) => `${rows} ${columns} ${strip}`,
  isDense: (pattern: Stairs) => kept(pattern) === pattern.rows * pattern.columns,
  counts: {
    kept,
    existing: kept,
    stored: kept,
    filled: () => 0,
    indexBits: () => 0,
    productsPerRow: ({ widths }: Stairs) => Math.max(...widths),
  },
  // strips are numbered by their place, so that nothing is put into another order
  order: { unit: ({ rows }: Stairs) => rows, permuted: (pattern: Stairs) => pattern },
  runsOfRow: (pattern: Stairs, row: number) => {
    const width = widthAt(pattern, row);
    return width === 0 ? [] : [[0, width] as const];
  },
} as unknown as PatternKind<PatternTypes>;
