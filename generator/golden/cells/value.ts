import { clamp, rounded, tableInputRounding, valueRounding } from '../../network/arithmetic.js';
import type { TableFunction } from '../../network/cells/cell.js';
import type { Pass } from '../../network/program.js';
import { ChannelSums } from '../channel-sums.js';
import { tableInput } from '../table-input.js';
import type { GoldenPass, LayerFrame, MakePass, Saturations, Surroundings } from './cell.js';

/** One layer whose values follow from its sums alone, recurrent or not. */
class ValuePass implements GoldenPass {
  /** What it wrote in the last frame. */
  readonly values: Float64Array;
  readonly #sums: ChannelSums;
  readonly #value: (sum: number) => number;

  constructor(pass: Pass, around: Surroundings, value: (sum: number) => number) {
    this.#sums = new ChannelSums(pass, around.words);
    this.values = new Float64Array(pass.rows);
    this.#value = value;
  }

  reset(): void {
    this.#sums.reset();
    this.values.fill(0);
  }

  /** One frame; the arrays returned are the caller's to keep. */
  step(x: Float64Array, h: Float64Array | null): LayerFrame {
    const sums = this.#sums.next(x, h);
    sums.forEach((sum, row) => {
      this.values[row] = this.#value(sum);
    });
    return { sums, state: null, value: new Int32Array(this.values) };
  }
}

/** Clamps, and counts what is beyond. */
function counting(saturations: Saturations, kind: keyof Saturations, limit: number) {
  return (exact: number): number => {
    const value = clamp(exact, limit);
    if (value !== exact) saturations[kind]++;
    return value;
  };
}

/** y = sat(rnd(f(sat(rnd(s))))), f from a table. */
export function tablePass(name: TableFunction): MakePass {
  return (pass, around) => {
    const { words, tables, saturations } = around;
    const { scheme, offset } = tables;
    const table = tables[name];
    const input = tableInputRounding(pass.align.fraction, scheme);
    const output = valueRounding(scheme.outputFraction, pass.writes.fraction);
    const toTable = tableInput(pass, around);
    const toValue = counting(saturations, 'hidden', 2 ** (words.activation - 1));
    return new ValuePass(pass, around, (sum) => {
      const t = table[toTable(rounded(sum, input)) + offset] as number;
      return toValue(rounded(t, output));
    });
  };
}

/** y = min(high, max(low, sat(rnd(s)))); what the range of the pass cuts off is meant, and counts as no saturation. */
export const linearPass: MakePass = (pass, around) => {
  const { words, saturations } = around;
  const { low, high } = pass.range;
  const output = valueRounding(pass.align.fraction, pass.writes.fraction);
  const limit = 2 ** (words.activation - 1);
  const toValue = counting(saturations, 'hidden', limit);
  return new ValuePass(pass, around, (sum) => {
    const value = rounded(sum, output);
    if (value < low && low > -limit) return low;
    if (value > high && high < limit - 1) return high;
    return toValue(value);
  });
};
