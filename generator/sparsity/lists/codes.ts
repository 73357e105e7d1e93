import type { FileMatrix } from '../pattern-file.js';
import { columnsOfRow, type KeptLists } from './lists.js';

/** A type of a tensor that holds codes of so many bits. */
export function codeType({ weightBits }: Pick<FileMatrix, 'weightBits'>): 'I8' | 'I16' {
  return weightBits <= 8 ? 'I8' : 'I16';
}

/**
 * Codes of kept positions, gate by gate and row by row, of dense codes [gate][row][column].
 * @throws RangeError where a code that is not zero is not kept
 */
export function packCodes(
  patterns: readonly KeptLists[],
  codes: Int16Array,
  matrix: FileMatrix,
  name: string,
): Int16Array {
  const kept = patterns.reduce((sum, own) => sum + own.kept.length, 0);
  const packed = new Int16Array((matrix.gates / patterns.length) * kept);
  let next = 0;
  eachKept(patterns, matrix, (at) => {
    packed[next++] = codes[at] as number;
  });
  if (nonZeroIn(packed) !== nonZeroIn(codes)) {
    throw new RangeError(`${name} has codes outside of what it keeps`);
  }
  return packed;
}

/** How many codes are not zero. */
export function nonZeroIn(codes: Int16Array): number {
  let count = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] !== 0) count++;
  return count;
}

/** Inverse of packCodes. */
export function unpackCodes(
  patterns: readonly KeptLists[],
  packed: ArrayLike<number>,
  matrix: FileMatrix,
): Int16Array {
  const codes = new Int16Array(matrix.gates * matrix.rows * matrix.columns);
  let next = 0;
  eachKept(patterns, matrix, (at) => {
    codes[at] = packed[next++] as number;
  });
  return codes;
}

/** Places of kept positions in dense codes, in the order of the file. */
function eachKept(
  patterns: readonly KeptLists[],
  { gates, rows, columns }: FileMatrix,
  visit: (at: number) => void,
): void {
  for (let gate = 0; gate < gates; gate++) {
    const pattern = patterns[patterns.length === 1 ? 0 : gate] as KeptLists;
    for (let row = 0; row < rows; row++) {
      const from = (gate * rows + row) * columns;
      const own = columnsOfRow(pattern, row);
      for (let n = 0; n < own.length; n++) visit(from + (own[n] as number));
    }
  }
}
