import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import type { GateValues } from '../../generator/sparsity/magnitude.js';
import { keptOf } from '../../generator/sparsity/strips/parse.js';
import { isDropped, type StripsPattern } from '../../generator/sparsity/strips/pattern.js';
import { STRIPS } from '../../generator/sparsity/strips/strips.js';
import { refusal } from '../support/refusal.js';
import { type StripsCase, stripsCases } from './support/strips.js';

/** Weights of few different sizes, so that many columns tie. */
function valuesOf({ rows, columns, seed }: StripsCase, gates: number): GateValues {
  const random = new Random(seed);
  const own = () => Float64Array.from({ length: rows * columns }, () => random.between(-8, 8) / 8);
  return { rows, columns, gates: Array.from({ length: gates }, own) };
}

const choose = ({ rows: _, columns: __, seed: ___, ...spec }: StripsCase, values: GateValues) =>
  STRIPS.choose(values, { kind: 'strips', ...spec });

/** Mean |w| of a column of a strip, one weight after the other. */
function scoreOf(
  { rows, columns, gates }: GateValues,
  height: number,
  strip: number,
  column: number,
) {
  let [sum, count] = [0, 0];
  for (const values of gates) {
    for (let row = strip * height; row < Math.min(rows, (strip + 1) * height); row++) {
      sum += Math.abs(values[row * columns + column] as number);
      count++;
    }
  }
  return sum / count;
}

interface Entry {
  readonly strip: number;
  readonly block: number;
  readonly column: number;
  readonly score: number;
}

/** Every column of every strip, the largest first, of equal ones the first. */
function entriesOf(values: GateValues, { height, width }: StripsPattern): readonly Entry[] {
  const strips = Math.ceil(values.rows / height);
  return Array.from({ length: strips * values.columns }, (_, at): Entry => {
    const [strip, column] = [Math.floor(at / values.columns), at % values.columns];
    const score = scoreOf(values, height, strip, column);
    return { strip, block: Math.floor(column / width), column, score };
  }).sort((a, b) => b.score - a.score || a.strip - b.strip || a.column - b.column);
}

const keptEntries = (pattern: StripsPattern, entries: readonly Entry[]) =>
  entries.filter(({ strip, column }) => pattern.kept[strip]?.includes(column));

const cases = fc.tuple(stripsCases, fc.constantFrom(1, 3));

test('every strip block keeps its largest columns, as many as the rate says', () => {
  fc.assert(
    fc.property(cases, ([own, gates]) => {
      const values = valuesOf(own, gates);
      const pattern = choose({ ...own, balance: 'equal' }, values);
      STRIPS.validate(pattern, 'chosen');
      const counts = new Map<string, number>();
      const expected = entriesOf(values, pattern).filter(({ strip, block }) => {
        const place = `${strip} ${block}`;
        const columns = Math.min(pattern.width, own.columns - block * pattern.width);
        const count = counts.get(place) ?? 0;
        counts.set(place, count + 1);
        return count < keptOf(columns, own.columnRate);
      });
      expect(keptEntries(pattern, entriesOf(values, pattern))).toEqual(expected);
      const { balance: _, ...unsaid } = own;
      expect(choose(unsaid, values)).toEqual(pattern);
    }),
  );
});

test('the largest columns of the whole matrix stay where strip blocks need no balance', () => {
  fc.assert(
    fc.property(cases, ([own, gates]) => {
      const values = valuesOf(own, gates);
      const [pattern, equal] = (['binomial', 'equal'] as const).map((balance) =>
        choose({ ...own, balance, rowRate: 1 }, values),
      ) as [StripsPattern, StripsPattern];
      STRIPS.validate(pattern, 'chosen');
      const entries = entriesOf(values, pattern);
      const kept = keptEntries(pattern, entries);
      expect(kept).toHaveLength(keptEntries(equal, entries).length);
      const seen = new Set<string>();
      const first = entries.filter(({ strip, block }) => {
        const isNew = !seen.has(`${strip} ${block}`);
        seen.add(`${strip} ${block}`);
        return isNew;
      });
      const rest = entries.filter((entry) => !first.includes(entry));
      const expected = [...first, ...rest.slice(0, kept.length - first.length)];
      expect(new Set(kept)).toEqual(new Set(expected));
    }),
  );
});

test('the rows with the largest norm over kept columns stay', () => {
  fc.assert(
    fc.property(cases, ([own, gates]) => {
      const values = valuesOf(own, gates);
      const pattern = choose({ ...own, balance: 'equal' }, values);
      const norm = (row: number) => {
        let sum = 0;
        for (const w of values.gates) {
          for (const column of pattern.kept[Math.floor(row / pattern.height)] as Int32Array) {
            sum += (w[row * own.columns + column] as number) ** 2;
          }
        }
        return sum;
      };
      const rows = Array.from({ length: own.rows }, (_, row) => row);
      const best = [...rows].sort((a, b) => norm(b) - norm(a) || a - b);
      const count = keptOf(own.rows, own.rowRate);
      expect(rows.filter((row) => !isDropped(pattern, row))).toEqual(
        best.slice(0, count).sort((a, b) => a - b),
      );
    }),
  );
});

test('skewed counts are of random draws', () => {
  const own = { rows: 4, columns: 4, height: 2, width: 2, columnRate: 2, rowRate: 1, seed: 1 };
  const values = valuesOf(own, 1);
  expect(refusal(() => choose({ ...own, balance: 'skewed' }, values))).toMatchObject({
    ...{ code: 'BAD_OPTION_VALUE', field: '--balance', got: 'skewed' },
  });
});
