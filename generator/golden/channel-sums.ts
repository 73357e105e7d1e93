import { CELLS } from '../network/cells/registry.js';
import type { WordLengths } from '../network/model.js';
import type { Pass } from '../network/program.js';
import { SumStart } from './sum-start.js';
import { accumulate, type Weights, weightsOf } from './weighted-sums.js';

/** Aligned sums of a pass of two operands whose channels take one of them, or both. */
export class ChannelSums {
  readonly #pass: Pass;
  readonly #weights: readonly [x: Weights, h: Weights];
  readonly #start: SumStart;

  constructor(pass: Pass, { activation }: Pick<WordLengths, 'activation'>) {
    const [x, h] = pass.operands;
    if (h === undefined) throw new Error(`${pass.cell} reads two vectors`);
    this.#pass = pass;
    this.#weights = [weightsOf(x.matrix, activation), weightsOf(h.matrix, activation)];
    this.#start = new SumStart(pass);
  }

  reset(): void {
    this.#start.reset();
  }

  /** [channel][row] of the next frame, the caller's to keep. */
  next(x: Float64Array, h: Float64Array): Float64Array {
    const { cell, rows, align } = this.#pass;
    const { gates, channels } = CELLS[cell];
    const products = { x: new Float64Array(gates.length * rows), h: new Float64Array(0) };
    products.h = new Float64Array(products.x.length);
    accumulate(this.#weights[0], x, align.x, products.x);
    accumulate(this.#weights[1], h, align.h, products.h);
    const sums = this.#start.next().slice();
    channels.forEach(({ gate, operands }, channel) => {
      const sides = operands === 'all' ? (['x', 'h'] as const) : [operands];
      for (const side of sides) {
        const from = products[side];
        for (let row = 0; row < rows; row++) {
          const place = channel * rows + row;
          sums[place] = (sums[place] as number) + (from[gate * rows + row] as number);
        }
      }
    });
    return sums;
  }
}
