import fc from 'fast-check';
import {
  ceilDiv,
  ceilPower2,
  clog2,
  div,
  type Int,
  indexBits,
  int,
  max,
} from '../../../generator/hdl/index.js';
import { localInt, parameterInt } from '../../../generator/hdl/int.js';

/** Values of the parameters A, B and C. */
export type Values = readonly [number, number, number];

/** The same elaboration-time integer twice: in the eDSL, and as arithmetic on numbers. */
export interface IntCase {
  readonly text: string;
  readonly int: Int;
  readonly value: (at: Values) => number;
}

const NAMES = ['A', 'B', 'C'] as const;
export const parameters = NAMES.map((name) => parameterInt(name)) as [Int, Int, Int];

const leaf: fc.Arbitrary<IntCase> = fc.oneof(
  fc.nat(9).map((n) => ({ text: String(n), int: int(n), value: () => n })),
  fc.nat(2).map((i) => ({
    text: NAMES[i] as string,
    int: parameters[i] as Int,
    value: (at: Values) => at[i] as number,
  })),
);

const least1 = (n: number): number => Math.max(1, n);
const bits = (n: number): number => {
  let count = 0;
  while (2 ** count < n) count++;
  return count;
};

/** Random expressions; divisors are at least one, differences may be negative. */
export const intCases: fc.Arbitrary<IntCase> = fc.letrec<{ tree: IntCase }>((tie) => {
  const two = fc.tuple(tie('tree'), tie('tree'));
  const join = (
    name: string,
    make: (a: Int, b: Int) => Int,
    apply: (a: number, b: number) => number,
  ): fc.Arbitrary<IntCase> =>
    two.map(([a, b]) => ({
      text: `${name}(${a.text}, ${b.text})`,
      int: make(a.int, b.int),
      value: (at) => apply(a.value(at), b.value(at)),
    }));
  return {
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      join(
        'plus',
        (a, b) => a.plus(b),
        (a, b) => a + b,
      ),
      join(
        'minus',
        (a, b) => a.minus(b),
        (a, b) => a - b,
      ),
      join(
        'times',
        (a, b) => a.times(b),
        (a, b) => a * b,
      ),
      join('max', max, Math.max),
      join(
        'div',
        (a, b) => div(a, max(b, 1)),
        (a, b) => Math.floor(a / least1(b)),
      ),
      join(
        'ceilDiv',
        (a, b) => ceilDiv(a, max(b, 1)),
        (a, b) => Math.ceil(a / least1(b)),
      ),
      tie('tree').map((a) => ({
        text: `clog2(${a.text})`,
        int: clog2(max(a.int, 1)),
        value: (at: Values) => bits(least1(a.value(at))),
      })),
      tie('tree').map((a) => ({
        text: `ceilPower2(${a.text})`,
        int: ceilPower2(a.int),
        value: (at: Values) => 2 ** bits(least1(a.value(at))),
      })),
      tie('tree').map((a) => ({
        text: `indexBits(${a.text})`,
        int: indexBits(a.int),
        value: (at: Values) => Math.max(1, bits(a.value(at))),
      })),
      tie('tree').map((a) => ({
        ...a,
        text: `local(${a.text})`,
        int: localInt(`L${hash(a.text)}`, a.int),
      })),
    ),
  };
}).tree;

function hash(text: string): string {
  return [...text].reduce((h, ch) => (h * 31 + ch.charCodeAt(0)) >>> 0, 7).toString(36);
}

export const values: fc.Arbitrary<Values> = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20));

export const lookup =
  (at: Values) =>
  (name: string): number =>
    at[NAMES.indexOf(name as (typeof NAMES)[number])] as number;
