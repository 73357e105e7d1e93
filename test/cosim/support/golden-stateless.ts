import type { MakePass } from '../../../generator/golden/cells/cell.js';
import { accumulate, shiftedBias, weightsOf } from '../../../generator/golden/weighted-sums.js';

/** The sums of the stateless cell; a value is the low bits of the sum of the first channel. */
export const goldenStateless: MakePass = (pass, { words }) => {
  const { operands, rows, align } = pass;
  const [x, h] = operands;
  if (h === undefined) throw new Error('a stateless cell has two operands');
  const [wx, wh] = [x, h].map(({ matrix }) => weightsOf(matrix, words.activation));
  const bias = shiftedBias(pass.bias, align.bias);
  const values = new Float64Array(rows);
  const shift = 32 - words.activation;
  return {
    values,
    reset: () => void values.fill(0),
    step: (input, hidden) => {
      const [ofX, ofH] = [bias.slice(), new Float64Array(bias.length)];
      accumulate(wx as NonNullable<typeof wx>, input, align.x, ofX);
      accumulate(wh as NonNullable<typeof wh>, hidden as Float64Array, align.h, ofH);
      const both = ofX.map((sum, i) => sum + (ofH[i] as number));
      const sums = new Float64Array(4 * rows);
      sums.set(both.subarray(0, 2 * rows));
      sums.set(ofX.subarray(2 * rows), 2 * rows);
      sums.set(ofH.subarray(2 * rows), 3 * rows);
      const value = Int32Array.from(sums.subarray(0, rows), (sum) => (sum << shift) >> shift);
      values.set(value);
      return { sums, state: null, value };
    },
  };
};
