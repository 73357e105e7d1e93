import { z } from 'zod';
import { unexpected } from '../../base/errors.js';
import { codeType, packCodes, unpackCodes } from '../lists/codes.js';
import { columnsOfRow, listsOfMask } from '../lists/lists.js';
import type { FileMatrix, FilePlace, PatternFile } from '../pattern-file.js';
import { type MaskPattern, maskOf } from './pattern.js';

const description = z.strictObject({
  kind: z.literal('mask'),
  /** Positions kept, one number per pattern. */
  kept: z.array(z.int().min(0)).readonly(),
});

/** The patterns of a matrix in a compressed-model file: all but the bits, which are a tensor. */
export type MaskDescription = z.infer<typeof description>;

const CODES = 'codes';
const BITS = 'bits';

/** Codes of kept positions gate by gate and row by row, and a bit for each position (docs/compressed-model.md). */
export const maskFile: PatternFile<MaskPattern, MaskDescription> = {
  description,
  describe: (patterns) => ({ kind: 'mask', kept: patterns.map(({ kept }) => kept.length) }),
  tensors: ({ kept }, matrix, { name, file }) => {
    const { gates, rows, columns, patterns } = matrix;
    const fail = (field: string, expected: string | number, got: number) =>
      unexpected({ code: 'MODEL_INVALID', file, field: `${name}.${field}`, expected, got });
    if (kept.length !== patterns) throw fail('kept', patterns, kept.length);
    const beyond = kept.findIndex((count) => count > rows * columns);
    if (beyond >= 0) throw fail(`kept.${beyond}`, `0 to ${rows * columns}`, kept[beyond] as number);
    const codes = (gates / patterns) * kept.reduce((sum, count) => sum + count, 0);
    return [
      { part: CODES, dtype: codeType(matrix), shape: [codes] },
      { part: BITS, dtype: 'U8', shape: [patterns, rows, bytesOf(matrix)] },
    ];
  },
  encode: (patterns, codes, matrix, name) =>
    new Map<string, ArrayLike<number>>([
      [CODES, packCodes(patterns, codes, matrix, name)],
      [BITS, packBits(patterns, matrix)],
    ]),
  decode: ({ kept }, values, matrix, place) => {
    const bits = values.get(BITS) ?? [];
    const patterns = kept.map((count, p) => {
      const pattern = unpackBits(bits, p, matrix, place);
      const got = pattern.kept.length;
      if (got !== count) throw wrongBits(place, `${count} ones in pattern ${p}`, `${got}`);
      return pattern;
    });
    return { patterns, codes: unpackCodes(patterns, values.get(CODES) ?? [], matrix) };
  },
};

/** Bytes of a row of bits; bit c % 8 of byte floor(c / 8) is that of column c. */
function bytesOf({ columns }: Pick<FileMatrix, 'columns'>): number {
  return Math.ceil(columns / 8);
}

function packBits(patterns: readonly MaskPattern[], matrix: FileMatrix): Uint8Array {
  const width = bytesOf(matrix);
  const bits = new Uint8Array(patterns.length * matrix.rows * width);
  patterns.forEach((pattern, p) => {
    for (let row = 0; row < matrix.rows; row++) {
      const from = (p * matrix.rows + row) * width;
      for (const column of columnsOfRow(pattern, row)) {
        const at = from + (column >> 3);
        bits[at] = (bits[at] as number) | (1 << (column & 7));
      }
    }
  });
  return bits;
}

/** The mask number `p`. @throws UserError MODEL_INVALID for a one beyond the last column */
function unpackBits(
  bits: ArrayLike<number>,
  p: number,
  matrix: FileMatrix,
  place: FilePlace,
): MaskPattern {
  const { rows, columns } = matrix;
  const width = bytesOf(matrix);
  const kept = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const from = (p * rows + row) * width;
    for (let column = 0; column < 8 * width; column++) {
      if ((((bits[from + (column >> 3)] as number) >> (column & 7)) & 1) === 0) continue;
      if (column >= columns) {
        throw wrongBits(place, `zeros beyond column ${columns - 1}`, `a one in row ${row}`);
      }
      kept[row * columns + column] = 1;
    }
  }
  return maskOf(listsOfMask({ rows, columns, kept }));
}

function wrongBits({ name, file }: FilePlace, expected: string, got: string) {
  const field = `${name}.${BITS}`;
  return unexpected({ code: 'MODEL_INVALID', file, field, expected, got });
}
