import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import { PATTERNS } from '../../generator/sparsity/registry.js';
import { refusal } from '../support/refusal.js';
import {
  changedAt,
  columnsOf,
  countsOf,
  filed,
  found,
  masksOf,
  weightsOf,
} from './support/lists.js';

const { rows: ROWS } = PATTERNS;
const drawn = (rows: number, columns: number, rate: number, seed = 1) =>
  ROWS.draw({ rows, columns }, { kind: 'rows', rate }, new Random(seed));

describe('row-balanced sparsity', () => {
  test.each([
    [64, 8, 8],
    [10, 4, 3],
    [10, 2.5, 4],
    [3, 100, 1],
    [7, 1, 7],
  ])('keeps of %i columns one in %d: %i in every row', (columns, rate, count) => {
    const pattern = drawn(20, columns, rate);
    expect(countsOf(pattern)).toEqual(Array.from({ length: 20 }, () => count));
    expect(ROWS.counts.productsPerRow(pattern)).toBe(count);
    expect(ROWS.report.facts(pattern)).toEqual({ pattern: 'rows', perRow: count });
  });

  test('takes ceil(log2 columns) index bits for each weight', () => {
    for (const [columns, bits] of [
      [64, 6],
      [65, 7],
      [2, 1],
      [1, 0],
    ] as const) {
      const pattern = drawn(5, columns, 2);
      expect(ROWS.counts.indexBits(pattern)).toBe(ROWS.counts.kept(pattern) * bits);
    }
  });

  test('draws every column now and then, and other rows with another seed', () => {
    expect(new Set(columnsOf(drawn(100, 16, 4)).flat()).size).toBe(16);
    expect(columnsOf(drawn(4, 16, 4, 2))).not.toEqual(columnsOf(drawn(4, 16, 4, 1)));
  });

  test('chosen, keeps the largest weights of every row, over all gates', () => {
    const values = weightsOf({ rows: 9, columns: 13 }, 3, 7);
    const pattern = ROWS.choose(values, { kind: 'rows', rate: 3 });
    columnsOf(pattern).forEach((own, row) => {
      const size = (column: number) =>
        values.gates.reduce((sum, w) => sum + Math.abs(w[row * 13 + column] as number), 0);
      const all = Array.from({ length: 13 }, (_, column) => column);
      const best = all.sort((a, b) => size(b) - size(a)).slice(0, 4);
      expect(own).toEqual(best.sort((a, b) => a - b));
    });
  });

  test('is found for all gates or for each, whichever keeps less', () => {
    const own = drawn(24, 300, 10, 3);
    const each = [1, 2, 3, 4].map((seed) => drawn(24, 300, 10, seed));
    const [one, other] = found('rows', masksOf([own], 4), masksOf(each, 4));
    expect(one).toMatchObject({ sharing: 'shared', patterns: [own] });
    expect(other).toMatchObject({ sharing: 'per-gate', patterns: each });
    // columns r, r + 6, r + 12 and r + 18 of 24 in turn: balanced together too, but four times as much
    const turns = [0, 6, 12, 18].map((shift) => ({
      ...drawn(24, 24, 24),
      kept: Int32Array.from({ length: 24 }, (_, row) => (row + shift) % 24),
    }));
    expect(found('rows', masksOf(turns, 4))[0]).toMatchObject({ sharing: 'per-gate' });
  });

  test('holds a zero in one gate where all gates share their columns', () => {
    const own = drawn(24, 300, 10, 3);
    const hole = changedAt(masksOf([own], 4), 2, columnsOf(own)[0]?.[0] as number);
    expect(found('rows', hole)[0]).toMatchObject({ sharing: 'shared', patterns: [own] });
  });

  test('takes a matrix of hardly any zeros whole, beside others', () => {
    const whole = masksOf([ROWS.dense({ rows: 20, columns: 50 })], 1);
    const [first] = found('rows', changedAt(whole, 0, 7), masksOf([drawn(20, 300, 10)], 1));
    expect(first?.patterns).toEqual([ROWS.dense({ rows: 20, columns: 50 })]);
    expect(ROWS.isDense(ROWS.dense({ rows: 20, columns: 50 }))).toBe(true);
  });

  test('is refused by row and count where one row keeps more', () => {
    const masks = changedAt(masksOf([drawn(24, 40, 4)], 1), 0, 5 * 40 + 11);
    const got = countsOf(drawn(24, 40, 4))[0] as number;
    const is = masks.shared.kept[5 * 40 + 11] === 1 ? got + 1 : got - 1;
    const report = refusal(() => found('rows', masks));
    expect(report).toMatchObject({ code: 'PATTERN_NOT_FOUND', field: 'w', got: is, file: 'net' });
    expect(report.message).toBe(
      `w: row 5 keeps ${is} where others keep ${got}: no row-balanced sparsity; hcgs inspect lists what fits`,
    );
    const options = { fill: false, file: 'net' };
    const stated = refusal(() => ROWS.find.fitTo(masks, { kind: 'rows' }, options));
    expect(stated).toMatchObject({ code: 'PATTERN_UNBALANCED', expected: `${got} in row 5` });
  });

  test('is refused where rows keep nothing', () => {
    const size = { rows: 3, columns: 4 };
    const mask = { ...size, kept: new Uint8Array(12) };
    const masks = { name: 'w', group: 0, shared: mask, perGate: [mask] };
    expect(refusal(() => found('rows', masks))).toMatchObject({ expected: 'at least 1 in row 0' });
  });

  test('reads a rate and no other balance than equal', () => {
    const { parse } = ROWS;
    expect(parse.spec({ rate: '2.5' })).toEqual({ kind: 'rows', rate: 2.5 });
    expect(parse.spec({ rate: '8', balance: 'equal' })).toEqual({ kind: 'rows', rate: 8 });
    expect(parse.shape({})).toEqual({ kind: 'rows' });
    for (const rate of ['0.5', 'x', '-1', '', '1e3', '2,4']) {
      const report = refusal(() => parse.spec({ rate }));
      expect(report).toMatchObject({ code: 'RATE_INVALID', field: '--rate', got: `'${rate}'` });
    }
    expect(refusal(() => parse.spec({}))).toMatchObject({ code: 'RATE_INVALID', got: 'nothing' });
    const balance = refusal(() => parse.spec({ rate: '2', balance: 'skewed' }));
    expect(balance).toMatchObject({
      ...{ code: 'BALANCE_INVALID', field: '--balance', got: "'skewed'" },
      expected: 'equal for the pattern rows',
    });
  });

  test('a damaged file is refused by name', () => {
    const { back, tensorsOf } = filed([drawn(4, 20, 5, 1), drawn(4, 20, 5, 2)], 2);
    const columns = (change: (list: number[]) => void) => {
      const list = [0, 1, 2, 3].flatMap(() => [1, 3, 5, 7]);
      const both = [...list, ...list];
      change(both);
      return refusal(() => back(new Map([['columns', both]])));
    };
    const at = { code: 'PATTERN_INVALID', file: 'm.safetensors' };
    expect(
      columns((list) => {
        list[17] = 20;
      }),
    ).toMatchObject({ ...at, field: 'pass.0.x gate 1', got: 20 });
    expect(
      columns((list) => {
        list[2] = 3;
      }),
    ).toMatchObject({ ...at, field: 'pass.0.x gate 0', expected: 'a column from 4 to 19' });
    expect(refusal(() => tensorsOf({ perRow: 21 }))).toMatchObject({
      ...{ code: 'MODEL_INVALID', field: 'pass.0.x.perRow', expected: '1 to 20', got: 21 },
    });
    const { description } = filed([drawn(4, 20, 5)], 1);
    expect(description).toEqual({ kind: 'rows', perRow: 4 });
    expect(filed([drawn(2, 300, 5)], 1).tensors[1]).toMatchObject({ dtype: 'U16' });
  });

  test('a pattern whose rows differ is not valid', () => {
    const lists = { start: Int32Array.of(0, 2, 3), kept: Int32Array.of(0, 1, 0) };
    const pattern = { kind: 'rows', rows: 2, columns: 4, ...lists } as const;
    expect(refusal(() => patternKind(pattern).validate(pattern, 'w'))).toMatchObject({
      ...{ code: 'PATTERN_INVALID', expected: 2, got: 1 },
      message: 'w: columns kept in row 1: expected 2, got 1',
    });
  });
});
