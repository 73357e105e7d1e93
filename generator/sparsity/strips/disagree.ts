import type { Mask } from '../mask.js';
import { columnsOf, emptyRows, stripMap } from './strip-maps.js';

/** A row with zeros in columns that its strip has to keep for other rows. */
export interface Disagreement {
  /** Number of the mask: of the gate, where each has a pattern. */
  readonly mask: number;
  readonly row: number;
  readonly strip: number;
  /** Columns of the strip, and those of them in which the row is zero. */
  readonly kept: number;
  readonly zeros: number;
}

/** Rows that are named. */
const NAMED = 3;
/** Share of the columns of a strip that a row may lack and still go with it. */
const FEW = 0.1;

/** The first rows that lack more than a tenth of the columns of their strip, else the first that lack any. */
export function disagreements(masks: readonly Mask[], height: number): readonly Disagreement[] {
  const all = masks.flatMap((mask, n) => rowsOf(mask, n, height));
  const many = all.filter(({ kept, zeros }) => zeros > FEW * kept);
  return (many.length > 0 ? many : all).slice(0, NAMED);
}

function rowsOf(mask: Mask, n: number, height: number): readonly Disagreement[] {
  const empty = emptyRows(mask);
  const map = stripMap(mask, height, empty);
  const rows: Disagreement[] = [];
  for (let strip = 0; strip < map.strips; strip++) {
    const columns = columnsOf(map, strip);
    const end = Math.min(mask.rows, (strip + 1) * height);
    for (let row = strip * height; row < end; row++) {
      if (empty[row] === 1) continue;
      const own = mask.kept.subarray(row * mask.columns, (row + 1) * mask.columns);
      const zeros = columns.reduce((sum, column) => sum + (own[column] === 0 ? 1 : 0), 0);
      if (zeros > 0) rows.push({ mask: n, row, strip, kept: columns.length, zeros });
    }
  }
  return rows;
}

/** E.g. `row 3 is zero in 5 of the 12 columns of strip 0`. */
export function disagreementText(
  { mask, row, strip, kept, zeros }: Disagreement,
  sharing: 'shared' | 'per-gate',
): string {
  const of = sharing === 'shared' ? '' : ` of gate ${mask}`;
  return `row ${row}${of} is zero in ${zeros} of the ${kept} columns of strip ${strip}`;
}
