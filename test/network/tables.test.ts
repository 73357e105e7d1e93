import { describe, expect, it } from 'vitest';
import { sigmoid, TABLE_SEGMENTS, tanh } from '../../generator/network/arithmetic.js';
import {
  DEFAULT_SIGMOID,
  DEFAULT_TANH,
  exactSigmoid,
  exactTanh,
  segmentStart,
  tableErrors,
} from '../../generator/network/tables.js';

const functions = [
  ['sigmoid', exactSigmoid, DEFAULT_SIGMOID],
  ['tanh', exactTanh, DEFAULT_TANH],
] as const;

describe.each(functions)('the table of %s', (_, f, { y0, slope }) => {
  it('has no entry near a rounding tie, so every machine makes the same table', () => {
    for (let k = 0; k <= TABLE_SEGMENTS; k++) {
      const value = 4096 * f(segmentStart(k));
      expect(Math.abs(value - Math.floor(value) - 0.5)).toBeGreaterThan(1e-6);
    }
  });

  it('joins its segments and fits its words', () => {
    expect(y0).toHaveLength(128);
    for (let k = 0; k < 127; k++) expect((y0[k] as number) + (slope[k] as number)).toBe(y0[k + 1]);
    for (const value of y0) expect(value).toBeLessThanOrEqual(4096);
    for (const step of slope) {
      expect(step).toBeGreaterThanOrEqual(0);
      expect(step).toBeLessThan(512);
    }
  });
});

it('the tables are within 0.0003 and 0.0006 of the real functions', () => {
  const errors = tableErrors({ sigmoid: DEFAULT_SIGMOID, tanh: DEFAULT_TANH });
  expect(errors.sigmoid).toBeLessThan(0.0003);
  expect(errors.tanh).toBeLessThan(0.0006);
});

it('both functions are monotonic and odd, in range for every input', () => {
  let [before, beforeTanh] = [0, -4096];
  for (let u = -8192; u < 8192; u++) {
    const [s, t] = [sigmoid(DEFAULT_SIGMOID, u), tanh(DEFAULT_TANH, u)];
    expect(s).toBeGreaterThanOrEqual(before);
    expect(t).toBeGreaterThanOrEqual(beforeTanh);
    if (u > -8192 && u !== 0) {
      expect(sigmoid(DEFAULT_SIGMOID, -u)).toBe(4096 - s);
      expect(tanh(DEFAULT_TANH, -u)).toBe(t === 0 ? 0 : -t);
    }
    [before, beforeTanh] = [s, t];
  }
  expect(before).toBeLessThanOrEqual(4096);
});
