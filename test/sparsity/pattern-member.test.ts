import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { inspectCommand } from '../../generator/cli/inspect/inspect.js';
import { inspect as inspectSchema } from '../../generator/cli/schemas/inspect.js';
import { matrix as matrixSchema } from '../../generator/cli/schemas/parts.js';
import { patternLine } from '../../generator/cli/text/pattern-text.js';
import { sparseRows } from '../../generator/golden/sparse-rows.js';
import { compress, patternReports } from '../../generator/network/compress/compress.js';
import { modelBytes, parseModel } from '../../generator/network/compressed-model.js';
import { mapMatrices } from '../../generator/network/float/layer-matrices.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { type Tensor, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import type { Model, SparseMatrix } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';
import { randomModel } from '../../generator/network/random.js';
import { selectPattern } from '../../generator/network/select/select.js';
import { structuralBounds } from '../../generator/network/sum-bounds.js';
import { matrixSummary } from '../../generator/network/summary.js';
import { patternDescription, patternKind } from '../../generator/sparsity/kind-of.js';
import type { PatternSpec } from '../../generator/sparsity/registry.js';
import { runCli } from '../support/cli.js';
import { floatOf, realFrames } from '../support/float-models.js';
import { STANDARD_WORDS } from '../support/kws.js';

// the one line that a new pattern takes, besides its own file
vi.mock('../../generator/sparsity/registry.js', async (load) => {
  const { PATTERNS } = await load<typeof import('../../generator/sparsity/registry.js')>();
  const { SHARE } = await import('./support/row-balanced.js');
  return { PATTERNS: { hcgs: PATTERNS.hcgs, share: SHARE } };
});

const folder = mkdtempSync(join(tmpdir(), 'hcgs-member-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Half of every row. */
const half = { kind: 'share', share: 0.5 } as unknown as PatternSpec;
const GATES = 4;

const drawn = (sharing: SparseMatrix['sharing'] = 'per-gate') =>
  randomModel({
    ...{ inputs: 10, hidden: [12, 8], patterns: [half], sharing, outputs: 3 },
    ...{ words: STANDARD_WORDS, seed: 5 },
  });

/** The matrices of recurrent layers. */
const matricesOf = (model: Model): readonly SparseMatrix[] =>
  programOf(model)
    .passes.filter(({ cell }) => cell === 'lstm')
    .flatMap(({ operands }) => operands.map(({ matrix }) => matrix));

test('a network of a further kind of pattern is drawn, counted and described', () => {
  for (const sharing of ['shared', 'per-gate'] as const) {
    const model = drawn(sharing);
    for (const matrix of matricesOf(model)) {
      const { columns, rows } = matrix;
      expect(matrix.patterns.map(({ kind }) => kind)).toEqual(
        Array.from({ length: sharing === 'shared' ? 1 : GATES }, () => 'share'),
      );
      const summary = matrixSummary(matrix, GATES);
      expect(summary).toMatchObject({ perRow: columns / 2, kept: (GATES * rows * columns) / 2 });
      expect(summary).not.toHaveProperty('blocks');
      expect(matrixSchema.parse(summary)).toEqual(summary);
      expect(patternLine(matrix, summary)).toContain(
        `${rows} x ${columns}: ${columns / 2} in every row, ${sharing}, `,
      );
    }
    const products = matricesOf(model)[0] as SparseMatrix;
    expect(structuralBounds(model)[0]?.x).toBe((products.columns / 2) * 2 ** (6 + 13 - 2));
  }
});

test('the golden sums are those of the runs that its rows keep', () => {
  for (const matrix of matricesOf(drawn())) {
    const { codes, columns, rows } = matrix;
    const golden = sparseRows(matrix);
    for (let row = 0; row < GATES * rows; row++) {
      const pattern = matrix.patterns[Math.floor(row / rows)] as SparseMatrix['patterns'][0];
      const kept = patternKind(pattern)
        .runsOfRow(pattern, row % rows)
        .flatMap(([first, width]) => Array.from({ length: width }, (_, i) => first + i));
      const sum = (of: readonly number[], code: (column: number) => number) =>
        of.reduce((total, column) => total + code(column) * (column + 1), 0);
      const [from, end] = [golden.start[row] as number, golden.start[row + 1] as number];
      let expected = 0;
      for (let i = from; i < end; i++) {
        expected += (golden.code[i] as number) * ((golden.column[i] as number) + 1);
      }
      expect(sum(kept, (column) => codes[row * columns + column] as number)).toBe(expected);
      expect(kept).toHaveLength(columns / 2);
    }
  }
});

test('it is found in the zeros of a float network, where blocks are not', () => {
  const model = drawn('shared');
  const result = compress(floatOf(model), {
    ...{ words: STANDARD_WORDS, provenance: {}, file: 'net', fill: false, dense: false },
    frames: realFrames({ utterances: 2, frames: 6, inputs: 10 }, 1),
  });
  const found = matricesOf(result.model);
  expect(found.flatMap(({ patterns }) => patterns.map(({ kind }) => kind))).toEqual(
    Array.from({ length: 4 }, () => 'share'),
  );
  expect(result.patterns[0]).toMatchObject({ sharing: 'shared', perRow: 5, kept: 240 });
});

test.each(['random', 'magnitude'] as const)('it is chosen in a dense network: %s', (by) => {
  const source = floatOf(
    randomModel({
      ...{ inputs: 10, hidden: [12], patterns: [null], sharing: 'shared', outputs: 3 },
      ...{ words: STANDARD_WORDS, seed: 5 },
    }),
  );
  const chosen = selectPattern(source, { by, patterns: [half], sharing: 'per-gate', seed: 3 });
  const x = chosen.layers[0]?.x.values as Float64Array;
  for (let row = 0; row < GATES * 12; row++) {
    const values = x.subarray(row * 10, (row + 1) * 10);
    const before = source.layers[0]?.x.values.subarray(row * 10, (row + 1) * 10) as Float64Array;
    const size = (list: Float64Array) => [...list].map(Math.abs).sort((a, b) => b - a);
    expect(values.filter((value) => value !== 0).length).toBeLessThanOrEqual(5);
    if (by === 'magnitude') expect(size(values).slice(0, 5)).toEqual(size(before).slice(0, 5));
  }
  expect(
    patternReports(
      chosen,
      chosen.patterns?.map((layer) =>
        mapMatrices(layer, (own) => ({
          ...{ name: 'x', ...own, added: { facts: {}, text: '-' } },
        })),
      ) ?? [],
    ),
  ).toMatchObject([{ perRow: 5 }, { perRow: 6 }]);
});

test('inspect shows it, in text and in JSON', async () => {
  const size = 16;
  // row r keeps the columns that are odd, or even, by turns of a hash: no blocks
  const zero = (row: number, column: number) => (column * 7 + row * row * 3) % size >= size / 2;
  const values = Array.from({ length: 4 * size * size }, (_, i) =>
    zero(Math.floor(i / size) % size, i % size) ? 0 : (i % 7) - 8,
  );
  const bytes = encodeElements('float32', values);
  const tensor: Tensor = { dtype: 'F32', shape: [4 * size, size], bytes };
  const path = join(folder, 'rows.safetensors');
  const tensors = new Map(['ih', 'hh'].map((side) => [`lstm.weight_${side}_l0`, tensor] as const));
  writeFileSync(path, writeSafetensors({ metadata: {}, tensors }));
  const text = await runCli(['inspect', path], [inspectCommand]);
  expect(text.stdout).toContain('The zeros as rows that keep the same number of weights.');
  expect(text.stdout).toMatch(/^lstm\.weight_ih_l0 +a pattern +8 +shared$/m);
  expect(text.stdout).toContain('finds the pattern (share) and quantises');
  const { json } = await runCli(['inspect', path, '--json', '--quiet'], [inspectCommand]);
  expect(inspectSchema.parse(json())).toMatchObject({
    matrices: [{ kind: 'exact', patterns: [{ sharing: 'shared', perRow: 8 }] }, {}],
    search: { found: [{ sharing: 'shared' }, { sharing: 'shared' }] },
  });
});

test('a model of it comes back from a compressed-model file', () => {
  for (const sharing of ['shared', 'per-gate'] as const) {
    const model = drawn(sharing);
    expect(parseModel(modelBytes(model), 'm.safetensors')).toEqual(model);
  }
});

test('its description, tensors and codes come back from a file', () => {
  for (const { patterns, codes, rows, columns } of matricesOf(drawn())) {
    const { file } = patternKind(patterns[0] as (typeof patterns)[0]);
    const matrix = { gates: GATES, rows, columns, patterns: patterns.length, weightBits: 6 };
    const described = JSON.parse(JSON.stringify(file.describe(patterns)));
    const back = file.decode(
      patternDescription.parse(described),
      file.encode(patterns, codes, matrix, 'm'),
      matrix,
      { name: 'm' },
    );
    expect(back).toEqual({ patterns, codes });
  }
  expect(patternDescription.safeParse({ kind: 'share', count: 0 }).success).toBe(false);
  expect(patternDescription.safeParse({ kind: 'strips' }).success).toBe(false);
});
