import { patternKind } from '../../sparsity/kind-of.js';
import type { Pattern } from '../../sparsity/registry.js';

/** Neighbouring rows that keep the same columns: a row band of a sparsity map. */
export interface Band {
  /** First row, and number of rows. */
  readonly row: number;
  readonly rows: number;
  /** First column and width of each run of kept columns, in turn; ascending, neither touching nor overlapping. */
  readonly runs: readonly number[];
}

/** The bands of a pattern from top to bottom; padding columns are left out. */
export function bandsOf(pattern: Pattern): readonly Band[] {
  const { runsOfRow } = patternKind(pattern);
  return joined(
    Array.from({ length: pattern.rows }, (_, row) => ({
      row,
      rows: 1,
      runs: mergedRuns(runsOfRow(pattern, row), pattern.columns),
    })),
  );
}

/** Bands from top to bottom, neighbours with the same runs made one. */
export function joined(bands: Iterable<Band>): readonly Band[] {
  const all: Band[] = [];
  for (const band of bands) {
    const last = all.at(-1);
    if (last !== undefined && same(last.runs, band.runs)) {
      all[all.length - 1] = { ...last, rows: last.rows + band.rows };
    } else all.push(band);
  }
  return all;
}

/** Kept columns of each row of a band. */
export function keptInRow({ runs }: Pick<Band, 'runs'>): number {
  let kept = 0;
  for (let i = 1; i < runs.length; i += 2) kept += runs[i] as number;
  return kept;
}

/**
 * Rows of a block: the largest height at whose multiples all bands begin; 1 where there is but one band, as in a dense matrix.
 */
export function blockHeight(bands: readonly Band[]): number {
  const height = bands.reduce((height, { row }) => greatestCommonDivisor(height, row), 0);
  return height === 0 ? 1 : height;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Runs in any order, cut at `columns`, ascending, neighbours made one: first column and width in turn. */
function mergedRuns(
  runs: readonly (readonly [first: number, width: number])[],
  columns: number,
): readonly number[] {
  const merged: number[] = [];
  let end = -1;
  for (const [first, width] of [...runs].sort((a, b) => a[0] - b[0])) {
    const to = Math.min(first + width, columns);
    if (to <= first) continue;
    if (first <= end) {
      const at = merged.length - 1;
      merged[at] = Math.max(merged[at] as number, to - (merged[at - 1] as number));
    } else merged.push(first, to - first);
    end = Math.max(end, to);
  }
  return merged;
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
