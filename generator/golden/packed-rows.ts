import type { SparseMatrix } from '../network/model.js';

/** Rows that are summed together, and the doubles that hold their codes of one column, two in each. */
const ROWS = 8;
const WORDS = ROWS / 2;
/** A double is the code of an even row + 2^26 * the code of the odd row after it. */
const SPACING = 2 ** 26;
/** Sums a and b below this in magnitude stay apart in a + 2^26 * b, which is below 2^52 and so exact. */
const LIMIT = SPACING / 2;

/**
 * A matrix for fast exact sums. Eight rows at a time, all gates of neighbouring cells: they mostly have the same
 * columns, so that each x is read once for them. Two products with one multiplication.
 */
export interface PackedRows {
  readonly kind: 'packed';
  /** First entry after those of a group of rows. An entry is a column in which a row of the group is not zero. */
  readonly end: Int32Array;
  readonly column: Uint16Array;
  /** [entry][word]. */
  readonly code: Float64Array;
  /** [group][row of the group]: row of the sums, [gate][row of the gate]; -1 where there is none. */
  readonly row: Int32Array;
}

/**
 * The matrix as packed rows, for x of `activationBits` bits. Null when two sums may not fit in a double: when the
 * magnitudes of the codes of a row, times 2^(activationBits - 1), add up to 2^25 or more.
 */
export function packedRows(matrix: SparseMatrix, activationBits: number): PackedRows | null {
  if (largestMagnitude(matrix) * 2 ** (activationBits - 1) >= LIMIT) return null;
  const row = groupedRows(matrix);
  const end = new Int32Array(row.length / ROWS);
  const column: number[] = [];
  const code: number[] = [];
  for (let group = 0; group < end.length; group++) {
    const words = wordsOf(matrix, row.subarray(group * ROWS, (group + 1) * ROWS));
    for (let c = 0; c < matrix.columns; c++) {
      const own = words.subarray(c * WORDS, (c + 1) * WORDS);
      if (own.every((word) => word === 0)) continue;
      column.push(c);
      code.push(...own);
    }
    end[group] = column.length;
  }
  return {
    kind: 'packed',
    end,
    column: Uint16Array.from(column),
    code: Float64Array.from(code),
    row,
  };
}

/** sums[r] += 2^shift * (row r of the matrix times x), exact; x within the word that the rows were packed for. */
export function accumulatePacked(
  { end, column, code, row }: PackedRows,
  x: Float64Array,
  shift: number,
  sums: Float64Array,
): void {
  const scale = 2 ** shift;
  const groups = end.length;
  let entry = 0;
  let word = 0;
  for (let group = 0; group < groups; group++) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    const last = end[group] as number;
    for (; entry < last; entry++) {
      const value = x[column[entry] as number] as number;
      s0 += (code[word] as number) * value;
      s1 += (code[word + 1] as number) * value;
      s2 += (code[word + 2] as number) * value;
      s3 += (code[word + 3] as number) * value;
      word += WORDS;
    }
    const first = group * ROWS;
    addPair(s0, row[first] as number, row[first + 1] as number, scale, sums);
    addPair(s1, row[first + 2] as number, row[first + 3] as number, scale, sums);
    addPair(s2, row[first + 4] as number, row[first + 5] as number, scale, sums);
    addPair(s3, row[first + 6] as number, row[first + 7] as number, scale, sums);
  }
}

/** Takes the sums of two rows out of one double. */
function addPair(pair: number, even: number, odd: number, scale: number, sums: Float64Array): void {
  const upper = Math.floor(pair / SPACING + 0.5);
  if (even >= 0) sums[even] = (sums[even] as number) + (pair - upper * SPACING) * scale;
  if (odd >= 0) sums[odd] = (sums[odd] as number) + upper * scale;
}

/** All gates of as many rows as make a group, group by group. */
function groupedRows({ codes, rows, columns }: SparseMatrix): Int32Array {
  const gates = codes.length / (rows * columns);
  const groups = Math.ceil((rows * gates) / ROWS);
  return Int32Array.from({ length: groups * ROWS }, (_, i) => {
    const own = Math.floor(i / gates);
    return own < rows ? (i % gates) * rows + own : -1;
  });
}

/** Codes of a group of rows, [column][word]. */
function wordsOf({ codes, columns }: SparseMatrix, group: Int32Array): Float64Array {
  const words = new Float64Array(columns * WORDS);
  group.forEach((r, i) => {
    if (r < 0) return;
    const weight = i % 2 === 0 ? 1 : SPACING;
    for (let c = 0; c < columns; c++) {
      const at = c * WORDS + (i >> 1);
      words[at] = (words[at] as number) + weight * (codes[r * columns + c] as number);
    }
  });
  return words;
}

/** Largest sum of the magnitudes of the codes of one row. */
function largestMagnitude({ codes, columns }: SparseMatrix): number {
  let [largest, sum] = [0, 0];
  for (let i = 0; i < codes.length; i++) {
    if (i % columns === 0) sum = 0;
    sum += Math.abs(codes[i] as number);
    if (sum > largest) largest = sum;
  }
  return largest;
}
