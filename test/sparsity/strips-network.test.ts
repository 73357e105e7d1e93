import { expect, test } from 'vitest';
import { matrix as matrixSchema } from '../../generator/cli/schemas/parts.js';
import { sparseRows } from '../../generator/golden/sparse-rows.js';
import { compress } from '../../generator/network/compress/compress.js';
import { modelBytes, parseModel } from '../../generator/network/compressed-model.js';
import type { Model, SparseMatrix } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';
import { randomModel } from '../../generator/network/random.js';
import { matrixSummary } from '../../generator/network/summary.js';
import { withOrders } from '../../generator/network/unit-order.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import type { StripsSpec } from '../../generator/sparsity/strips/parse.js';
import { floatOf, realFrames } from '../support/float-models.js';
import { STANDARD_WORDS } from '../support/kws.js';

const GATES = 4;
const strips: StripsSpec = { kind: 'strips', height: 8, width: 16, columnRate: 4, rowRate: 1.5 };

const drawn = (sharing: SparseMatrix['sharing'], more: object = {}) =>
  randomModel({
    ...{ inputs: 20, hidden: [24, 16], patterns: [strips], sharing, outputs: 3 },
    ...{ words: STANDARD_WORDS, seed: 5, ...more },
  });

const matricesOf = (model: Model): readonly SparseMatrix[] =>
  programOf(model)
    .passes.filter(({ cell }) => cell === 'lstm')
    .flatMap(({ operands }) => operands.map(({ matrix }) => matrix));

test.each(['shared', 'per-gate'] as const)(
  'the golden sums are those of the runs: %s',
  (sharing) => {
    for (const matrix of matricesOf(drawn(sharing))) {
      const { codes, columns, rows, patterns } = matrix;
      const golden = sparseRows(matrix);
      for (let row = 0; row < GATES * rows; row++) {
        const pattern = patterns[patterns.length === 1 ? 0 : Math.floor(row / rows)];
        if (pattern === undefined) throw new RangeError(`${row}`);
        let expected = 0;
        for (const [first, width] of patternKind(pattern).runsOfRow(pattern, row % rows)) {
          for (let column = first; column < first + width; column++) {
            expected += (codes[row * columns + column] as number) * (column + 1);
          }
        }
        let dense = 0;
        for (let column = 0; column < columns; column++) {
          dense += (codes[row * columns + column] as number) * (column + 1);
        }
        let sum = 0;
        for (let i = golden.start[row] as number; i < (golden.start[row + 1] as number); i++) {
          sum += (golden.code[i] as number) * ((golden.column[i] as number) + 1);
        }
        expect(sum).toBe(expected);
        expect(sum).toBe(dense);
      }
    }
  },
);

test.each(['shared', 'per-gate'] as const)('a model comes back from its file: %s', (sharing) => {
  const model = drawn(sharing);
  expect(parseModel(modelBytes(model), 'm.safetensors')).toEqual(model);
  const reversed = Array.from({ length: 24 }, (_, unit) => 23 - unit);
  const moved = withOrders(model, [reversed, null, null]);
  expect(parseModel(modelBytes(moved), 'm.safetensors')).toEqual(moved);
  const [first] = matricesOf(moved);
  expect(first?.patterns[0]).toHaveProperty('stripOfRow');
});

test('a matrix is summed up in the fields of its kind', () => {
  const [x] = matricesOf(drawn('shared')) as [SparseMatrix];
  const summary = matrixSummary(x, GATES);
  expect(summary).toMatchObject({ height: 8, width: 16, droppedRows: 8, filled: 0 });
  expect(summary).not.toHaveProperty('blocks');
  expect(matrixSchema.parse(summary)).toEqual(summary);
});

test.each(['shared', 'per-gate'] as const)(
  'it is found in the zeros of its float network: %s',
  (sharing) => {
    const model = drawn(sharing, {
      inputs: 64,
      hidden: [64],
      patterns: [{ ...strips, width: 64 }],
    });
    const { model: found, patterns } = compress(floatOf(model), {
      ...{ words: STANDARD_WORDS, provenance: {}, file: 'net', fill: false, dense: false },
      frames: realFrames({ utterances: 2, frames: 6, inputs: 64 }, 1),
    });
    expect(patterns).toMatchObject([
      { sharing, height: 8 },
      { sharing, height: 8 },
    ]);
    const kept = (own: Model) =>
      matricesOf(own).flatMap((matrix) =>
        matrix.patterns.map((pattern) => (pattern.kind === 'strips' ? pattern.kept : [])),
      );
    expect(kept(found)).toEqual(kept(model));
  },
);

test('the sum of two directions reads both halves by the same strips', () => {
  const model = drawn('shared', { bidirectional: 'sum', hidden: [16, 16] });
  const matrix = programOf(model).passes.find(({ operands }) => operands[0].matrix.columns === 32)
    ?.operands[0].matrix;
  const [pattern] = matrix?.patterns ?? [];
  if (pattern?.kind !== 'strips') throw new TypeError('no strips');
  for (const list of pattern.kept) {
    const half = [...list].filter((column) => column < 16);
    expect([...list]).toEqual([...half, ...half.map((column) => column + 16)]);
  }
});
