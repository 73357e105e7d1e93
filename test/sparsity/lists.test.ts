import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { sparseRows } from '../../generator/golden/sparse-rows.js';
import { modelBytes, parseModel } from '../../generator/network/compressed-model.js';
import type { SparseMatrix } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';
import { randomModel } from '../../generator/network/random.js';
import { matrixSummary } from '../../generator/network/summary.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import type { Pattern, PatternSpec } from '../../generator/sparsity/registry.js';
import { STANDARD_WORDS } from '../support/kws.js';
import { refusal } from '../support/refusal.js';
import { codesIn, columnsOf, densePermuted, filed, orderOf } from './support/lists.js';

const SPECS: readonly PatternSpec[] = [
  { kind: 'rows', rate: 3 },
  { kind: 'banks', bank: 8, rate: 2.5 },
  { kind: 'mask', rate: 4, balance: 'binomial' },
  { kind: 'mask', rate: 1.5, balance: 'skewed' },
  { kind: 'mask', rate: 4, balance: 'equal' },
  { kind: 'kernels', height: 8, width: 5, rate: 3 },
  { kind: 'kernels', height: 4, width: 64, rate: 6, balance: 'skewed' },
  { kind: 'kernels', height: 6, width: 6, rate: 4, balance: 'equal' },
];
const size = fc.integer({ min: 1, max: 40 });
const specs = fc.constantFrom(...SPECS);
const seeds = fc.integer({ min: 0, max: 2 ** 40 });

const draw = (rows: number, columns: number, spec: PatternSpec, seed: number): Pattern =>
  patternKind(spec).draw({ rows, columns }, spec, new Random(seed));

describe('patterns of lists of kept columns', () => {
  test('drawn ones are valid, the same for the same seed, and their runs never touch', () => {
    fc.assert(
      fc.property(size, size, specs, seeds, (rows, columns, spec, seed) => {
        const pattern = draw(rows, columns, spec, seed);
        const { validate, counts, runsOfRow } = patternKind(pattern);
        validate(pattern, 'drawn');
        expect(draw(rows, columns, spec, seed)).toEqual(pattern);
        const lists = columnsOf(pattern);
        const kept = lists.flat().length;
        expect(kept).toBeGreaterThan(0);
        for (const count of [counts.kept, counts.existing, counts.stored]) {
          expect(count(pattern)).toBe(kept);
        }
        expect(counts.filled(pattern)).toBe(0);
        expect(counts.productsPerRow(pattern)).toBe(Math.max(...lists.map(({ length }) => length)));
        for (let row = 0; row < rows; row++) {
          const runs = runsOfRow(pattern, row);
          runs.forEach(([first, width], i) => {
            const [before = -1, length = 0] = runs[i - 1] ?? [];
            expect(width).toBeGreaterThan(0);
            if (i > 0) expect(first).toBeGreaterThan(before + length);
          });
        }
        expect(keptMask(pattern).kept.reduce((a, b) => a + b, 0)).toBe(kept);
      }),
    );
  });

  test('in another order they keep what the matrix in that order keeps', () => {
    fc.assert(
      fc.property(size, size, specs, seeds, (rows, columns, spec, seed) => {
        const random = new Random(seed);
        const pattern = draw(rows, columns, spec, seed);
        const { order, validate } = patternKind(pattern);
        const unit = order.unit(pattern);
        const [newRows, newColumns] = [orderOf(rows, 1, random), orderOf(columns, unit, random)];
        const moved = order.permuted(pattern, newRows, newColumns);
        validate(moved as Pattern, 'moved');
        expect(keptMask(moved as Pattern).kept).toEqual(
          densePermuted(pattern, newRows, newColumns),
        );
      }),
    );
  });

  test('patterns and codes come back from their part of a file', () => {
    fc.assert(
      fc.property(size, size, specs, seeds, fc.boolean(), (rows, columns, spec, seed, shared) => {
        const gates = 3;
        const patterns = Array.from({ length: shared ? 1 : gates }, (_, g) =>
          draw(rows, columns, spec, seed + g),
        );
        const { codes, tensors, values, back } = filed(patterns, gates);
        expect(back()).toEqual({ patterns, codes });
        expect(tensors.map(({ part }) => part)).toEqual([...values.keys()]);
        for (const { part, shape } of tensors) {
          expect(values.get(part)).toHaveLength(shape.reduce((a, b) => a * b, 1));
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(SPECS)('a code outside of what $kind keeps is not dropped', (spec) => {
    const pattern = draw(6, 20, spec, 1);
    const codes = codesIn([pattern], 1, 6);
    codes[keptMask(pattern).kept.indexOf(0)] = 1;
    const matrix = { gates: 1, rows: 6, columns: 20, patterns: 1, weightBits: 6 };
    expect(() => patternKind(pattern).file.encode([pattern], codes, matrix, 'm')).toThrow(
      'm has codes outside of what it keeps',
    );
  });

  test('a long row of a large matrix is a few runs', () => {
    const pattern = patternKind({ kind: 'mask' }).dense({ rows: 1024, columns: 1024 });
    const { runsOfRow } = patternKind(pattern);
    for (let row = 0; row < 1024; row++) expect(runsOfRow(pattern, row)).toEqual([[0, 1024]]);
  });

  test.each(['rows', 'banks', 'mask'] as const)(
    'lists of %s that are wrong are refused',
    (kind) => {
      const good = draw(3, 20, SPECS.find((spec) => spec.kind === kind) as PatternSpec, 2);
      const { validate } = patternKind(good);
      const broken = (change: object) => refusal(() => validate({ ...good, ...change }, 'w', 'm'));
      const { start, kept } = good as Extract<Pattern, { readonly kind: 'mask' }>;
      const changed = (list: Int32Array, at: number, value: number) => {
        const copy = list.slice();
        copy[at] = value;
        return copy;
      };
      const code = 'PATTERN_INVALID';
      const at = { code, field: 'w', file: 'm' };
      expect(broken({ start: start.slice(1) })).toMatchObject({ ...at, expected: 4, got: 3 });
      expect(broken({ start: changed(start, 0, 1) })).toMatchObject({ ...at, expected: 0, got: 1 });
      expect(broken({ kept: kept.slice(1) })).toMatchObject({ ...at, got: kept.length - 1 });
      expect(broken({ start: changed(start, 1, kept.length + 1) })).toMatchObject(at);
      expect(broken({ kept: changed(kept, 0, 20) })).toMatchObject({ ...at, got: 20 });
      expect(broken({ kept: changed(kept, 0, -1) })).toMatchObject({ ...at, got: -1 });
      expect(broken({ kept: changed(kept, 1, kept[0] as number) })).toMatchObject(at);
      expect(broken({ rows: 0 })).toMatchObject({ ...at, got: 0 });
    },
  );
});

describe.each(SPECS)('a network of $kind, $rate, $balance', (spec) => {
  const drawn = (sharing: SparseMatrix['sharing']) =>
    randomModel({
      ...{ inputs: 10, hidden: [12, 8], patterns: [spec], sharing, outputs: 3 },
      ...{ words: STANDARD_WORDS, seed: 5 },
    });

  test.each(['shared', 'per-gate'] as const)(
    '%s comes back from a compressed-model file',
    (own) => {
      const model = drawn(own);
      expect(parseModel(modelBytes(model), 'm.safetensors')).toEqual(model);
    },
  );

  test('has golden sums of the columns that its rows keep', () => {
    const gates = 4;
    const matrices = programOf(drawn('per-gate'))
      .passes.filter(({ cell }) => cell === 'lstm')
      .flatMap(({ operands }) => operands.map(({ matrix }) => matrix));
    for (const matrix of matrices) {
      const { codes, columns, rows, patterns } = matrix;
      const golden = sparseRows(matrix);
      const lists = patterns.flatMap((pattern) => columnsOf(pattern));
      expect(lists).toHaveLength(gates * rows);
      expect(matrixSummary(matrix, gates).kept).toBe(lists.flat().length);
      lists.forEach((own, row) => {
        const sum = own.reduce((all, c) => all + (codes[row * columns + c] as number) * (c + 1), 0);
        let expected = 0;
        for (let i = golden.start[row] as number; i < (golden.start[row + 1] as number); i++) {
          expected += (golden.code[i] as number) * ((golden.column[i] as number) + 1);
        }
        expect(sum).toBe(expected);
      });
    }
  });
});
