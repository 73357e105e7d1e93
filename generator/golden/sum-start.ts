import type { Pass } from '../network/program.js';
import { shiftedBias } from './weighted-sums.js';

/** What the sums of a pass start from, frame by frame: its bias, or in the first frame of an utterance that of this frame. */
export class SumStart {
  readonly #bias: Float64Array;
  readonly #first: Float64Array;
  #fresh = true;

  constructor({ bias, initial, align }: Pick<Pass, 'bias' | 'initial' | 'align'>) {
    this.#bias = shiftedBias(bias, align.bias);
    this.#first = initial === undefined ? this.#bias : shiftedBias(initial.bias, align.bias);
  }

  /** The next frame is the first of an utterance. */
  reset(): void {
    this.#fresh = true;
  }

  /** Of the next frame: not to be written to. */
  next(): Float64Array {
    const own = this.#fresh ? this.#first : this.#bias;
    this.#fresh = false;
    return own;
  }
}

/** The state of a pass before the first frame of an utterance, [row]. */
export function stateAtStart({ rows, initial }: Pick<Pass, 'rows' | 'initial'>): Int32Array {
  return initial?.state?.slice() ?? new Int32Array(rows);
}
