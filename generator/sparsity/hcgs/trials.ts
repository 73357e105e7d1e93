import type { Size, Trial } from '../pattern.js';
import type { HcgsSpec, KeepFraction } from './parse.js';

/** Block sizes that are tried, outermost first: small blocks lose least, two levels have the shortest index. */
const TRIED = [[2], [4], [8], [16, 4], [32, 4]];

/** A spec for each list of block sizes; a matrix too small for two blocks side by side stays whole. */
export function hcgsTrials(size: Size, rate: number): readonly Trial<HcgsSpec>[] {
  return TRIED.map((blocks) => {
    const form = `blocks ${blocks.join(',')}`;
    const [outer] = blocks as [number];
    if (2 * outer > Math.min(size.rows, size.columns)) {
      return { form, spec: { kind: 'hcgs', blocks: [], keep: [] } };
    }
    return { form, spec: { kind: 'hcgs', blocks, keep: keepFor(size.columns, blocks, rate) } };
  });
}

/** Of the kept counts of all levels those whose product is nearest to one in `rate`; of equal ones most blocks outside. */
function keepFor(
  columns: number,
  blocks: readonly number[],
  rate: number,
): readonly KeepFraction[] {
  const [block, ...inner] = blocks;
  if (block === undefined) return [];
  const n = Math.ceil(columns / block);
  if (inner.length === 0) return [{ k: Math.min(n, Math.max(1, Math.round(n / rate))), n }];
  let best: readonly KeepFraction[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let k = n; k >= 1; k--) {
    const keep = [{ k, n }, ...keepFor(block, inner, Math.max(1, (rate * k) / n))];
    const share = keep.reduce((product, level) => (product * level.k) / level.n, 1);
    const off = Math.abs(Math.log(share * rate));
    if (off < least) [best, least] = [keep, off];
  }
  return best;
}
