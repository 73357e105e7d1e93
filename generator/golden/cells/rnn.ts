import { clamp, rounded, tableInputRounding, valueRounding } from '../../network/arithmetic.js';
import type { Pass } from '../../network/program.js';
import { ChannelSums } from '../channel-sums.js';
import type { GoldenPass, LayerFrame, Saturations, Surroundings } from './cell.js';

/** One RNN layer; what it keeps is what it wrote. */
class RnnPass implements GoldenPass {
  /** h of the last frame. */
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
    if (h === null) throw new Error('an RNN has h');
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

/** h = sat(rnd(tanh(sat(rnd(s))))). */
export function rnnTanhPass(pass: Pass, around: Surroundings): GoldenPass {
  const { words, tables, saturations } = around;
  const { scheme, offset, tanh } = tables;
  const input = tableInputRounding(pass.align.fraction, scheme);
  const output = valueRounding(scheme.outputFraction, pass.writes.fraction);
  const toTable = counting(saturations, 'gateInput', offset);
  const toValue = counting(saturations, 'hidden', 2 ** (words.activation - 1));
  return new RnnPass(pass, around, (sum) => {
    const t = tanh[toTable(rounded(sum, input)) + offset] as number;
    return toValue(rounded(t, output));
  });
}

/** h = sat(rnd(max(0, s))). */
export function rnnReluPass(pass: Pass, around: Surroundings): GoldenPass {
  const { words, saturations } = around;
  const output = valueRounding(pass.align.fraction, pass.writes.fraction);
  const toValue = counting(saturations, 'hidden', 2 ** (words.activation - 1));
  return new RnnPass(pass, around, (sum) => toValue(rounded(Math.max(0, sum), output)));
}
