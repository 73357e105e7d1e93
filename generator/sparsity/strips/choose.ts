import { sidesIn } from '../lists/sides.js';
import type { GateValues } from '../magnitude.js';
import { droppedWithout } from './draw.js';
import { badValue, keptOf, type StripsSpec } from './parse.js';
import { columnBlocks, type StripsPattern, stripsOf } from './pattern.js';

/**
 * Chooses a pattern by the weights. The columns of a strip block are ranked by their mean |w| over the rows of the strip and the
 * gates that share the pattern; of equal ones the first. With balance `equal`, the default, each strip block keeps its
 * max(1, round(columns / C)) largest; with `binomial` each keeps its largest, and the rest of the same total are the largest of the
 * whole matrix. Of the rows, max(1, round(rows / R)) stay: those with the largest norm over the columns that are kept.
 * @throws UserError BAD_OPTION_VALUE for `skewed`, which is of random draws
 */
export function chooseStrips(values: GateValues, spec: StripsSpec): StripsPattern {
  const { rows, columns } = values;
  const { columnRate, rowRate, balance = 'equal' } = spec;
  if (balance === 'skewed') {
    throw badValue('--balance', 'equal or binomial, as skewed is of random draws', balance);
  }
  const sizes = { rows, columns, ...sidesIn(values, spec) };
  const score = columnScores(values, sizes.height);
  const across = columnBlocks(sizes);
  const chosen: number[] = [];
  const others: number[] = [];
  for (let strip = 0; strip < stripsOf(sizes); strip++) {
    for (let block = 0; block < across; block++) {
      const first = block * sizes.width;
      const length = Math.min(sizes.width, columns - first);
      const own = ranked(
        Array.from({ length }, (_, i) => strip * columns + first + i),
        score,
      );
      const count = keptOf(length, columnRate);
      const sure = balance === 'equal' ? count : 1;
      chosen.push(...own.slice(0, sure));
      if (balance === 'binomial') others.push(...own.slice(1));
    }
  }
  if (balance === 'binomial') {
    const blocks = Array.from({ length: across }, (_, block) =>
      keptOf(Math.min(sizes.width, columns - block * sizes.width), columnRate),
    );
    const total = stripsOf(sizes) * blocks.reduce((sum, count) => sum + count, 0);
    for (const at of ranked(others, score).slice(0, total - chosen.length)) chosen.push(at);
  }
  const lists = Array.from({ length: stripsOf(sizes) }, (): number[] => []);
  for (const at of chosen) (lists[Math.floor(at / columns)] as number[]).push(at % columns);
  const kept = lists.map((list) => Int32Array.from(list).sort());
  const count = keptOf(rows, rowRate);
  if (count === rows) return { kind: 'strips', ...sizes, kept };
  const norms = rowNorms(values, (row) => kept[Math.floor(row / sizes.height)] as Int32Array);
  const left = ranked([...norms.keys()], norms).slice(0, count);
  return { kind: 'strips', ...sizes, kept, ...droppedWithout(rows, left) };
}

/** Places by their score, the largest first; of equal ones the first. */
function ranked(places: readonly number[], score: Float64Array): readonly number[] {
  return [...places].sort((a, b) => (score[b] as number) - (score[a] as number) || a - b);
}

/** Mean |w| of every column of every strip over its rows and all gates, [strip][column]. */
function columnScores({ rows, columns, gates }: GateValues, height: number): Float64Array {
  const score = new Float64Array(Math.ceil(rows / height) * columns);
  for (const values of gates) {
    for (let row = 0; row < rows; row++) {
      const start = Math.floor(row / height) * columns;
      for (let column = 0; column < columns; column++) {
        score[start + column] =
          (score[start + column] as number) + Math.abs(values[row * columns + column] as number);
      }
    }
  }
  return score.map((sum, at) => {
    const own = Math.min(height, rows - Math.floor(at / columns) * height);
    return sum / (own * gates.length);
  });
}

/** Sum of squares of the weights of every row in its kept columns, all gates together. */
function rowNorms(
  { rows, columns, gates }: GateValues,
  keptIn: (row: number) => Int32Array,
): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    gates.reduce(
      (sum, values) =>
        keptIn(row).reduce(
          (own, column) => own + (values[row * columns + column] as number) ** 2,
          sum,
        ),
      0,
    ),
  );
}
