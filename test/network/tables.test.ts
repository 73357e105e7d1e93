import { describe, expect, it } from 'vitest';
import { sigmoidOf, tanhOf } from '../../generator/network/arithmetic.js';
import { exactSigmoid, exactTanh } from '../../generator/network/table-functions.js';
import {
  magnitudeBits,
  rangeLimit,
  segmentBits,
  slopeBits,
  TABLE_BITS,
  tableOne,
} from '../../generator/network/table-scheme.js';
import { segmentStart, tableErrors, tablesFor } from '../../generator/network/tables.js';

const FUNCTIONS = { sigmoid: exactSigmoid, tanh: exactTanh };
const NAMES = ['sigmoid', 'tanh'] as const;

/** Bits: input, its fraction, segments, limit of the range; largest errors in steps of a value, as the docs have them. */
const DOCUMENTED = [
  [12, 14, 10, 128, 8, 1.05, 2.08],
  [13, 16, 11, 512, 16, 0.97, 1.67],
  [14, 17, 12, 512, 16, 1.06, 2.16],
  [15, 18, 13, 1024, 16, 1.0, 1.52],
  [16, 19, 14, 1024, 16, 1.09, 2.21],
] as const;

it('there are no others', () => {
  const { least, most } = TABLE_BITS;
  expect(DOCUMENTED.map(([bits]) => bits)).toEqual(
    Array.from({ length: most - least + 1 }, (_, i) => least + i),
  );
  for (const bits of [11, 17, 12.5]) expect(() => tablesFor(bits)).toThrow(RangeError);
});

describe.each(DOCUMENTED)(
  'tables of %i fraction bits',
  (bits, input, fraction, segments, limit, ...errors) => {
    const tables = tablesFor(bits);
    const { scheme } = tables;
    const one = 2 ** bits;

    it('are cut as documented, and the same object each time', () => {
      const expected = {
        inputBits: input,
        inputFraction: fraction,
        outputFraction: bits,
        segments,
      };
      expect(scheme).toEqual(expected);
      expect([rangeLimit(scheme), tableOne(scheme)]).toEqual([limit, one]);
      expect(segments * 2 ** segmentBits(scheme)).toBe(2 ** magnitudeBits(scheme));
      expect(tablesFor(bits)).toBe(tables);
    });

    it('have no entry near a rounding tie, so every machine makes the same tables', () => {
      for (const name of NAMES) {
        for (let k = 0; k <= segments; k++) {
          const value = one * FUNCTIONS[name](segmentStart(k, scheme));
          expect(Math.abs(value - Math.floor(value) - 0.5)).toBeGreaterThan(1e-6);
        }
      }
    });

    it('join their segments and fit their words, the steepest with no bit to spare', () => {
      for (const name of NAMES) {
        const { y0, slope } = tables[name];
        expect([y0.length, slope.length]).toEqual([segments, segments]);
        for (let k = 0; k < segments - 1; k++) {
          expect((y0[k] as number) + (slope[k] as number)).toBe(y0[k + 1]);
        }
        expect(Math.max(...y0)).toBeLessThanOrEqual(one);
        expect(Math.min(...slope)).toBeGreaterThanOrEqual(0);
      }
      expect(Math.max(...tables.tanh.slope)).toBe(2 ** (slopeBits(scheme) - 1));
    });

    it('are as near to the functions as the documentation says', () => {
      const { sigmoid, tanh } = tableErrors(tables);
      const [documentedSigmoid, documentedTanh] = errors;
      expect(sigmoid * one).toBeCloseTo(documentedSigmoid, 2);
      expect(tanh * one).toBeCloseTo(documentedTanh, 2);
      // behind the range a function is that of its last input
      expect((1 - exactSigmoid(limit)) * one).toBeLessThan(bits === 12 ? 1.4 : 0.01);
    });

    it('are monotonic and odd, in range for every input', () => {
      const [sigmoid, tanh] = [sigmoidOf(tables.sigmoid, scheme), tanhOf(tables.tanh, scheme)];
      let [before, beforeTanh] = [0, -one];
      let wrong = 0;
      const end = 2 ** magnitudeBits(scheme);
      for (let u = -end; u < end; u++) {
        const [s, t] = [sigmoid(u), tanh(u)];
        if (s < before || t < beforeTanh) wrong++;
        if (u > -end && u !== 0 && (sigmoid(-u) !== one - s || tanh(-u) + t !== 0)) wrong++;
        [before, beforeTanh] = [s, t];
      }
      expect(wrong).toBe(0);
      expect(sigmoid(-end)).toBe(one - sigmoid(end - 1));
      expect(Math.max(before, beforeTanh)).toBeLessThanOrEqual(one);
    });
  },
);

describe.each([
  { kind: 'hard-sigmoid', alpha: 0.2 },
  { kind: 'hard-sigmoid', alpha: 1 / 6 },
  { kind: 'hard-sigmoid', alpha: 0.5 },
] as const)('tables of %j and of a hard tanh', (sigmoid) => {
  const functions = { sigmoid, tanh: { kind: 'hard-tanh' } } as const;

  it.each(DOCUMENTED.map(([bits]) => bits))(
    'of %i bits are exact but for their rounding',
    (bits) => {
      const tables = tablesFor(bits, functions);
      const one = 2 ** bits;
      const errors = tableErrors(tables, functions);
      // kinks lie between segments, which are straight: what is left is the rounding of both ends and of the place between
      expect(errors.sigmoid * one).toBeLessThan(1);
      expect(errors.tanh * one).toBe(0);
      expect(tablesFor(bits)).not.toBe(tables);
      expect(tables.sigmoid.y0.at(-1)).toBe(one);
    },
  );
});
