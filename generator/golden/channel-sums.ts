import { CELLS } from '../network/cells/registry.js';
import type { WordLengths } from '../network/model.js';
import type { Pass } from '../network/program.js';
import { SumStart } from './sum-start.js';
import { accumulate, type Weights, weightsOf } from './weighted-sums.js';

/** The products of one operand: its weights, and where they are summed, [gate][row]. */
interface Side {
  readonly weights: Weights;
  readonly shift: number;
  readonly sums: Float64Array;
}

/** Aligned sums of a pass whose channels take one of its operands, or all. */
export class ChannelSums {
  readonly #pass: Pass;
  readonly #sides: { readonly x: Side; readonly h: Side | null };
  readonly #start: SumStart;

  constructor(pass: Pass, { activation }: Pick<WordLengths, 'activation'>) {
    const { operands, align, rows, cell } = pass;
    const [x, h] = operands;
    const side = ({ matrix }: typeof x, shift: number): Side => ({
      weights: weightsOf(matrix, activation),
      shift,
      sums: new Float64Array(CELLS[cell].gates.length * rows),
    });
    this.#pass = pass;
    this.#sides = { x: side(x, align.x), h: h === undefined ? null : side(h, align.h) };
    this.#start = new SumStart(pass);
  }

  reset(): void {
    this.#start.reset();
  }

  /** [channel][row] of the next frame, the caller's to keep. */
  next(x: Float64Array, h: Float64Array | null): Float64Array {
    const { cell, rows } = this.#pass;
    const sides = this.#sides;
    if ((h === null) !== (sides.h === null)) throw new Error(`the operands of ${cell}`);
    summed(sides.x, x);
    if (sides.h !== null && h !== null) summed(sides.h, h);
    const sums = this.#start.next().slice();
    CELLS[cell].channels.forEach(({ gate, operands }, channel) => {
      if (operands === 'none') return;
      const used = operands === 'all' ? [sides.x, sides.h] : [sides[operands]];
      for (const side of used) {
        if (side === null) continue;
        const from = side.sums;
        for (let row = 0; row < rows; row++) {
          const place = channel * rows + row;
          sums[place] = (sums[place] as number) + (from[gate * rows + row] as number);
        }
      }
    });
    return sums;
  }
}

function summed({ weights, shift, sums }: Side, values: Float64Array): void {
  sums.fill(0);
  accumulate(weights, values, shift, sums);
}
