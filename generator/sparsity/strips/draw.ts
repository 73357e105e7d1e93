import type { Random } from '../../base/random.js';
import { sidesIn } from '../lists/sides.js';
import type { Size } from '../pattern.js';
import { keptOf, type StripsSpec } from './parse.js';
import { columnBlocks, type StripsPattern, stripsOf } from './pattern.js';

/**
 * Draws a pattern. Of each strip block, columns are kept at random: with balance `equal` max(1, round(columns / C)) of them; with
 * `binomial`, the default, each with probability 1/C; with `skewed` each with a probability that is drawn for the strip block,
 * uniformly from 0 to 2/C. Every strip block keeps one at least. Then max(1, round(rows / R)) rows of the matrix stay.
 */
export function drawStrips(size: Size, spec: StripsSpec, random: Random): StripsPattern {
  const { rows, columns } = size;
  const sizes = { rows, columns, ...sidesIn(size, spec) };
  const blocks = Array.from({ length: columnBlocks(sizes) }, (_, block) => block * sizes.width);
  const kept = Array.from({ length: stripsOf(sizes) }, () =>
    Int32Array.from(
      blocks.flatMap((first) => {
        const own = drawColumns(Math.min(sizes.width, columns - first), spec, random);
        return own.map((column) => first + column);
      }),
    ),
  );
  const count = keptOf(rows, spec.rowRate);
  const dropped = droppedWithout(rows, count === rows ? null : random.sample(count, rows));
  return { kind: 'strips', ...sizes, kept, ...dropped };
}

/** Kept columns of a strip block of so many columns, ascending, counted from its first one. */
function drawColumns(
  columns: number,
  { columnRate, balance = 'binomial' }: StripsSpec,
  random: Random,
): readonly number[] {
  if (balance === 'equal') return random.sample(keptOf(columns, columnRate), columns);
  const share = balance === 'binomial' ? 1 / columnRate : (2 * random.unit()) / columnRate;
  const kept: number[] = [];
  for (let column = 0; column < columns; column++) {
    if (random.unit() < share) kept.push(column);
  }
  return kept.length === 0 ? [random.below(columns)] : kept;
}

/** Marks of every row but the given ones; nothing where no row is dropped. */
export function droppedWithout(
  rows: number,
  kept: Iterable<number> | null,
): Pick<StripsPattern, 'droppedRows'> {
  if (kept === null) return {};
  const droppedRows = new Uint8Array(rows).fill(1);
  for (const row of kept) droppedRows[row] = 0;
  return { droppedRows };
}
