import { Random } from '../../../generator/base/random.js';
import type { SparseMatrix } from '../../../generator/network/model.js';
import { patternKind } from '../../../generator/sparsity/kind-of.js';
import type { Size } from '../../../generator/sparsity/pattern.js';
import type { Pattern } from '../../../generator/sparsity/registry.js';

/** A pattern of every kind, as options state it. */
export const STATED: readonly (readonly [Pattern['kind'], Readonly<Record<string, string>>])[] = [
  ['hcgs', { blocks: '16,4', keep: '2/4,1/4' }],
  ['strips', { blocks: '8x6', rate: '4,2' }],
  ['banks', { blocks: '8', rate: '4' }],
  ['rows', { rate: '5' }],
  ['kernels', { blocks: '8x6', rate: '4' }],
  ['mask', { rate: '6', balance: 'skewed' }],
];

/** A pattern drawn as its options state it. */
export function drawn([kind, texts]: (typeof STATED)[number], size: Size, random: Random): Pattern {
  const member = patternKind({ kind });
  return member.draw(size, member.parse.spec(texts), random);
}

/** HCGS of two levels, a quarter of each kept: one weight in 16. */
export const sixteenth = (size: Size, random: Random, blocks = '64,4'): Pattern =>
  drawn(['hcgs', { blocks, keep: '1/4,1/4' }], size, random);

/** An unstructured mask that keeps one weight in `rate`. */
export const unstructured = (size: Size, random: Random, rate: number): Pattern =>
  drawn(['mask', { rate: String(rate) }], size, random);

/** A matrix of patterns, one for all gates or one for each; its codes are zero. */
export function matrixOf(patterns: readonly Pattern[]): SparseMatrix {
  const { rows, columns } = patterns[0] as Pattern;
  const sharing = patterns.length === 1 ? 'shared' : 'per-gate';
  const codes = new Int16Array(patterns.length * rows * columns);
  return { ...{ rows, columns, sharing, patterns, codes }, exponent: 0 };
}

/** Random numbers whose seed is printed; HCGS_MAP_SEED gives another one. */
export function seeded(): Random {
  const seed = Number(process.env.HCGS_MAP_SEED ?? 20_261_201);
  console.info(`seed ${seed}`);
  return new Random(seed);
}
