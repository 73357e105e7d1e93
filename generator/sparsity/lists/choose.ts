import type { GateValues } from '../magnitude.js';
import { type KeptLists, listsFrom } from './lists.js';

/** Sum of |w| over all gates, [row][column]. */
export function magnitudes({ rows, columns, gates }: GateValues): Float64Array {
  const sums = new Float64Array(rows * columns);
  for (const values of gates) {
    for (let at = 0; at < sums.length; at++) {
      sums[at] = (sums[at] as number) + Math.abs(values[at] as number);
    }
  }
  return sums;
}

/** Places of the `count` largest scores, ascending; of equal ones the first. */
export function largest(scores: Float64Array, count: number): Int32Array {
  const places = Int32Array.from(scores.keys());
  places.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  return places.subarray(0, count).sort();
}

/** The `count` positions of every row with the largest weights. */
export function chooseEqual(values: GateValues, count: number): KeptLists {
  const { columns } = values;
  const scores = magnitudes(values);
  return listsFrom(values, (row) =>
    largest(scores.subarray(row * columns, (row + 1) * columns), count),
  );
}

/** The `count` positions of the whole matrix with the largest weights. */
export function chooseAnywhere(values: GateValues, count: number): KeptLists {
  const { rows, columns } = values;
  const places = largest(magnitudes(values), count);
  const lists = Array.from({ length: rows }, () => [] as number[]);
  for (const at of places) lists[Math.floor(at / columns)]?.push(at % columns);
  return listsFrom(values, (row) => lists[row] as number[]);
}
