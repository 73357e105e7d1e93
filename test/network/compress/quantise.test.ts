import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fractionHolding,
  quantise,
  weightExponent,
} from '../../../generator/network/compress/quantise.js';
import { refusal } from '../../support/refusal.js';

const floats = (...values: number[]) => Float64Array.from(values);

describe('the weight exponent', () => {
  it.each([
    [[0.5, -0.25, 0], 6, 2], // the smallest exact one
    [[31 / 16, -2], 6, 4],
    [[1], 6, 0],
    [[4, 8], 6, -2],
    [[-32], 6, -5], // -1 * 32
    [[0, 0], 6, 5], // all zero
    [[33 / 32, 1 / 32], 6, 0], // needs 7 bits; 0 to 4 lose 1/32 twice each: the larger range
  ])('of %j in %i bits is %i', (values, bits, e) => {
    expect(weightExponent(floats(...values), bits)).toBe(e);
  });

  it('is the smallest that holds codes exactly, wherever they came from', () => {
    const codes = fc.array(fc.integer({ min: -32, max: 31 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(codes, fc.integer({ min: -6, max: 20 }), (list, e) => {
        const values = Float64Array.from(list, (code) => code * 2 ** -e);
        const found = weightExponent(values, 6);
        const { report } = quantise('w', values, { bits: 6, fraction: found });
        expect(report).toMatchObject({ saturated: 0, maxError: 0, rmsError: 0 });
        if (list.some((code) => code !== 0)) {
          expect(found).toBeLessThanOrEqual(e);
          const { report: coarser } = quantise('w', values, { bits: 6, fraction: found - 1 });
          expect(coarser.maxError).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('else has the least squared error of all, saturation included, ties to the larger range', () => {
    const weights = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(weights, (list) => {
        fc.pre(list.some((value) => Math.abs(value) > 1e-3));
        const values = Float64Array.from(list);
        const found = weightExponent(values, 4);
        const error = (e: number) => {
          const step = 2 ** -e;
          return list.reduce((sum, v) => {
            const code = Math.max(-8, Math.min(7, Math.floor(v / step + 0.5)));
            return sum + (code * step - v) ** 2;
          }, 0);
        };
        for (let e = -4; e < 16; e++) {
          if (e < found) expect(error(e)).toBeGreaterThan(error(found));
          else expect(error(e)).toBeGreaterThanOrEqual(error(found));
        }
      }),
    );
  });

  it('saturates one outlier rather than losing many small weights', () => {
    const values = new Float64Array(10_000).fill(0.03);
    values[0] = 1.01;
    const e = weightExponent(values, 6);
    expect(e).toBeGreaterThan(4);
    expect(quantise('w', values, { bits: 6, fraction: e }).report.saturated).toBe(1);
  });
});

describe('the fraction that holds all values', () => {
  it.each([
    [[4095 / 1024, -4], 13, 10],
    [[4, -4], 13, 9],
    [[-4], 13, 10],
    [[3.9999], 13, 9], // rounds to 4096 with ten
    [[0], 16, 15],
    [[25.3], 16, 10],
    [[1e-9], 16, 24], // at most 24
    [[5000], 13, -1],
  ])('%j in %i bits is %i', (values, bits, fraction) => {
    expect(fractionHolding(values, bits)).toBe(fraction);
  });
});

describe('quantisation', () => {
  it('rounds half up, saturates, and reports', () => {
    const { codes, report } = quantise('w', floats(0.5, -0.5, 1.5, 100, -100, 0), {
      bits: 4,
      fraction: 0,
    });
    expect([...codes]).toEqual([1, 0, 2, 7, -8, 0]);
    expect(report).toEqual({
      name: 'w',
      bits: 4,
      fraction: 0,
      values: 5,
      saturated: 2,
      maxError: 93,
      rmsError: Math.sqrt((3 * 0.25 + 93 ** 2 + 92 ** 2) / 5),
    });
  });

  it('refuses a format that is out of reach', () => {
    const act = () => quantise('w', floats(1e30), { bits: 6, fraction: -95 });
    expect(refusal(act)).toMatchObject({ code: 'QUANTISE_RANGE', field: 'w' });
  });
});
