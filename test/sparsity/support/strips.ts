import fc from 'fast-check';
import { Random } from '../../../generator/base/random.js';
import { BALANCES, type StripsSpec } from '../../../generator/sparsity/strips/parse.js';
import type { StripsPattern } from '../../../generator/sparsity/strips/pattern.js';
import { STRIPS } from '../../../generator/sparsity/strips/strips.js';

/** A matrix and what is drawn for it. */
export interface StripsCase extends Omit<StripsSpec, 'kind'> {
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
}

const size = fc.integer({ min: 1, max: 24 });

/** Small matrices, often of sizes that strip blocks do not divide. */
export const stripsCases: fc.Arbitrary<StripsCase> = fc.record({
  ...{ rows: size, columns: size, height: size, width: size },
  columnRate: fc.constantFrom(1, 1.5, 3, 8),
  rowRate: fc.constantFrom(1, 1, 1.5, 4),
  balance: fc.constantFrom(...BALANCES),
  seed: fc.nat(2 ** 30),
});

export function drawnStrips({ rows, columns, seed, ...spec }: StripsCase): StripsPattern {
  return STRIPS.draw({ rows, columns }, { kind: 'strips', ...spec }, new Random(seed));
}
