import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { atOnce } from '../../generator/base/steps.js';
import { describeZeros, findPatterns } from '../../generator/sparsity/find.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { type Mask, type MatrixMasks, union } from '../../generator/sparsity/mask.js';
import { parseSpec } from '../../generator/sparsity/strips/parse.js';
import type { StripsPattern } from '../../generator/sparsity/strips/pattern.js';
import { STRIPS } from '../../generator/sparsity/strips/strips.js';
import { refusal } from '../support/refusal.js';

const draw = (rows: number, columns: number, texts: Record<string, string>, seed: number) =>
  STRIPS.draw({ rows, columns }, parseSpec(texts), new Random(seed));

const matrixOf = (perGate: readonly Mask[], name = 'm'): MatrixMasks => ({
  ...{ name, group: 0, perGate, shared: union(perGate) },
});

/** The gates of patterns, with so many of a thousand weights zero by chance. */
function gatesOf(
  patterns: readonly StripsPattern[],
  gates: number,
  zeros = 0,
  seed = 1,
): MatrixMasks {
  const random = new Random(seed);
  return matrixOf(
    Array.from({ length: gates }, (_, gate): Mask => {
      const mask = keptMask(patterns[patterns.length === 1 ? 0 : gate] as StripsPattern);
      return { ...mask, kept: mask.kept.map((one) => one & Number(random.below(1000) >= zeros)) };
    }),
  );
}

const search = (matrix: MatrixMasks, named = false) =>
  atOnce(STRIPS.find.search([matrix], { fill: false, named, file: 'f' }))[0];

/** The patterns that are found are the ones that were drawn, but for widths of column blocks. */
function expectFound(matrix: MatrixMasks, patterns: readonly StripsPattern[]): void {
  const choice = search(matrix);
  if (choice === undefined) throw new TypeError('nothing chosen');
  const fit = STRIPS.find.fit(matrix, choice, { fill: false });
  expect(fit.sharing).toBe(patterns.length === 1 ? 'shared' : 'per-gate');
  expect(fit.patterns.map(({ width: _, ...rest }) => rest)).toEqual(
    patterns.map(({ width: _, ...rest }) => rest),
  );
  for (const pattern of fit.patterns) STRIPS.validate(pattern, 'found');
}

describe('strips in the zeros of a matrix', () => {
  test.each([
    ['equal counts', { blocks: '16x32', rate: '8', balance: 'equal' }],
    ['binomial counts', { blocks: '16x32', rate: '8' }],
    ['skewed counts', { blocks: '32x64', rate: '6', balance: 'skewed' }],
    ['dropped rows', { blocks: '16x64', rate: '4,3' }],
    ['a last strip of 8 rows', { blocks: '64x64', rate: '4,1.5' }],
    ['one strip', { blocks: '256x256', rate: '4' }],
  ])('are found, shared and per gate: %s', (_, texts) => {
    const one = draw(136, 128, texts, 5);
    expectFound(gatesOf([one], 3), [one]);
    const each = [1, 2, 3].map((seed) => draw(136, 128, texts, seed));
    expectFound(gatesOf(each, 3), each);
  });

  test('are found beside weights that happen to be zero', () => {
    // one code in 64 is zero: far more than 1 % of what a gate keeps
    const each = [1, 2, 3].map((seed) => draw(128, 256, { blocks: '16x64', rate: '4,2' }, seed));
    expectFound(gatesOf(each, 3, 16), each);
  });

  test('have the column blocks that balance them', () => {
    const one = draw(64, 512, { blocks: '16x128', rate: '8', balance: 'equal' }, 3);
    expect(search(gatesOf([one], 2))).toMatchObject({ height: 16, width: 128, sharing: 'shared' });
  });

  test('may have rows that no gate needs', () => {
    const one = draw(64, 64, { blocks: '8x64', rate: '4' }, 2);
    const kept = keptMask(one).kept.fill(0, 8 * 64, 16 * 64);
    const matrix = matrixOf([{ rows: 64, columns: 64, kept }]);
    const choice = search(matrix);
    if (choice === undefined) throw new TypeError('nothing chosen');
    const [found] = STRIPS.find.fit(matrix, choice, { fill: false }).patterns;
    expect(found?.kept[1]).toEqual(Int32Array.of());
    expect(keptMask(found as StripsPattern).kept).toEqual(kept);
  });

  test('are one position where a matrix is nothing but zeros', () => {
    const matrix = matrixOf([{ rows: 12, columns: 6, kept: new Uint8Array(72) }]);
    const choice = search(matrix);
    if (choice === undefined) throw new TypeError('nothing chosen');
    const [found] = STRIPS.find.fit(matrix, choice, { fill: false }).patterns as [StripsPattern];
    STRIPS.validate(found, 'found');
    expect(STRIPS.counts.kept(found)).toBe(1);
  });

  test('are dense where hardly anything is zero', () => {
    const kept = new Uint8Array(64 * 64).fill(1).fill(0, 100, 130);
    expect(search(matrixOf([{ rows: 64, columns: 64, kept }]))).toMatchObject({ dense: true });
  });

  test.each([3, 10, 30, 50, 70, 90, 97])(
    'are not there where %i in a hundred are kept at random',
    (percent) => {
      const random = new Random(percent);
      for (const gates of [1, 3]) {
        const masks = Array.from({ length: gates }, (): Mask => {
          const kept = Uint8Array.from({ length: 64 * 96 }, () =>
            Number(random.below(100) < percent),
          );
          return { rows: 64, columns: 96, kept };
        });
        const matrix = matrixOf(gates === 1 ? masks : masks.map(() => masks[0] as Mask));
        const error = refusal(() => search(matrix));
        expect(error).toMatchObject({ code: 'PATTERN_NOT_FOUND', field: 'm', file: 'f' });
        expect(error.message).toMatch(
          /row \d+( of gate 0)? is zero in \d+ of the \d+ columns of strip 0/,
        );
        expect(atOnce(STRIPS.find.zeros(matrix, undefined)).kind).toBe('near');
      }
    },
  );

  test('are not blocks out of balance, unless the user names them', () => {
    const kept = new Uint8Array(32 * 32);
    for (const [row, column] of [
      [0, 4],
      [4, 8],
      [8, 0],
      [8, 16],
      [12, 20],
      [20, 28],
    ] as const) {
      for (let r = row; r < row + 4; r++) kept.fill(1, r * 32 + column, r * 32 + column + 4);
    }
    const matrix = matrixOf([{ rows: 32, columns: 32, kept }]);
    const { message } = refusal(() => search(matrix));
    expect(message).toContain('its weights stand in blocks');
    expect(search(matrix, true)).toMatchObject({ height: 4, sharing: 'shared' });
    const zeros = atOnce(STRIPS.find.zeros(matrix, undefined));
    expect(zeros.kind).toBe('near');
  });

  test('need no zero blocks', () => {
    const matrix = gatesOf([draw(16, 16, { blocks: '4x8', rate: '2' }, 1)], 1);
    for (const act of [
      () => atOnce(STRIPS.find.search([matrix], { fill: true })),
      () => STRIPS.find.fitTo(matrix, STRIPS.parse.shape({ blocks: '4x8' }), { fill: true }),
    ]) {
      expect(refusal(act)).toMatchObject({ code: 'BAD_USAGE', field: '--fill' });
    }
  });
});

describe('the kinds of the registry', () => {
  const options = { fill: false };
  const strips = gatesOf([draw(64, 64, { blocks: '8x32', rate: '4,2' }, 4)], 2);
  const full = matrixOf([{ rows: 8, columns: 8, kept: new Uint8Array(64).fill(1) }]);

  test('explain together what blocks do not', () => {
    expect(atOnce(findPatterns([strips, full], options))).toMatchObject([
      { kind: 'strips', height: 8, dense: false },
      { kind: 'strips', dense: true },
    ]);
    const zeros = atOnce(describeZeros(strips, undefined));
    expect(zeros).toMatchObject({ kind: 'exact', findings: [{ kind: 'strips', height: 8 }] });
  });

  test('explain zeros that blocks would hold with half of what they keep', () => {
    // single columns in blocks of 2 x 2, as many of these in each block row
    const kept = Uint8Array.from({ length: 64 * 64 }, (_, at) => {
      const [strip, column] = [Math.floor(at / (16 * 64)), at % 64];
      return Number([4, 21, 38].includes(column - 6 * strip));
    });
    expect(
      atOnce(findPatterns([matrixOf([{ rows: 64, columns: 64, kept }])], options)),
    ).toMatchObject([{ kind: 'strips', height: 16 }]);
  });

  test('leave what blocks explain to them', () => {
    expect(atOnce(findPatterns([full], options))).toMatchObject([{ kind: 'hcgs', blocks: [] }]);
  });

  test('are taken as the user names them, matrix by matrix', () => {
    const kinds = [{ kind: 'strips' }, { kind: 'hcgs' }] as const;
    expect(atOnce(findPatterns([strips, full], options, kinds))).toMatchObject([
      { kind: 'strips', height: 8 },
      { kind: 'hcgs', blocks: [] },
    ]);
    const hcgs = [{ kind: 'hcgs' }] as const;
    expect(refusal(() => atOnce(findPatterns([strips], options, hcgs))).message).toContain(
      'blocks',
    );
  });
});

describe('sizes that a user states', () => {
  const one = draw(64, 64, { blocks: '16x32', rate: '4,2' }, 6);
  const fit = (matrix: MatrixMasks, blocks: string) =>
    STRIPS.find.fitTo(matrix, STRIPS.parse.shape({ blocks }), { fill: false, file: 'f' });

  test('hold the pattern that has them', () => {
    expect(fit(gatesOf([one], 3), '16x32')).toMatchObject({ sharing: 'shared', patterns: [one] });
    const each = [1, 2].map((seed) => draw(64, 64, { blocks: '16x32', rate: '4' }, seed));
    expect(fit(gatesOf(each, 2), '16x32')).toMatchObject({ sharing: 'per-gate', patterns: each });
    expect(fit(gatesOf([one], 1), '8x64').patterns[0]).toMatchObject({ height: 8, width: 64 });
  });

  test('are refused with the first rows that disagree', () => {
    const error = refusal(() => fit(gatesOf([one], 3), '32x32'));
    expect(error).toMatchObject({ code: 'PATTERN_NOT_FOUND', field: 'm', file: 'f' });
    const first = one.droppedRows?.indexOf(0);
    expect(error.message).toMatch(
      `strips of 32x32 do not explain its zeros; row ${first} is zero in`,
    );
  });
});

test('zeros are described as the search takes them', () => {
  const one = draw(64, 128, { blocks: '16x32', rate: '4,2', balance: 'equal' }, 9);
  const matrix = gatesOf([one], 3, 20, 2);
  const choice = search(matrix);
  const { kind, findings } = atOnce(STRIPS.find.zeros(matrix, choice));
  const zeros = matrix.perGate.reduce(
    (sum, { kept }) => sum + STRIPS.counts.kept(one) - kept.reduce((a, b) => a + b, 0),
    0,
  );
  expect(kind).toBe('exact');
  expect(findings).toMatchObject([
    {
      ...{ height: 16, width: 32, sharing: 'shared', kept: 3 * 32 * 32, beyond: zeros },
      ...{ indexBits: STRIPS.counts.indexBits(one), droppedRows: 32, rows: [] },
    },
  ]);
  expect(zeros).toBeGreaterThan(0);
});
