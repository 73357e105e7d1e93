import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ceilDiv, ceilPower2, clog2, div, indexBits, int, max } from '../../generator/hdl/index.js';
import { genvarInt, localInt, parameterInt } from '../../generator/hdl/int.js';
import { lowerInt } from '../../generator/hdl/verilog/lower-int.js';
import { printExpr } from '../../generator/hdl/verilog/print-expr.js';
import { intCases, lookup, parameters, values } from './support/random-ints.js';

const [A, B] = parameters;
const text = (value: Parameters<typeof lowerInt>[0]): string => printExpr(lowerInt(value));

describe('an elaboration-time integer', () => {
  test.each([
    ['A + 1 and 1 + A', A.plus(1), int(1).plus(A), 'A + 1'],
    ['A * B and B * A', A.times(B), B.times(A), 'A * B'],
    ['(A + 1) * 2 and 2A + 2', A.plus(1).times(2), A.times(2).plus(2), '2 * A + 2'],
    ['A - B + B and A', A.minus(B).plus(B), A, 'A'],
    ['A - A and 0', A.minus(A), int(0), '0'],
    [
      '(A + B)(A - B) and AA - BB',
      A.plus(B).times(A.minus(B)),
      A.times(A).minus(B.times(B)),
      'A * A - B * B',
    ],
    ['max(A, B) and max(B, A)', max(A, B), max(B, A), 'A > B ? A : B'],
    ['max(A, A) and A', max(A.plus(1), int(1).plus(A)), A.plus(1), 'A + 1'],
    ['B - A, the positive term first', B.minus(A), A.times(-1).plus(B), 'B - A'],
    ['A / 1 and A', div(A, 1), ceilDiv(A, 1), 'A'],
    [
      'ceilPower2(A + 1) and ceilPower2(1 + A)',
      ceilPower2(A.plus(1)),
      ceilPower2(int(1).plus(A)),
      '1 << $clog2(A + 1)',
    ],
    ['clog2(A + 1) and clog2(1 + A)', clog2(A.plus(1)), clog2(int(1).plus(A)), '$clog2(A + 1)'],
  ])('has one normal form and one text: %s', (_, a, b, verilog) => {
    expect(a.equals(b)).toBe(true);
    expect(a.key).toBe(b.key);
    expect(text(a)).toBe(verilog);
    expect(text(b)).toBe(verilog);
  });

  test.each([
    [A.plus(1), A],
    [A.times(2), A],
    [clog2(A), indexBits(A)],
    [div(A, 2), ceilDiv(A, 2)],
    [ceilPower2(A), A],
    [ceilPower2(A), clog2(A)],
    [A, genvarInt('i')],
  ])('%# keeps apart what is different', (a, b) => {
    expect(a.equals(b)).toBe(false);
  });

  it('sees through localparams when it compares, and prints their names', () => {
    const words = localInt('WORDS', A.times(B));
    expect(words.plus(1).equals(A.times(B).plus(1))).toBe(true);
    expect(clog2(words).equals(clog2(B.times(A)))).toBe(true);
    expect(text(words.plus(1))).toBe('WORDS + 1');
    expect(words.names).toEqual(['WORDS']);
    expect(words.expanded.names).toEqual(['A', 'B']);
  });

  it('folds constants', () => {
    expect(clog2(1).constant).toBe(0);
    expect(indexBits(1).constant).toBe(1);
    expect(int(7).plus(A).minus(A).constant).toBe(7);
    expect(div(7, 2).plus(ceilDiv(7, 2)).constant).toBe(7);
    expect(A.constant).toBeUndefined();
    for (let k = 1; k < 31; k++) {
      expect([clog2(2 ** k - 1), clog2(2 ** k), clog2(2 ** k + 1)].map((v) => v.constant)).toEqual([
        k === 1 ? 0 : k,
        k,
        k + 1,
      ]);
    }
  });

  it('knows a power of two by the least one that is not below it', () => {
    const powers = Array.from({ length: 70 }, (_, n) => n).filter(
      (n) => ceilPower2(n).constant === n,
    );
    expect(powers).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect([0, 3, 5, 9, 1025].map((n) => ceilPower2(n).constant)).toEqual([1, 4, 8, 16, 2048]);
    expect(text(ceilPower2(A).plus(A).times(2))).toBe('2 * A + 2 * (1 << $clog2(A))');
  });

  it('refuses what is no integer', () => {
    expect(() => int(1.5)).toThrow(RangeError);
    expect(() => int(Number.NaN)).toThrow(RangeError);
  });

  it('evaluates to what the same arithmetic on numbers gives', () => {
    fc.assert(
      fc.property(intCases, values, (c, at) => {
        expect(c.int.evaluate(lookup(at)), c.text).toBe(c.value(at) + 0);
        expect(c.int.expanded.evaluate(lookup(at)), c.text).toBe(c.value(at) + 0);
      }),
      { numRuns: 500 },
    );
  });

  it('has the same value after its parameters are replaced by expressions', () => {
    fc.assert(
      fc.property(
        intCases,
        fc.array(intCases, { minLength: 3, maxLength: 3 }),
        values,
        (c, by, at) => {
          const inner = by.map((b) => Math.abs(b.value(at))) as [number, number, number];
          fc.pre(by.every((b) => b.value(at) >= 0 && b.value(at) < 1000));
          const put = c.int.substitute(
            (name) => by['ABC'.indexOf(name)]?.int ?? parameterInt(name),
          );
          const [got, wanted] = [put.evaluate(lookup(at)), c.value(inner)];
          fc.pre(Math.abs(wanted) < 2 ** 50);
          expect(got, c.text).toBe(wanted + 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is equal to another exactly where the normal form says so', () => {
    fc.assert(
      fc.property(intCases, intCases, values, (a, b, at) => {
        if (a.int.equals(b.int))
          expect(a.value(at) + 0, `${a.text} ${b.text}`).toBe(b.value(at) + 0);
      }),
      { numRuns: 500 },
    );
  });
});
