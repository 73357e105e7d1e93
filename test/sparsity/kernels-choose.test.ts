import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PATTERNS } from '../../generator/sparsity/registry.js';
import { refusal } from '../support/refusal.js';
import { weightsOf } from './support/lists.js';

const { kernels: KERNELS } = PATTERNS;
const size = fc.integer({ min: 1, max: 24 });
const cases = fc.record({
  ...{ rows: size, columns: size, height: size, width: size },
  rate: fc.constantFrom(1, 1.5, 4, 9),
  gates: fc.constantFrom(1, 3),
  seed: fc.nat(2 ** 30),
});

/** Numbers from 0 on. */
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

/** The best of them by a score, the first of equal ones, ascending. */
const best = (places: readonly number[], count: number, score: (at: number) => number) =>
  [...places]
    .sort((a, b) => score(b) - score(a) || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);

test('balanced, every block keeps its best rows and columns', () => {
  fc.assert(
    fc.property(cases, ({ rows, columns, height, width, rate, gates, seed }) => {
      const values = weightsOf({ rows, columns }, gates, seed);
      const { kernels, ...sides } = KERNELS.choose(values, {
        ...{ kind: 'kernels', height, width, rate },
      });
      KERNELS.validate({ kernels, ...sides }, 'chosen');
      const across = Math.ceil(columns / sides.width);
      kernels.forEach((kernel, at) => {
        const [top, left] = [
          Math.floor(at / across) * sides.height,
          (at % across) * sides.width,
        ] as const;
        const own = [Math.min(sides.height, rows - top), Math.min(sides.width, columns - left)];
        const [h, w] = own as [number, number];
        const [m, n] = own.map((of) => Math.max(1, Math.round(of / Math.sqrt(rate)))) as [
          number,
          number,
        ];
        const norm = (some: readonly number[], others: readonly number[]) =>
          some.reduce(
            (sum, r) =>
              others.reduce(
                (all, c) =>
                  values.gates.reduce(
                    (total, gate) => total + (gate[(top + r) * columns + left + c] as number) ** 2,
                    all,
                  ),
                sum,
              ),
            0,
          );
        const first = best(upTo(h), m, (r) => norm([r], upTo(w)));
        const second = best(upTo(w), n, (c) => norm(first, [c]));
        expect([...kernel.columns]).toEqual(second);
        expect([...kernel.rows]).toEqual(best(upTo(h), m, (r) => norm([r], second)));
      });
    }),
  );
});

test('the best rows and columns of the whole matrix, as many as bring the rate closest', () => {
  fc.assert(
    fc.property(cases, ({ rows, columns, height, width, rate, gates, seed }) => {
      const values = weightsOf({ rows, columns }, gates, seed);
      const spec = { kind: 'kernels', height, width, rate, balance: 'binomial' } as const;
      const pattern = KERNELS.choose(values, spec);
      KERNELS.validate(pattern, 'chosen');
      const across = Math.ceil(columns / pattern.width);
      const grid = Math.ceil(rows / pattern.height) * across;
      const lines = upTo(grid).flatMap((block) => {
        const top = Math.floor(block / across) * pattern.height;
        const left = (block % across) * pattern.width;
        const h = Math.min(pattern.height, rows - top);
        const w = Math.min(pattern.width, columns - left);
        const square = (r: number, c: number) =>
          values.gates.reduce(
            (sum, g) => sum + (g[(top + r) * columns + left + c] as number) ** 2,
            0,
          );
        return [
          ...upTo(h).map((at) => ({
            ...{ block, at, isRow: true },
            score: upTo(w).reduce((sum, c) => sum + square(at, c) / w, 0),
          })),
          ...upTo(w).map((at) => ({
            ...{ block, at, isRow: false },
            score: upTo(h).reduce((sum, r) => sum + square(r, at) / h, 0),
          })),
        ];
      });
      const order = lines.sort((a, b) => b.score - a.score);
      // one more line each time, counted anew
      const results = upTo(order.length).map((count) => {
        const kept = upTo(grid).map(() => ({ rows: [] as number[], columns: [] as number[] }));
        for (const { block, at, isRow } of order.slice(0, count + 1)) {
          (isRow ? kept[block]?.rows : kept[block]?.columns)?.push(at);
        }
        const weights = kept.reduce((sum, own) => sum + own.rows.length * own.columns.length, 0);
        return { kept, weights, off: Math.abs(weights - (rows * columns) / rate) };
      });
      const some = results.filter(({ weights }) => weights > 0);
      const [first] = [...some].sort((a, b) => a.off - b.off || a.weights - b.weights);
      expect(KERNELS.counts.kept(pattern)).toBe(first?.weights);
      expect(pattern.kernels.map((own) => [[...own.rows], [...own.columns]])).toEqual(
        first?.kept.map((own) =>
          own.rows.length * own.columns.length === 0
            ? [[], []]
            : [own.rows.sort((a, b) => a - b), own.columns.sort((a, b) => a - b)],
        ),
      );
    }),
    { numRuns: 60 },
  );
});

test('skewed counts are of random draws', () => {
  const values = weightsOf({ rows: 4, columns: 4 }, 1, 1);
  const spec = { kind: 'kernels', height: 2, width: 2, rate: 2, balance: 'skewed' } as const;
  expect(refusal(() => KERNELS.choose(values, spec))).toMatchObject({
    ...{ code: 'BALANCE_INVALID', field: '--balance', got: "'skewed'" },
  });
});
