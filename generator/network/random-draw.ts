import { UserError } from '../base/errors.js';
import type { Random } from '../base/random.js';
import type { Steps } from '../base/steps.js';
import { densePattern } from '../sparsity/dense.js';
import { patternKind } from '../sparsity/kind-of.js';
import type { Pattern, PatternSpec } from '../sparsity/registry.js';
import { MAX_CODES } from './limits.js';
import type { SparseMatrix, WordLengths } from './model.js';

/** What is drawn for one layer, both sides; null: every weight is kept. */
export type RandomPattern = PatternSpec | null;

/** A matrix without its scale. */
export type Unscaled = Omit<SparseMatrix, 'exponent'>;

/** What all gates of a matrix have in common. */
export interface Gates {
  readonly sharing: SparseMatrix['sharing'];
  readonly words: WordLengths;
  readonly gates: number;
}

/** A matrix of its pattern, codes uniform wherever it keeps one. @throws UserError RANDOM_SHAPE where it is too large */
export function* drawMatrix(
  rows: number,
  columns: number,
  spec: RandomPattern,
  { sharing, words, gates }: Gates,
  random: Random,
): Steps<Unscaled> {
  if (gates * rows * columns > MAX_CODES) {
    const message = `a matrix of ${rows} x ${columns} in ${gates} gates: expected at most ${MAX_CODES} weights`;
    const got = gates * rows * columns;
    throw new UserError({ code: 'RANDOM_SHAPE', message, expected: MAX_CODES, got });
  }
  const own = gates === 1 ? 'shared' : sharing;
  const patterns = Array.from({ length: own === 'shared' ? 1 : gates }, () =>
    spec === null
      ? densePattern({ rows, columns })
      : patternKind(spec).draw({ rows, columns }, spec, random),
  );
  const codes = new Int16Array(gates * rows * columns);
  const half = 2 ** (words.weight - 1);
  for (let gate = 0; gate < gates; gate++) {
    const pattern = patterns[own === 'shared' ? 0 : gate] as Pattern;
    for (let row = 0; row < rows; row++) {
      yield;
      for (const [first, width] of patternKind(pattern).runsOfRow(pattern, row)) {
        for (let column = first; column < Math.min(first + width, columns); column++) {
          codes[(gate * rows + row) * columns + column] = random.between(-half, half - 1);
        }
      }
    }
  }
  return { rows, columns, sharing: own, patterns, codes };
}

/** Standard deviation of a row's sum at exponent 0, codes uniform, inputs of the given r.m.s. value. */
export function deviation(
  { rows, patterns }: Unscaled,
  { weight }: WordLengths,
  rms: number,
): number {
  const pattern = patterns[0] as Pattern;
  const products = patternKind(pattern).counts.existing(pattern) / rows;
  return Math.sqrt(((4 ** weight - 1) / 12) * products) * rms;
}

/** Exponents of both sides whose sum comes nearest to the target and shares it most evenly. */
export function exponents(
  [x, h]: readonly [number, number],
  target: number,
): readonly [x: number, h: number] {
  const near = (side: number) => {
    const middle = nearestPower((side * Math.SQRT2) / target);
    return [middle - 1, middle, middle + 1];
  };
  const pairs = near(x).flatMap((ex) => near(h).map((eh) => [ex, eh] as const));
  const cost = ([ex, eh]: readonly [number, number]) => {
    const [sx, sh] = [x * 2 ** -ex, h * 2 ** -eh];
    return Math.abs(Math.log2(Math.hypot(sx, sh) / target)) + 0.1 * Math.abs(Math.log2(sx / sh));
  };
  return pairs.reduce((best, pair) => (cost(pair) < cost(best) ? pair : best));
}

/** n with 2^n nearest to the ratio; never -0, which a file would not give back. */
export function nearestPower(ratio: number): number {
  return Math.round(Math.log2(ratio)) + 0;
}

/** As many codes, uniform over all of a word. */
export function uniformCodes(length: number, bits: number, random: Random): Int32Array {
  const half = 2 ** (bits - 1);
  return Int32Array.from({ length }, () => random.between(-half, half - 1));
}
