import type { WordLengths } from '../../network/model.js';
import type { Pass } from '../../network/program.js';
import { accumulate, shiftedBias, type Weights, weightsOf } from '../weighted-sums.js';
import type { GoldenPass } from './cell.js';

/** Exact sums, no rounding. */
export class DensePass implements GoldenPass {
  readonly values: Float64Array;
  readonly #weights: Weights;
  readonly #bias: Float64Array;
  readonly #shift: number;

  constructor({ operands: [x], bias, align }: Pass, words: WordLengths) {
    this.#weights = weightsOf(x.matrix, words.activation);
    this.#bias = shiftedBias(bias, align.bias);
    this.#shift = align.x;
    this.values = new Float64Array(this.#bias.length);
  }

  reset(): void {
    this.values.fill(0);
  }

  step(x: Float64Array): null {
    this.values.set(this.#bias);
    accumulate(this.#weights, x, this.#shift, this.values);
    return null;
  }
}
