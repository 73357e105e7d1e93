import type { Random } from '../../base/random.js';
import type { Size } from '../pattern.js';
import { type KeptLists, listsFrom } from './lists.js';

/** `count` columns of every row, uniform without replacement. */
export function drawEqual(size: Size, count: number, random: Random): KeptLists {
  return listsFrom(size, () => random.sample(count, size.columns));
}

/**
 * Every position of a row kept or not by itself, with the probability that `densityOf` says for the row. Where that leaves
 * nothing of the whole matrix, one position of it is kept.
 */
export function drawEach(size: Size, densityOf: () => number, random: Random): KeptLists {
  const { rows, columns } = size;
  const lists = listsFrom(size, () => {
    const density = densityOf();
    const own: number[] = [];
    for (let column = 0; column < columns; column++) {
      if (random.unit() < density) own.push(column);
    }
    return own;
  });
  if (lists.kept.length > 0) return lists;
  const at = random.below(rows * columns);
  return listsFrom(size, (row) => (row === Math.floor(at / columns) ? [at % columns] : []));
}

/**
 * Densities whose mean is 1 / rate: always that one with balance `binomial`; with `skewed` uniform between 0 and 2 / rate, below a
 * rate of 2 between 2 / rate - 1 and 1.
 */
export function densities(
  rate: number,
  balance: 'binomial' | 'skewed',
  random: Random,
): () => number {
  const [low, high] =
    balance === 'binomial'
      ? [1 / rate, 1 / rate]
      : [Math.max(0, 2 / rate - 1), Math.min(1, 2 / rate)];
  return low === high ? () => low : () => low + (high - low) * random.unit();
}
