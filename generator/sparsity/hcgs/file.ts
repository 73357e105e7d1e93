import { z } from 'zod';
import { unexpected } from '../../base/errors.js';
import type { FileMatrix, FilePlace, FileTensor, PatternFile } from '../pattern-file.js';
import { blockShape, type CodeLayout, packBlocks, unpackBlocks } from './codes.js';
import { keptBlocksPerRow } from './count.js';
import { blockRows, blocksPerRow, type HcgsPattern } from './pattern.js';
import { validatePattern } from './validate.js';

const size = z.number().int().min(1).max(65_536);

const description = z.strictObject({
  kind: z.literal('hcgs'),
  blocks: z.array(size).readonly(),
  keep: z.array(size).readonly(),
  /** Positions of zero blocks added to balance the pattern, one number per pattern. */
  filledPositions: z.array(z.number().int().nonnegative()).readonly(),
});

/** The patterns of a matrix in a compressed-model file: all but the index lists, which are tensors. */
export type HcgsDescription = z.infer<typeof description>;

const CODES = 'codes';
const indexPart = (level: number): string => `index.${level}`;

/** Codes of kept blocks and index lists level by level (docs/compressed-model.md). */
export const hcgsFile: PatternFile<HcgsPattern, HcgsDescription> = {
  description,
  describe: (patterns) => ({
    kind: 'hcgs',
    blocks: patterns[0]?.blocks ?? [],
    keep: patterns[0]?.keep ?? [],
    filledPositions: patterns.map((pattern) => pattern.filledPositions ?? 0),
  }),
  tensors,
  encode,
  decode,
};

function tensors(
  { blocks, keep, filledPositions }: HcgsDescription,
  matrix: FileMatrix,
  { name, file }: FilePlace,
): readonly FileTensor[] {
  const fail = (field: string, expected: string | number, got: number) =>
    unexpected({ code: 'MODEL_INVALID', file, field, expected, got }, field);
  if (keep.length !== blocks.length) {
    throw fail(`${name}.keep`, `${blocks.length} levels`, keep.length);
  }
  if (filledPositions.length !== matrix.patterns) {
    throw fail(`${name}.filledPositions`, matrix.patterns, filledPositions.length);
  }
  const pattern = withoutIndices({ blocks, keep }, matrix);
  return [
    {
      part: CODES,
      dtype: matrix.weightBits <= 8 ? 'I8' : 'I16',
      shape: blockShape(layoutOf(matrix, [pattern])),
    },
    ...blocks.map(
      (_, level): FileTensor => ({
        part: indexPart(level),
        dtype: blocksPerRow(pattern, level) <= 256 ? 'U8' : 'U16',
        shape: [matrix.patterns, blockRows(pattern, level), keptBlocksPerRow(pattern, level)],
      }),
    ),
  ];
}

function encode(
  patterns: readonly HcgsPattern[],
  codes: Int16Array,
  matrix: FileMatrix,
  name: string,
): ReadonlyMap<string, ArrayLike<number>> {
  const packed = packBlocks(layoutOf(matrix, patterns), codes);
  if (nonZero(packed) !== nonZero(codes)) {
    throw new RangeError(`${name} has codes outside its kept blocks`);
  }
  const values = new Map<string, ArrayLike<number>>([[CODES, packed]]);
  patterns[0]?.blocks.forEach((_, level) => {
    const lists = patterns.map((pattern) => [...(pattern.indices[level] ?? [])]);
    values.set(indexPart(level), lists.flat());
  });
  return values;
}

function decode(
  { blocks, keep, filledPositions }: HcgsDescription,
  values: ReadonlyMap<string, ArrayLike<number>>,
  matrix: FileMatrix,
  { name, file }: FilePlace,
): { readonly patterns: readonly HcgsPattern[]; readonly codes: Int16Array } {
  const lists = blocks.map((_, level) => Int32Array.from(values.get(indexPart(level)) ?? []));
  const patterns = filledPositions.map((filled, p): HcgsPattern => {
    const indices = lists.map((all) => {
      const length = all.length / matrix.patterns;
      return all.slice(p * length, (p + 1) * length);
    });
    const whole = { ...withoutIndices({ blocks, keep }, matrix), indices };
    return filled === 0 ? whole : { ...whole, filledPositions: filled };
  });
  patterns.forEach((pattern, p) => {
    validatePattern(pattern, patterns.length === 1 ? name : `${name} gate ${p}`, file);
  });
  const { codes, strays } = unpackBlocks(layoutOf(matrix, patterns), values.get(CODES) ?? []);
  if (strays > 0) {
    const field = `${name}.${CODES}`;
    const [expected, got] = ['zeros beyond the matrix', `${strays} other codes`];
    throw unexpected({ code: 'MODEL_INVALID', file, field, expected, got }, field);
  }
  return { patterns, codes };
}

function withoutIndices(
  sizes: Pick<HcgsPattern, 'blocks' | 'keep'>,
  { rows, columns }: Pick<FileMatrix, 'rows' | 'columns'>,
): HcgsPattern {
  return { kind: 'hcgs', rows, columns, ...sizes, indices: [] };
}

function layoutOf(
  { gates, rows, columns }: FileMatrix,
  patterns: readonly HcgsPattern[],
): CodeLayout {
  return { gates, rows, columns, patterns };
}

function nonZero(codes: Int16Array): number {
  return codes.reduce((count, code) => (code === 0 ? count : count + 1), 0);
}
