import { z } from 'zod';
import { UserError, unexpected } from '../../../generator/base/errors.js';
import type { Mask, MatrixMasks } from '../../../generator/sparsity/mask.js';
import type {
  Fit,
  PatternData,
  PatternKind,
  PatternTypes,
  Shared,
  Size,
} from '../../../generator/sparsity/pattern.js';
import type { FileMatrix, PatternFile } from '../../../generator/sparsity/pattern-file.js';

/** Every row keeps `count` columns, anywhere: a kind of pattern that only tests have, whole in this file. */
export interface RowShare extends PatternData {
  readonly kind: 'share';
  readonly count: number;
  /** Kept columns, [row][count], ascending in a row. */
  readonly kept: Int32Array;
}

interface Types extends PatternTypes {
  readonly data: RowShare;
  readonly spec: { readonly kind: 'share'; readonly share: number };
  readonly shape: { readonly kind: 'share' };
  readonly choice: Shared & { readonly kind: 'share' };
  readonly finding: Shared & { readonly kind: 'share'; readonly perRow: number };
  readonly description: { readonly kind: 'share'; readonly count: number };
  readonly facts: { readonly perRow: number };
}

const countOf = (columns: number, share: number) => Math.max(1, Math.round(columns * share));

function build(size: Size, count: number, choose: (row: number) => readonly number[]): RowShare {
  const { rows, columns } = size;
  const kept = Array.from({ length: rows }, (_, row) => [...choose(row)].sort((a, b) => a - b));
  return { kind: 'share', rows, columns, count, kept: Int32Array.from(kept.flat()) };
}

const columnsOf = ({ count, kept }: RowShare, row: number) =>
  kept.subarray(row * count, (row + 1) * count);

/** Columns with a weight, row by row; null where rows have different numbers of them. */
function held({ rows, columns, kept }: Mask): RowShare | null {
  const lists = Array.from({ length: rows }, (_, row) =>
    [...kept.subarray(row * columns, (row + 1) * columns).keys()].filter(
      (column) => kept[row * columns + column] === 1,
    ),
  );
  const count = lists[0]?.length ?? 0;
  if (count === 0 || lists.some(({ length }) => length !== count)) return null;
  return build({ rows, columns }, count, (row) => lists[row] as number[]);
}

function heldIn({ shared, perGate }: MatrixMasks): Omit<Fit<RowShare>, 'added'> | null {
  const one = held(shared);
  if (one !== null) return { sharing: 'shared', patterns: [one] };
  const each = perGate.map(held);
  if (!each.every((pattern) => pattern !== null)) return null;
  return { sharing: 'per-gate', patterns: each };
}

function fitted(matrix: MatrixMasks, file?: string): Fit<RowShare> {
  const fit = heldIn(matrix);
  if (fit !== null) return { ...fit, added: { facts: {}, text: '-' } };
  const message = `${matrix.name}: rows keep different numbers of weights`;
  throw new UserError({ code: 'PATTERN_NOT_FOUND', message, file });
}

const description = z.strictObject({ kind: z.literal('share'), count: z.int().min(1) });

const file: PatternFile<RowShare, Types['description']> = {
  description,
  describe: (patterns) => ({ kind: 'share', count: patterns[0]?.count ?? 0 }),
  tensors: ({ count }, { gates, rows, patterns }) => [
    { part: 'codes', dtype: 'I16', shape: [gates, rows, count] },
    { part: 'columns', dtype: 'U16', shape: [patterns, rows, count] },
  ],
  encode: (patterns, codes, matrix) =>
    new Map<string, ArrayLike<number>>([
      ['codes', places(patterns, matrix).map((at) => codes[at] as number)],
      ['columns', patterns.flatMap(({ kept }) => [...kept])],
    ]),
  decode: ({ count }, values, matrix) => {
    const { gates, rows, columns } = matrix;
    const all = Int32Array.from(values.get('columns') ?? []);
    const patterns = Array.from({ length: matrix.patterns }, (_, p): RowShare => {
      const kept = all.slice(p * rows * count, (p + 1) * rows * count);
      return { kind: 'share', rows, columns, count, kept };
    });
    const codes = new Int16Array(gates * rows * columns);
    places(patterns, matrix).forEach((at, i) => {
      codes[at] = values.get('codes')?.[i] as number;
    });
    return { patterns, codes };
  },
};

/** Places of kept codes in the dense ones, gate by gate and row by row. */
function places(patterns: readonly RowShare[], { gates, rows, columns }: FileMatrix): number[] {
  return Array.from({ length: gates * rows }, (_, i) => {
    const pattern = patterns[patterns.length === 1 ? 0 : Math.floor(i / rows)] as RowShare;
    return [...columnsOf(pattern, i % rows)].map((column) => i * columns + column);
  }).flat();
}

export const SHARE: PatternKind<Types> = {
  kind: 'share',
  parse: {
    options: ['--share'],
    spec: ({ share = '' }) => ({ kind: 'share', share: Number(share) }),
    shape: () => ({ kind: 'share' }),
  },
  dense: (size) => build(size, size.columns, () => [...new Array(size.columns).keys()]),
  draw: (size, { share }, random) => {
    const count = countOf(size.columns, share);
    return build(size, count, () => random.sample(count, size.columns));
  },
  choose: (values, { share }) => {
    const count = countOf(values.columns, share);
    const of = (row: number, column: number) =>
      values.gates.reduce(
        (sum, w) => sum + Math.abs(w[row * values.columns + column] as number),
        0,
      );
    return build(values, count, (row) =>
      [...new Array(values.columns).keys()]
        .sort((a, b) => of(row, b) - of(row, a) || a - b)
        .slice(0, count),
    );
  },
  trials: (_, rate) => [{ form: 'share', spec: { kind: 'share', share: 1 / rate } }],
  validate: (pattern, field, at) => {
    const { rows, count, kept } = pattern;
    if (kept.length === rows * count) return;
    const [expected, got] = [rows * count, kept.length];
    throw unexpected({ code: 'PATTERN_INVALID', file: at, field, expected, got });
  },
  sizes: ({ rows, columns, count }) => `${rows} ${columns} ${count}`,
  isDense: ({ count, columns }) => count === columns,
  counts: {
    kept: ({ kept }) => kept.length,
    existing: ({ kept }) => kept.length,
    stored: ({ kept }) => kept.length,
    filled: () => 0,
    indexBits: ({ kept, columns }) => kept.length * Math.ceil(Math.log2(columns)),
    productsPerRow: ({ count }) => count,
  },
  runsOfRow: (pattern, row) => [...columnsOf(pattern, row)].map((column) => [column, 1] as const),
  order: {
    unit: () => 1,
    permuted: (pattern, rows, columns) => {
      const now = new Map([...columns].map((old, column) => [old, column]));
      return build({ rows: rows.length, columns: columns.length }, pattern.count, (row) =>
        [...columnsOf(pattern, rows[row] as number)].map((column) => now.get(column) as number),
      );
    },
  },
  find: {
    *search(matrices, { file: at }) {
      yield;
      return matrices.map((matrix) => ({ kind: 'share', sharing: fitted(matrix, at).sharing }));
    },
    fit: (matrix, _, { file: at }) => fitted(matrix, at),
    fitTo: (matrix, _, { file: at }) => fitted(matrix, at),
    nothingAdded: () => ({ facts: {}, text: '-' }),
    *zeros(matrix) {
      yield;
      const fit = heldIn(matrix);
      if (fit === null) return { kind: 'near', findings: [] };
      const perRow = fit.patterns[0]?.count ?? 0;
      return { kind: 'exact', findings: [{ kind: 'share', sharing: fit.sharing, perRow }] };
    },
  },
  report: {
    text: ({ count }) => `${count} in every row`,
    short: ({ count }) => `${count} a row`,
    facts: ({ count }) => ({ perRow: count }),
    choiceText: () => 'share',
    choiceFacts: ({ sharing }) => ({ sharing }),
    findings: {
      explained: 'The zeros as rows that keep the same number of weights.',
      head: ['in a row', 'gates'],
      cells: ({ perRow, sharing }) => [perRow, sharing],
      facts: ({ kind: _, ...finding }) => finding,
      notes: () => [],
    },
    fields: {
      facts: { perRow: z.int() },
      choice: {},
      finding: { perRow: z.int() },
      added: {},
    },
  },
  file,
};
