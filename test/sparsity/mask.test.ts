import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { atOnce } from '../../generator/base/steps.js';
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

const { mask: MASK } = PATTERNS;
type Balance = 'binomial' | 'skewed' | 'equal';
const drawn = (rows: number, columns: number, rate: number, balance: Balance, seed = 1) =>
  MASK.draw({ rows, columns }, { kind: 'mask', rate, balance }, new Random(seed));

/** Mean and standard deviation. */
function spread(counts: readonly number[]): readonly [mean: number, deviation: number] {
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / counts.length)];
}

describe('a mask', () => {
  test.each([
    // of 400 columns: 100, p = 1/4, sqrt(n p q) = 8.7; uniform over 0 to 200 besides: 57.7
    ['binomial', 4, 100, 8.66],
    ['skewed', 4, 100, 58.3],
    ['equal', 4, 100, 0],
    // of 400: 320, p = 4/5; uniform over 240 to 400 besides: 46.2
    ['binomial', 1.25, 320, 8],
    ['skewed', 1.25, 320, 46.8],
  ] as const)(
    'of balance %s keeps one in %d: %d of 400, +- %d',
    (balance, rate, mean, deviation) => {
      const [own, off] = spread(countsOf(drawn(800, 400, rate, balance)));
      expect(Math.abs(own - mean)).toBeLessThan(0.05 * mean);
      expect(Math.abs(off - deviation)).toBeLessThanOrEqual(0.15 * deviation);
    },
  );

  test('keeps at least one position of a matrix, whatever the rate', () => {
    for (const seed of [1, 2, 3]) {
      expect(MASK.counts.kept(drawn(3, 4, 1e6, 'binomial', seed))).toBe(1);
      expect(MASK.counts.kept(drawn(3, 4, 1e6, 'skewed', seed))).toBe(1);
    }
  });

  test('takes a bit for each position', () => {
    expect(MASK.counts.indexBits(drawn(30, 50, 10, 'binomial'))).toBe(1500);
  });

  test.each(['binomial', 'skewed'] as const)('chosen (%s), keeps the largest of all', (balance) => {
    const values = weightsOf({ rows: 9, columns: 14 }, 2, 7);
    const pattern = MASK.choose(values, { kind: 'mask', rate: 5, balance });
    const all = Array.from({ length: 126 }, (_, at) => at);
    const size = (at: number) =>
      values.gates.reduce((sum, w) => sum + Math.abs(w[at] as number), 0);
    const best = all.sort((a, b) => size(b) - size(a)).slice(0, 25);
    const own = columnsOf(pattern).flatMap((list, row) => list.map((column) => 14 * row + column));
    expect(own).toEqual(best.sort((a, b) => a - b));
  });

  test('chosen in balance, keeps as many of each row', () => {
    const values = weightsOf({ rows: 9, columns: 14 }, 2, 7);
    const pattern = MASK.choose(values, { kind: 'mask', rate: 5, balance: 'equal' });
    expect(countsOf(pattern)).toEqual(Array.from({ length: 9 }, () => 3));
  });

  test('is found in any zeros, with rows that keep nothing', () => {
    const mask = { rows: 3, columns: 4, kept: Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1) };
    const matrix = { name: 'w', group: 0, shared: mask, perGate: [mask] };
    const [one] = found('mask', matrix);
    expect(one?.patterns.map(columnsOf)).toEqual([[[1, 2], [], [0, 3]]]);
    expect(atOnce(MASK.find.zeros(matrix, undefined))).toEqual({
      kind: 'exact',
      findings: [
        {
          ...{ kind: 'mask', sharing: 'shared', kept: 4, beyond: 0, indexBits: 12 },
          ...{ longestRow: 2, emptyRows: 1 },
        },
      ],
    });
    const none = { ...mask, kept: new Uint8Array(12) };
    const zeros = { name: 'w', group: 0, shared: none, perGate: [none] };
    expect(found('mask', zeros)[0]?.patterns.map(countsOf)).toEqual([[0, 0, 0]]);
  });

  test('is one for all gates where that keeps at most a hundredth more, else one for each', () => {
    const own = drawn(50, 100, 10, 'binomial');
    const masks = masksOf([own], 4);
    const kept = MASK.counts.kept(own);
    const places = [...masks.shared.kept.keys()].filter((at) => masks.shared.kept[at] === 0);
    const more = (count: number) =>
      places.slice(0, count).reduce((all, at) => changedAt(all, 1, at), masks);
    const sharing = (count: number) => found('mask', more(count))[0]?.sharing;
    // with n positions of one gate: 4 (kept + n) <= 1.01 (4 kept + n)
    const most = Math.floor((0.04 * kept) / 2.99);
    expect(most).toBeGreaterThan(3);
    expect([sharing(0), sharing(most), sharing(most + 1)]).toEqual([
      ...['shared', 'shared', 'per-gate'],
    ]);
    const each = [1, 2, 3, 4].map((seed) => drawn(50, 100, 10, 'binomial', seed));
    expect(found('mask', masksOf(each, 4))[0]).toMatchObject({
      ...{ sharing: 'per-gate', patterns: each },
    });
  });

  test('reads a rate and one of three balances', () => {
    const { parse } = MASK;
    const spec = { kind: 'mask', rate: 10, balance: 'binomial' };
    expect(parse.spec({ rate: '10' })).toEqual(spec);
    expect(parse.spec({ rate: '10', balance: 'skewed' })).toEqual({ ...spec, balance: 'skewed' });
    expect(parse.shape({})).toEqual({ kind: 'mask' });
    expect(refusal(() => parse.spec({ rate: '10', balance: 'even' }))).toMatchObject({
      ...{ code: 'BALANCE_INVALID', expected: 'binomial, skewed, equal for the pattern mask' },
    });
  });

  test('a damaged file is refused by name', () => {
    const patterns = [drawn(3, 12, 2, 'binomial', 1), drawn(3, 12, 2, 'binomial', 2)];
    const { back, tensorsOf, values, tensors } = filed(patterns, 2);
    const [first, second] = patterns.map((pattern) => MASK.counts.kept(pattern));
    expect(tensors).toEqual([
      { part: 'codes', dtype: 'I8', shape: [(first ?? 0) + (second ?? 0)] },
      { part: 'bits', dtype: 'U8', shape: [2, 3, 2] },
    ]);
    const bits = [...(values.get('bits') as Uint8Array)];
    const changed = (at: number, bit: number) =>
      refusal(() =>
        back(new Map([['bits', bits.map((byte, i) => (i === at ? byte ^ bit : byte))]])),
      );
    const at = { code: 'MODEL_INVALID', field: 'pass.0.x.bits', file: 'm.safetensors' };
    expect(changed(3, 0x10)).toMatchObject({ ...at, expected: 'zeros beyond column 11' });
    expect(changed(6, 1)).toMatchObject({ ...at, expected: `${second} ones in pattern 1` });
    const code = 'MODEL_INVALID';
    expect(refusal(() => tensorsOf({ kept: [1] }))).toMatchObject({
      ...{ code, field: 'pass.0.x.kept', expected: 2, got: 1 },
    });
    expect(refusal(() => tensorsOf({ kept: [1, 37] }))).toMatchObject({
      ...{ code, field: 'pass.0.x.kept.1', expected: '0 to 36', got: 37 },
    });
  });
});
