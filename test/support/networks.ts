import fc from 'fast-check';
import type { Model } from '../../generator/network/model.js';
import { type DrawnCell, randomModel } from '../../generator/network/random.js';
import { TABLE_BITS } from '../../generator/network/table-scheme.js';
import type { HcgsSpec } from '../../generator/sparsity/hcgs/parse.js';

/** Block sizes that nest, with kept fractions; often sizes that divide nothing. */
export const patterns: fc.Arbitrary<HcgsSpec> = fc
  .constantFrom<readonly number[]>([], [1], [4], [8, 4], [6, 3], [8, 4, 2], [16, 4], [5, 1])
  .chain((blocks) =>
    fc.tuple(...blocks.map(() => fc.integer({ min: 1, max: 8 }))).chain((ns) =>
      fc.tuple(...ns.map((n) => fc.integer({ min: 1, max: n }))).map((ks) => ({
        kind: 'hcgs' as const,
        blocks,
        keep: ks.map((k, i) => ({ k, n: ns[i] as number })),
      })),
    ),
  );

const { least, most, usual } = TABLE_BITS;

/** Small random networks over shapes, patterns, sharing, word lengths and schemes of tables. */
export const models: fc.Arbitrary<Model> = modelsOf(fc.integer({ min: least, max: most }));

/** The same with tables as they usually are. */
export const usualModels: fc.Arbitrary<Model> = modelsOf(fc.constant(usual));

/** Layers of the `cells`, in any order, with tables as they usually are. */
export function modelsOfCells(cells: readonly DrawnCell[]): fc.Arbitrary<Model> {
  const drawn = fc.array(fc.constantFrom(...cells), { minLength: 3, maxLength: 3 });
  return fc
    .tuple(shapesOf(fc.constant(usual)), drawn)
    .map(([{ pattern, ...rest }, cell]) =>
      randomModel({ ...rest, patterns: [pattern], cell: cell.slice(0, rest.hidden.length) }),
    );
}

/** The first ones; of half of them all layers start from a state of their own, of a quarter all but one. */
export const startedModels: fc.Arbitrary<Model> = fc
  .tuple(
    shapesOf(fc.integer({ min: least, max: most })),
    fc.constantFrom('none', 'all', 'all', 'some'),
    fc.nat(),
  )
  .map(([{ pattern, ...rest }, starts, choice]) => {
    const model = randomModel({ ...rest, patterns: [pattern], initialState: starts !== 'none' });
    if (starts !== 'some') return model;
    const without = choice % rest.hidden.length;
    const passes = model.passes.map(({ initial, ...pass }, n) =>
      n === without || initial === undefined ? pass : { ...pass, initial },
    );
    return { ...model, passes };
  });

function modelsOf(tableBits: fc.Arbitrary<number>): fc.Arbitrary<Model> {
  return shapesOf(tableBits).map(({ pattern, ...rest }) =>
    randomModel({ ...rest, patterns: [pattern] }),
  );
}

function shapesOf(tableBits: fc.Arbitrary<number>) {
  return fc.record({
    inputs: fc.integer({ min: 1, max: 20 }),
    hidden: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }),
    pattern: patterns,
    sharing: fc.constantFrom('shared' as const, 'per-gate' as const),
    outputs: fc.integer({ min: 0, max: 5 }),
    words: fc.record({
      weight: fc.integer({ min: 2, max: 12 }),
      activation: fc.integer({ min: 4, max: 16 }),
      cell: fc.integer({ min: 8, max: 24 }),
      bias: fc.integer({ min: 4, max: 24 }),
    }),
    tableBits,
    seed: fc.integer({ min: 0, max: 2 ** 40 }),
  });
}
