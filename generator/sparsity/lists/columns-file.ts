import { unexpected } from '../../base/errors.js';
import type { FileMatrix, FilePlace, PatternFile } from '../pattern-file.js';
import { codeType, packCodes, unpackCodes } from './codes.js';
import type { KeptLists, ListPattern } from './lists.js';

/** What a kind whose rows all keep as many columns says of its part of a file. */
export interface ColumnsKind<P extends ListPattern, D> {
  readonly description: PatternFile<P, D>['description'];
  describe(pattern: P): D;
  /**
   * Columns kept in each row of a matrix.
   * @throws UserError MODEL_INVALID where the description does not fit the matrix, by way of `refuse`
   */
  perRow(description: D, matrix: FileMatrix, refuse: Refuse): number;
  pattern(description: D, lists: KeptLists): P;
  validate(pattern: P, field: string, file?: string): void;
}

/** Refuses a field of a description. */
export type Refuse = (field: string, expected: string, got: number | string) => never;

/** The columns of all patterns, one behind the other. */
function columnsIn(patterns: readonly KeptLists[]): Int32Array {
  const all = new Int32Array(patterns.reduce((sum, { kept }) => sum + kept.length, 0));
  let at = 0;
  for (const { kept } of patterns) {
    all.set(kept, at);
    at += kept.length;
  }
  return all;
}

const CODES = 'codes';
const COLUMNS = 'columns';

/** Codes of kept positions, and their columns, both row by row (docs/compressed-model.md). */
export function columnsFile<P extends ListPattern, D>(own: ColumnsKind<P, D>): PatternFile<P, D> {
  const perRow = (description: D, matrix: FileMatrix, { name, file }: FilePlace) =>
    own.perRow(description, matrix, (field, expected, got) => {
      const code = 'MODEL_INVALID';
      throw unexpected({ code, file, field: `${name}.${field}`, expected, got });
    });
  return {
    description: own.description,
    describe: ([first]) => own.describe(first as P),
    tensors: (description, matrix, place) => {
      const { gates, rows, columns, patterns } = matrix;
      const count = perRow(description, matrix, place);
      return [
        { part: CODES, dtype: codeType(matrix), shape: [gates, rows, count] },
        { part: COLUMNS, dtype: columns <= 256 ? 'U8' : 'U16', shape: [patterns, rows, count] },
      ];
    },
    encode: (patterns, codes, matrix, name) =>
      new Map<string, ArrayLike<number>>([
        [CODES, packCodes(patterns, codes, matrix, name)],
        [COLUMNS, columnsIn(patterns)],
      ]),
    decode: (description, values, matrix, place) => {
      const { rows, columns } = matrix;
      const count = perRow(description, matrix, place);
      const all = Int32Array.from(values.get(COLUMNS) ?? []);
      const start = Int32Array.from({ length: rows + 1 }, (_, row) => row * count);
      const patterns = Array.from({ length: matrix.patterns }, (_, p): P => {
        const kept = all.slice(p * rows * count, (p + 1) * rows * count);
        return own.pattern(description, { rows, columns, start: start.slice(), kept });
      });
      patterns.forEach((pattern, p) => {
        const gate = patterns.length === 1 ? '' : ` gate ${p}`;
        own.validate(pattern, `${place.name}${gate}`, place.file);
      });
      return { patterns, codes: unpackCodes(patterns, values.get(CODES) ?? [], matrix) };
    },
  };
}
