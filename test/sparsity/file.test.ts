import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { drawPattern, keptCounts } from '../../generator/sparsity/hcgs/draw.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { patternDescription, patternKind } from '../../generator/sparsity/kind-of.js';
import { hcgsOf } from '../support/hcgs-of.js';
import { refusal } from '../support/refusal.js';

const BLOCKS = [[], [4], [2], [8, 2], [16, 4, 2]] as const;

/** A matrix with patterns drawn at random, and codes in what they keep. */
function drawn(seed: number, rows: number, columns: number, list: number, shared: boolean) {
  const random = new Random(seed);
  const blocks = BLOCKS[list] as readonly number[];
  const keep = keptCounts(
    columns,
    blocks,
    blocks.map(() => ({ k: 1, n: 2 })),
  );
  const gates = 3;
  const patterns = Array.from({ length: shared ? 1 : gates }, () =>
    drawPattern({ rows, columns }, blocks, keep, random),
  );
  const masks = patterns.map((pattern) => keptMask(pattern).kept);
  const size = rows * columns;
  const codes = Int16Array.from({ length: gates * size }, (_, i) => {
    const mask = masks[shared ? 0 : Math.floor(i / size)] as Uint8Array;
    return mask[i % size] === 0 ? 0 : random.between(-128, 127);
  });
  const matrix = { gates, rows, columns, patterns: patterns.length, weightBits: 8 };
  return { patterns, codes, matrix, first: patterns[0] as (typeof patterns)[0] };
}

test('patterns and codes come back from their description and tensors', () => {
  fc.assert(
    fc.property(
      ...[fc.nat(), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })],
      fc.nat(BLOCKS.length - 1),
      fc.boolean(),
      (seed, rows, columns, list, shared) => {
        const { patterns, codes, matrix, first } = drawn(seed, rows, columns, list, shared);
        const { file } = patternKind(first);
        const description = patternDescription.parse(
          JSON.parse(JSON.stringify(file.describe(patterns))),
        );
        const values = file.encode(patterns, codes, matrix, 'm');
        for (const { part, shape } of file.tensors(description, matrix, { name: 'm' })) {
          expect(values.get(part)).toHaveLength(shape.reduce((a, b) => a * b, 1));
        }
        const back = file.decode(description, values, matrix, { name: 'm' });
        expect(back).toEqual({ patterns, codes });
      },
    ),
    { numRuns: 60 },
  );
});

test('a code outside of the kept blocks is not dropped', () => {
  const { patterns, codes, matrix, first } = drawn(1, 8, 8, 1, true);
  const stray = codes.slice();
  stray[keptMask(first).kept.indexOf(0)] = 1;
  expect(() => patternKind(first).file.encode(patterns, stray, matrix, 'lstm.0.x')).toThrow(
    'lstm.0.x has codes outside its kept blocks',
  );
});

test('descriptions and tensors that do not agree are refused by name', () => {
  const { patterns, codes, matrix, first } = drawn(1, 7, 7, 1, false);
  const { file } = patternKind(first);
  const at = { name: 'pass.0.x', file: 'm.safetensors' };
  const description = hcgsOf(file.describe(patterns));
  const code = 'MODEL_INVALID';
  expect(refusal(() => file.tensors({ ...description, keep: [1, 1] }, matrix, at))).toMatchObject({
    code,
    field: 'pass.0.x.keep',
    expected: '1 levels',
    got: 2,
  });
  expect(
    refusal(() => file.tensors({ ...description, filledPositions: [0] }, matrix, at)),
  ).toMatchObject({ code, field: 'pass.0.x.filledPositions', expected: 3, got: 1 });

  const values = file.encode(patterns, codes, matrix, at.name);
  const beyond = Int16Array.from(values.get('codes') as ArrayLike<number>).fill(1);
  expect(
    refusal(() => file.decode(description, new Map([...values, ['codes', beyond]]), matrix, at)),
  ).toMatchObject({ code, field: 'pass.0.x.codes', expected: 'zeros beyond the matrix' });
  const index = Int32Array.from(values.get('index.0') as ArrayLike<number>).fill(7);
  expect(
    refusal(() => file.decode(description, new Map([...values, ['index.0', index]]), matrix, at)),
  ).toMatchObject({ code: 'PATTERN_INVALID', field: 'pass.0.x gate 0' });
});
