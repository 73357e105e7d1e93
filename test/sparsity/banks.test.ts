import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { atOnce } from '../../generator/base/steps.js';
import { PATTERNS } from '../../generator/sparsity/registry.js';
import { refusal } from '../support/refusal.js';
import { changedAt, columnsOf, filed, found, masksOf, weightsOf } from './support/lists.js';

const { banks: BANKS } = PATTERNS;
const drawn = (rows: number, columns: number, bank: number, rate: number, seed = 1) =>
  BANKS.draw({ rows, columns }, { kind: 'banks', bank, rate }, new Random(seed));

/** Kept columns of each bank of each row, counted. */
const countsIn = (pattern: ReturnType<typeof drawn>) =>
  columnsOf(pattern).map((own) =>
    Array.from(
      { length: Math.ceil(pattern.columns / pattern.bank) },
      (_, bank) => own.filter((column) => Math.floor(column / pattern.bank) === bank).length,
    ),
  );

describe('bank-balanced sparsity', () => {
  test.each([
    [128, 64, 8, [8, 8]],
    [70, 32, 8, [4, 4, 1]],
    [20, 8, 2.5, [3, 3, 2]],
    [5, 64, 4, [1]],
    [16, 8, 1, [8, 8]],
  ])('keeps of %i columns in banks of %i one in %d: %j', (columns, bank, rate, counts) => {
    const pattern = drawn(11, columns, bank, rate);
    expect(countsIn(pattern)).toEqual(Array.from({ length: 11 }, () => counts));
    const kept = counts.reduce((a, b) => a + b, 0);
    expect(BANKS.counts.productsPerRow(pattern)).toBe(kept);
    expect(BANKS.counts.indexBits(pattern)).toBe(11 * kept * Math.log2(bank));
  });

  test('describes full banks and the last one', () => {
    expect(BANKS.report.text(drawn(3, 70, 32, 8))).toBe('banks of 32 that keep 4, 1 in the last');
    expect(BANKS.report.short(drawn(3, 64, 32, 8))).toBe('banks of 32 keep 4');
    expect(BANKS.report.text(drawn(3, 5, 32, 2))).toBe('banks of 32 that keep 3 in the last');
    expect(BANKS.report.text(drawn(3, 5, 32, 1))).toBe('dense');
    expect(BANKS.report.facts(drawn(3, 70, 32, 8))).toEqual({
      ...{ pattern: 'banks', bank: 32, perBank: 4, last: 1 },
    });
    expect(BANKS.report.facts(drawn(3, 5, 32, 2))).toMatchObject({ perBank: null, last: 3 });
  });

  test('chosen, keeps the largest weights of every bank', () => {
    const values = weightsOf({ rows: 9, columns: 20 }, 2, 7);
    const pattern = BANKS.choose(values, { kind: 'banks', bank: 8, rate: 4 });
    const size = (row: number, column: number) =>
      values.gates.reduce((sum, w) => sum + Math.abs(w[row * 20 + column] as number), 0);
    columnsOf(pattern).forEach((own, row) => {
      const best = [0, 8, 16].flatMap((first) => {
        const all = Array.from({ length: Math.min(8, 20 - first) }, (_, i) => first + i);
        all.sort((a, b) => size(row, b) - size(row, a));
        return all.slice(0, first === 16 ? 1 : 2).sort((a, b) => a - b);
      });
      expect(own).toEqual(best);
    });
  });

  test.each([8, 16, 32, 64, 128, 256])(
    'banks of %i are found again, and no larger ones',
    (bank) => {
      const pattern = drawn(32, 3 * bank + 5, bank, 4, bank);
      const [one] = found('banks', masksOf([pattern], 4));
      expect(one).toMatchObject({ choice: { bank, sharing: 'shared' }, patterns: [pattern] });
    },
  );

  test('are found for each gate, in the zeros of one matrix too', () => {
    const each = [1, 2, 3, 4].map((seed) => drawn(24, 130, 32, 8, seed));
    const [one] = found('banks', masksOf(each, 4));
    expect(one).toMatchObject({ choice: { bank: 32, sharing: 'per-gate' }, patterns: each });
    const zeros = atOnce(BANKS.find.zeros(masksOf(each, 4), undefined));
    expect(zeros).toMatchObject({
      ...{ kind: 'exact', findings: [{ bank: 32, perBank: 4, last: 1, beyond: 0 }] },
    });
  });

  test('may be one bank in a narrow matrix, but not in all of them', () => {
    const narrow = masksOf([drawn(24, 10, 64, 2)], 1, 'x');
    const wide = masksOf([drawn(24, 200, 64, 8)], 1, 'h');
    const [x, h] = found('banks', narrow, wide);
    expect([x?.choice, h?.choice]).toMatchObject([{ bank: 16 }, { bank: 64 }]);
    const report = refusal(() => found('banks', narrow));
    expect(report).toMatchObject({ code: 'PATTERN_NOT_FOUND', got: 'at most one bank in a row' });
    expect(atOnce(BANKS.find.zeros(narrow, undefined))).toEqual({ kind: 'near', findings: [] });
  });

  test('a last bank may keep nothing, a full one not', () => {
    const pattern = drawn(8, 20, 8, 4);
    const without = (from: number, to: number) => {
      const { shared } = masksOf([pattern], 1);
      const kept = shared.kept.map((one, i) => (i % 20 >= from && i % 20 < to ? 0 : one));
      const mask = { ...shared, kept };
      return { name: 'w', group: 0, shared: mask, perGate: [mask] };
    };
    expect(found('banks', without(16, 20))[0]).toMatchObject({ choice: { bank: 8 } });
    const options = { fill: false };
    const shape = { kind: 'banks', bank: 8 } as const;
    expect(refusal(() => BANKS.find.fitTo(without(0, 8), shape, options))).toMatchObject({
      ...{ code: 'PATTERN_UNBALANCED', got: 0 },
    });
  });

  test('are refused by bank, row and counts', () => {
    const pattern = drawn(24, 64, 16, 4);
    const column = columnsOf(pattern)[3]?.find((own) => own >= 16) as number;
    const masks = changedAt(masksOf([pattern], 1), 0, 3 * 64 + column);
    const options = { fill: false, file: 'net' };
    const report = refusal(() => BANKS.find.fitTo(masks, { kind: 'banks', bank: 16 }, options));
    expect(report).toMatchObject({
      ...{ code: 'PATTERN_UNBALANCED', field: 'w', file: 'net', got: 3 },
      expected: '4 in bank 1 of row 3 in banks of 16',
    });
    expect(refusal(() => found('banks', masks)).code).toBe('PATTERN_NOT_FOUND');
    const fit = BANKS.find.fitTo(masksOf([pattern], 1), { kind: 'banks', bank: null }, options);
    expect(fit.patterns).toEqual([pattern]);
  });

  test('read a bank size and a rate', () => {
    const { parse } = BANKS;
    const spec = { kind: 'banks', bank: 64, rate: 8 };
    expect(parse.spec({ blocks: '64', rate: '8' })).toEqual(spec);
    expect(parse.shape({ blocks: '64' })).toEqual({ kind: 'banks', bank: 64 });
    expect(parse.shape({})).toEqual({ kind: 'banks', bank: null });
    for (const blocks of ['1', '0', '8,4', 'x', '', '65537']) {
      const report = refusal(() => parse.spec({ blocks, rate: '8' }));
      expect(report).toMatchObject({ code: 'BLOCKS_INVALID', field: '--blocks' });
    }
    expect(refusal(() => parse.spec({ blocks: '8' })).code).toBe('RATE_INVALID');
    const texts = { blocks: '8', rate: '8', balance: 'binomial' };
    expect(refusal(() => parse.spec(texts)).code).toBe('BALANCE_INVALID');
  });

  test('a damaged file is refused by name', () => {
    const { back, tensorsOf, values, description } = filed([drawn(4, 20, 8, 4)], 2);
    expect(description).toEqual({ kind: 'banks', bank: 8, perBank: 2, last: 1 });
    const code = 'MODEL_INVALID';
    for (const [change, field] of [
      [{ perBank: 9 }, 'perBank'],
      [{ perBank: null }, 'perBank'],
      [{ bank: 32 }, 'perBank'],
      [{ last: 5 }, 'last'],
      [{ last: null }, 'last'],
      [{ bank: 10 }, 'last'],
    ] as const) {
      expect(refusal(() => tensorsOf(change))).toMatchObject({ code, field: `pass.0.x.${field}` });
    }
    // the second column of bank 0 of row 0 goes to bank 1
    const columns = [...(values.get('columns') as ArrayLike<number> & Iterable<number>)];
    columns.splice(0, 5, 0, 8, 9, 10, 16);
    expect(refusal(() => back(new Map([['columns', columns]])))).toMatchObject({
      ...{ code: 'PATTERN_INVALID', field: 'pass.0.x', file: 'm.safetensors' },
    });
    expect(BANKS.file.description.safeParse({ ...description, bank: 1 }).success).toBe(false);
  });
});
