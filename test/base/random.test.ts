import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';

describe('random numbers', () => {
  it('are the same on every machine', () => {
    const random = new Random(1);
    expect([random.uint32(), random.uint32(), random.below(1000), random.between(-4, 3)]).toEqual([
      2308299391, 1950625580, 397, -3,
    ]);
  });

  it('use both halves of the seed', () => {
    const first = [0, 1, 2 ** 32, 2 ** 52].map((seed) => new Random(seed).uint32());
    expect(new Set(first).size).toBe(4);
    expect(() => new Random(-1)).toThrow(RangeError);
    expect(() => new Random(0.5)).toThrow(RangeError);
  });

  it('are uniform and stay within bounds', () => {
    const random = new Random(5);
    const times = new Array<number>(7).fill(0);
    for (let i = 0; i < 7000; i++) {
      const value = random.below(7);
      times[value] = (times[value] as number) + 1;
    }
    for (const n of times) expect(Math.abs(n - 1000)).toBeLessThan(5 * Math.sqrt(1000));
    const between = Array.from({ length: 500 }, () => random.between(-2, 1));
    expect([...new Set(between)].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1]);
    for (let i = 0; i < 100; i++) expect(random.unit()).toBeLessThan(1);
  });

  it('sample without replacement, ascending', () => {
    const random = new Random(6);
    for (let count = 0; count <= 9; count++) {
      const sample = random.sample(count, 9);
      expect(new Set(sample).size).toBe(count);
      expect([...sample].sort((a, b) => a - b)).toEqual(sample);
      for (const value of sample) expect(value).toBeLessThan(9);
    }
  });
});
