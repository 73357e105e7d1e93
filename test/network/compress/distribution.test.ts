import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { Distribution, distributionOf } from '../../../generator/network/compress/distribution.js';
import { rangeFraction } from '../../../generator/network/compress/quantise.js';

const floats = (...values: number[]) => Float64Array.from(values);

/** The smallest magnitude that at least `percent` % of the values do not exceed, by sorting. */
function exactPercentile(values: readonly number[], percent: number): number {
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  return sorted[Math.ceil((values.length * percent) / 100) - 1] as number;
}

describe('the distribution of values', () => {
  it('knows the smallest and largest, zero included', () => {
    expect(distributionOf(floats(0.5, 3, 2))).toMatchObject({ low: 0, high: 3, count: 3 });
    expect(distributionOf(floats(-0.5, -3))).toMatchObject({ low: -3, high: 0, count: 2 });
  });

  it('gives percentiles of the magnitude, never below and at most 0.1 % above the exact one', () => {
    const list = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(list, fc.double({ min: 0.1, max: 100, noNaN: true }), (values, percent) => {
        const exact = exactPercentile(values, percent);
        const found = distributionOf(Float64Array.from(values)).percentile(percent);
        expect(found).toBeGreaterThanOrEqual(exact);
        expect(found).toBeLessThanOrEqual(Math.max(exact * (1 + 1 / 1024), 2 ** -63));
      }),
    );
  });

  it('is the same whether values come at once or in parts', () => {
    const random = new Random(2);
    const values = Float64Array.from({ length: 3000 }, () => random.unit() ** 3 - 0.2);
    const parts = new Distribution();
    for (let i = 0; i < 3000; i += 500) parts.add(values.subarray(i, i + 500));
    for (const percent of [1, 50, 99, 99.9, 100]) {
      expect(parts.percentile(percent)).toBe(distributionOf(values).percentile(percent));
    }
  });

  it('has the largest magnitude as the percentile of all', () => {
    expect(distributionOf(floats(1.2345, -7.654321)).percentile(100)).toBe(7.654321);
  });

  it('takes zeros, denormals and huge values', () => {
    const seen = distributionOf(floats(0, 5e-324, -1e300));
    expect(seen.percentile(60)).toBeLessThan(2 ** -60);
    expect(seen.percentile(100)).toBe(1e300);
  });
});

describe('the fraction of a range', () => {
  const seen = distributionOf(Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? -9 : 1.5)));

  it('holds the largest value, or leaves rare ones out', () => {
    expect(rangeFraction(seen, 13)).toBe(8); // [-16, 16)
    expect(rangeFraction(seen, 13, 'max')).toBe(8);
    expect(rangeFraction(seen, 13, 100)).toBe(8);
    expect(rangeFraction(seen, 13, 99.95)).toBe(8);
    expect(rangeFraction(seen, 13, 99.9)).toBe(11); // [-2, 2): 999 of 1000 values
  });

  it('takes the lower end of a word where only it is needed', () => {
    const negative = distributionOf(floats(-4, -1, 2));
    expect(rangeFraction(negative, 13, 100)).toBe(10); // [-4, 4)
    expect(rangeFraction(negative, 13, 'max')).toBe(10);
  });
});
