import { type SearchMatrix, scaled } from './matrices.js';

/**
 * How many weights each matrix keeps where so many stay in all: those that contribute most to the sums of the gates, by w^2 times
 * the mean square of what it is multiplied by, and by how much the outputs mind an error of that matrix.
 */
export class Shares {
  /** Contributions of the weights of each matrix, ascending. */
  readonly #energies: readonly Float64Array[];
  readonly #largest: number;
  readonly #smallest: number;

  constructor(matrices: readonly SearchMatrix[]) {
    this.#energies = matrices.map((matrix) =>
      scaled(matrix)
        .map((value) => value * value)
        .sort(),
    );
    const ends = this.#energies.flatMap(
      (all) => all.filter((energy) => energy > 0).subarray(0, 1)[0] ?? [],
    );
    this.#smallest = Math.min(...ends, 1);
    this.#largest = Math.max(...this.#energies.map((all) => all.at(-1) ?? 0), this.#smallest);
  }

  /** Weights of all matrices. */
  get total(): number {
    return this.#energies.reduce((sum, { length }) => sum + length, 0);
  }

  /** One weight in how many each matrix keeps, at least 1. `minds`: the factor of each matrix. */
  rates(kept: number, minds: readonly number[]): readonly number[] {
    const factors = minds.map((mind) => Math.max(mind, Number.MIN_VALUE));
    // the threshold lies between both ends; a bisection of its logarithm
    let low = Math.log(this.#smallest) + Math.log(Math.min(...factors)) - 1;
    let high = Math.log(this.#largest) + Math.log(Math.max(...factors)) + 1;
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      const counts = this.#counts(Math.exp(middle), factors);
      if (counts.reduce((sum, count) => sum + count, 0) > kept) low = middle;
      else high = middle;
    }
    return this.#counts(Math.exp(high), factors).map(
      (count, m) => (this.#energies[m] as Float64Array).length / Math.max(1, count),
    );
  }

  #counts(threshold: number, factors: readonly number[]): readonly number[] {
    return this.#energies.map(
      (all, m) => all.length - below(all, threshold / (factors[m] as number)),
    );
  }
}

/** How many of ascending values are below a limit. */
function below(values: Float64Array, limit: number): number {
  let [first, last] = [0, values.length];
  while (first < last) {
    const middle = (first + last) >> 1;
    if ((values[middle] as number) < limit) first = middle + 1;
    else last = middle;
  }
  return first;
}
