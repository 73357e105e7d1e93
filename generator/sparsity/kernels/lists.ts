import { unexpected } from '../../base/errors.js';
import type { Sides } from '../lists/sides.js';
import type { Size } from '../pattern.js';
import type { FileMatrix, FilePlace } from '../pattern-file.js';
import type { KernelsDescription } from './description.js';
import { blocksIn, type KernelsPattern, kernelsFrom, places } from './pattern.js';

/** The lists of patterns, by the part of a file that they are: pattern by pattern, block by block. */
export function packLists(
  patterns: readonly KernelsPattern[],
  reordered: boolean,
): readonly (readonly [part: string, values: readonly number[]])[] {
  const kernels = patterns.flatMap((pattern) => pattern.kernels);
  const order = (length: number, own: Int32Array | undefined) =>
    own === undefined ? Array.from({ length }, (_, at) => at) : [...own];
  return [
    ['counts', kernels.flatMap(({ rows, columns }) => [rows.length, columns.length])],
    ['rows', kernels.flatMap(({ rows }) => [...rows])],
    ['columns', kernels.flatMap(({ columns }) => [...columns])],
    ...(reordered
      ? ([
          ['places.rows', patterns.flatMap((own) => order(own.rows, own.placeOfRow))],
          ['places.columns', patterns.flatMap((own) => order(own.columns, own.placeOfColumn))],
        ] as const)
      : []),
  ];
}

/**
 * The patterns of a matrix from the tensors of their lists; what is in the lists is for `validateKernels`.
 * @throws UserError MODEL_INVALID where a count does not agree with its block, or counts with their sum
 */
export function unpackLists(
  description: KernelsDescription,
  values: ReadonlyMap<string, ArrayLike<number>>,
  { rows, columns }: FileMatrix,
  { name, file }: FilePlace,
): readonly KernelsPattern[] {
  const { height, width } = description;
  const fail = (part: string, expected: string | number, got: number | string) => {
    const field = `${name}.${part}`;
    return unexpected({ code: 'MODEL_INVALID', file, field, expected, got }, field);
  };
  const [counts, allRows, allColumns, rowPlaces, columnPlaces] = [
    ...['counts', 'rows', 'columns', 'places.rows', 'places.columns'],
  ].map((part) => Int32Array.from(values.get(part) ?? [])) as [
    ...[Int32Array, Int32Array, Int32Array, Int32Array, Int32Array],
  ];
  const sizes = { rows, columns, height, width };
  const length = 2 * blocksIn(sizes).length;
  let [row, column] = [0, 0];
  return description.rows.map((total, p): KernelsPattern => {
    const own = counts.subarray(p * length, (p + 1) * length);
    checkCounts(own, sizes, fail);
    const sumOf = (side: number) => own.reduce((sum, n, at) => sum + (at % 2 === side ? n : 0), 0);
    const totals = [total, description.columns[p] as number];
    for (const [side, expected] of totals.entries()) {
      if (sumOf(side) === expected) continue;
      throw fail('counts', `${expected} ${LINES[side]} of pattern ${p}`, sumOf(side));
    }
    const pattern = kernelsFrom(sizes, sizes, (_, at) => {
      const [m, n] = [own[2 * at] as number, own[2 * at + 1] as number];
      [row, column] = [row + m, column + n];
      return { rows: allRows.slice(row - m, row), columns: allColumns.slice(column - n, column) };
    });
    return {
      ...pattern,
      ...places(
        rowPlaces.slice(p * rows, (p + 1) * rows),
        columnPlaces.slice(p * columns, (p + 1) * columns),
      ),
    };
  });
}

const LINES = ['rows', 'columns'] as const;

/** Checks m and n of every block of a pattern. */
function checkCounts(
  counts: Int32Array,
  sizes: Size & Sides,
  fail: (part: string, expected: string, got: number | string) => Error,
): void {
  blocksIn(sizes).forEach(({ height, width }, at) => {
    const [m, n] = [counts[2 * at] as number, counts[2 * at + 1] as number];
    if (m < 0 || m > height) throw fail('counts', `0 to ${height} rows of block ${at}`, m);
    if (n < 0 || n > width) throw fail('counts', `0 to ${width} columns of block ${at}`, n);
    if ((m === 0) === (n === 0)) return;
    throw fail('counts', `rows and columns of block ${at}, or none of either`, `${m} and ${n}`);
  });
}
