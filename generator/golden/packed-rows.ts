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
  const rowsOf = (group: number) => row.subarray(group * ROWS, (group + 1) * ROWS);
  // counted before they are stored: lists that grow would take several times the memory
  const used = new Uint8Array(matrix.columns);
  let entries = 0;
  for (let group = 0; group < end.length; group++) {
    entries += markUsed(matrix, rowsOf(group), used);
    end[group] = entries;
  }
  const column = new Uint16Array(entries);
  const code = new Float64Array(entries * WORDS);
  let entry = 0;
  for (let group = 0; group < end.length; group++) {
    const own = rowsOf(group);
    markUsed(matrix, own, used);
    for (let c = 0; c < matrix.columns; c++) {
      if (used[c] === 0) continue;
      column[entry] = c;
      packColumn(matrix, own, c, code, entry * WORDS);
      entry++;
    }
  }
  return { kind: 'packed', end, column, code, row };
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

/** Marks the columns in which a row of a group is not zero, and counts them. */
function markUsed({ codes, columns }: SparseMatrix, group: Int32Array, used: Uint8Array): number {
  used.fill(0);
  let count = 0;
  for (let i = 0; i < ROWS; i++) {
    const r = group[i] as number;
    if (r < 0) continue;
    for (let c = 0; c < columns; c++) {
      if (codes[r * columns + c] === 0 || used[c] === 1) continue;
      used[c] = 1;
      count++;
    }
  }
  return count;
}

/** Adds the codes of a group of rows in one column to the words from `first` on. */
function packColumn(
  { codes, columns }: SparseMatrix,
  group: Int32Array,
  column: number,
  words: Float64Array,
  first: number,
): void {
  for (let i = 0; i < ROWS; i++) {
    const r = group[i] as number;
    if (r < 0) continue;
    const weight = i % 2 === 0 ? 1 : SPACING;
    const at = first + (i >> 1);
    words[at] = (words[at] as number) + weight * (codes[r * columns + column] as number);
  }
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
