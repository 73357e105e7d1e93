import type { WordLengths } from '../../network/model.js';
import type { Pass } from '../../network/program.js';
import { SumStart } from '../sum-start.js';
import { accumulate, type Weights, weightsOf } from '../weighted-sums.js';
import type { GoldenPass } from './cell.js';

/** Exact sums, no rounding. */
export class DensePass implements GoldenPass {
  readonly values: Float64Array;
  readonly #weights: Weights;
  readonly #start: SumStart;
  readonly #shift: number;

  constructor(pass: Pass, words: WordLengths) {
    this.#weights = weightsOf(pass.operands[0].matrix, words.activation);
    this.#start = new SumStart(pass);
    this.#shift = pass.align.x;
    this.values = new Float64Array(pass.rows);
  }

  reset(): void {
    this.#start.reset();
    this.values.fill(0);
  }

  step(x: Float64Array): null {
    this.values.set(this.#start.next());
    accumulate(this.#weights, x, this.#shift, this.values);
    return null;
  }
}
