import { unexpected } from '../../base/errors.js';
import type { FileMatrix, FilePlace } from '../pattern-file.js';
import type { StripsDescription } from './description.js';
import { columnBlocks, type StripsPattern, stripOf, stripsOf } from './pattern.js';

/** The lists of one pattern, by the part of a file that they are. */
export interface Lists {
  /** Kept columns of every strip block, [strip][column block]. */
  readonly counts: readonly number[];
  /** They themselves, strip by strip, each counted from the first one of its column block. */
  readonly columns: readonly number[];
  /** Bit r % 8 of number r / 8 is 1 where row r is dropped. */
  readonly dropped?: readonly number[];
  /** By row: its strip. */
  readonly strips?: readonly number[];
}

/** The lists of one pattern. */
export function listsOf(
  pattern: StripsPattern,
  { dropped, reordered }: Pick<StripsDescription, 'dropped' | 'reordered'>,
): Lists {
  const { rows, width, kept, droppedRows } = pattern;
  const across = columnBlocks(pattern);
  const counts = kept.flatMap((list) => {
    const own = new Array<number>(across).fill(0);
    for (const column of list) {
      const block = Math.floor(column / width);
      own[block] = (own[block] as number) + 1;
    }
    return own;
  });
  const bits = new Array<number>(Math.ceil(rows / 8)).fill(0);
  droppedRows?.forEach((mark, row) => {
    bits[row >> 3] = (bits[row >> 3] as number) | (mark << (row % 8));
  });
  return {
    counts,
    columns: kept.flatMap((list) => Array.from(list, (column) => column % width)),
    ...(dropped && { dropped: bits }),
    ...(reordered && { strips: Array.from({ length: rows }, (_, row) => stripOf(pattern, row)) }),
  };
}

/**
 * The patterns of a matrix from the tensors of their lists.
 * @throws UserError MODEL_INVALID where a list does not agree with its counts, or a column with its block
 */
export function unpackLists(
  { height, width, columns: totals }: StripsDescription,
  values: ReadonlyMap<string, ArrayLike<number>>,
  matrix: FileMatrix,
  { name, file }: FilePlace,
): readonly StripsPattern[] {
  const { rows, columns } = matrix;
  const fail = (part: string, expected: string | number, got: number) => {
    const field = `${name}.${part}`;
    return unexpected({ code: 'MODEL_INVALID', file, field, expected, got }, field);
  };
  const strips = stripsOf({ rows, height });
  const across = columnBlocks({ columns, width });
  const part = (own: string) => Int32Array.from(values.get(own) ?? []);
  const [counts, all, bits, order] = ['counts', 'columns', 'dropped', 'strips'].map(part) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const bytes = Math.ceil(rows / 8);
  let at = 0;
  return totals.map((total, p): StripsPattern => {
    const own = counts.subarray(p * strips * across, (p + 1) * strips * across);
    const sum = own.reduce((before, count) => before + count, 0);
    if (sum !== total) throw fail('counts', `${total} columns of pattern ${p}`, sum);
    const kept = Array.from({ length: strips }, (_, strip) => {
      const list: number[] = [];
      for (let block = 0; block < across; block++) {
        const most = Math.min(width, columns - block * width);
        const count = own[strip * across + block] as number;
        if (count < 0 || count > most) {
          throw fail('counts', `0 to ${most} in strip ${strip}, column block ${block}`, count);
        }
        for (let n = count; n > 0; n--) {
          const column = all[at++] as number;
          if (column >= most) throw fail('columns', `0 to ${most - 1} at ${at - 1}`, column);
          list.push(block * width + column);
        }
      }
      return Int32Array.from(list);
    });
    const marks = bits.subarray(p * bytes, (p + 1) * bytes);
    const last = (marks.at(-1) ?? 0) >> (rows % 8 || 8);
    if (last !== 0) throw fail('dropped', `no bits beyond row ${rows - 1}`, last);
    const droppedRows = Uint8Array.from({ length: rows }, (_, row) =>
      marks.length === 0 ? 0 : ((marks[row >> 3] as number) >> (row % 8)) & 1,
    );
    const stripOfRow = order.slice(p * rows, (p + 1) * rows);
    const moved = stripOfRow.some((strip, row) => strip !== Math.floor(row / height));
    return {
      ...{ kind: 'strips', rows, columns, height, width, kept },
      ...(droppedRows.includes(1) && { droppedRows }),
      ...(moved && { stripOfRow }),
    };
  });
}
