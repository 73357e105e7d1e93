import type { Trial } from '../pattern.js';
import type { StripsSpec } from './parse.js';

/** Rows of the strips that are tried: as many as a tile may have; low ones lose least, high ones have the shortest lists. */
const HEIGHTS = [4, 8, 16];
/** Columns of a strip block: a wide one leaves the choice free. */
const WIDTH = 256;

/** Strips of each height that keep as many columns each, and the highest with counts that the weights say. */
export function stripsTrials(rate: number): readonly Trial<StripsSpec>[] {
  const own = (height: number, balance: 'equal' | 'binomial'): Trial<StripsSpec> => ({
    form: `strips ${height}x${WIDTH}${balance === 'equal' ? '' : ` ${balance}`}`,
    spec: { kind: 'strips', height, width: WIDTH, columnRate: rate, rowRate: 1, balance },
  });
  return [
    ...HEIGHTS.map((height) => own(height, 'equal')),
    own(HEIGHTS.at(-1) as number, 'binomial'),
  ];
}
