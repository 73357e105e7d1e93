import { unexpected } from '../../base/errors.js';
import { codeType, packCodes, unpackCodes } from '../lists/codes.js';
import type { Sides } from '../lists/sides.js';
import type { FileMatrix, FilePlace, FileTensor, PatternFile } from '../pattern-file.js';
import { keptPositions, listLengths } from './count.js';
import { description, type KernelsDescription } from './description.js';
import { packLists, unpackLists } from './lists.js';
import { gridOf, type KernelsPattern, listsOf } from './pattern.js';
import { validateKernels } from './validate.js';

const CODES = 'codes';

/** Codes of kept positions row by row, and the lists of all kernels (docs/compressed-model.md). */
export const kernelsFile: PatternFile<KernelsPattern, KernelsDescription> = {
  description,
  describe: (patterns) => {
    const { height, width } = patterns[0] as KernelsPattern;
    const lengths = patterns.map(listLengths);
    return {
      ...{ kind: 'kernels', height, width },
      rows: lengths.map(({ rows }) => rows),
      columns: lengths.map(({ columns }) => columns),
      positions: patterns.map(keptPositions),
      reordered: patterns.some((own) => own.placeOfRow ?? own.placeOfColumn),
    };
  },
  tensors,
  encode: (patterns, codes, matrix, name) =>
    new Map<string, ArrayLike<number>>([
      [CODES, packCodes(patterns.map(listsOf), codes, matrix, name)],
      ...packLists(patterns, kernelsFile.describe(patterns).reordered),
    ]),
  decode: (described, values, matrix, place) => {
    const patterns = unpackLists(described, values, matrix, place);
    patterns.forEach((pattern, p) => {
      const name = patterns.length === 1 ? place.name : `${place.name} gate ${p}`;
      validateKernels(pattern, name, place.file);
      const [expected, got] = [described.positions[p] as number, keptPositions(pattern)];
      if (expected !== got) throw invalid(place, 'positions', expected, got);
    });
    const codes = unpackCodes(patterns.map(listsOf), values.get(CODES) ?? [], matrix);
    return { patterns, codes };
  },
};

function tensors(
  { height, width, rows, columns, positions, reordered }: KernelsDescription,
  matrix: FileMatrix,
  place: FilePlace,
): readonly FileTensor[] {
  const { gates, patterns } = matrix;
  const check = (field: string, most: number, got: number) => {
    if (got > most) throw invalid(place, field, `1 to ${most}`, got);
  };
  check('height', matrix.rows, height);
  check('width', matrix.columns, width);
  const { down, across } = gridOf({ rows: matrix.rows, columns: matrix.columns, height, width });
  const limits = {
    rows: matrix.rows * across,
    columns: matrix.columns * down,
    positions: matrix.rows * matrix.columns,
  };
  for (const [field, list] of Object.entries({ rows, columns, positions })) {
    if (list.length !== patterns) throw invalid(place, field, `${patterns} numbers`, list.length);
    for (const own of list) check(field, limits[field as keyof typeof limits], own);
  }
  const total = (list: readonly number[]) => list.reduce((sum, own) => sum + own, 0);
  const codes = (gates / patterns) * total(positions);
  return [
    { part: CODES, dtype: codeType(matrix), shape: [codes] },
    { part: 'counts', dtype: countType({ height, width }), shape: [patterns, down, across, 2] },
    { part: 'rows', dtype: height <= 256 ? 'U8' : 'U16', shape: [total(rows)] },
    { part: 'columns', dtype: width <= 256 ? 'U8' : 'U16', shape: [total(columns)] },
    ...(reordered
      ? ([
          { part: 'places.rows', dtype: 'U16', shape: [patterns, matrix.rows] },
          { part: 'places.columns', dtype: 'U16', shape: [patterns, matrix.columns] },
        ] as const)
      : []),
  ];
}

function countType({ height, width }: Sides): FileTensor['dtype'] {
  const most = Math.max(height, width);
  return most < 256 ? 'U8' : most < 65_536 ? 'U16' : 'I32';
}

function invalid({ name, file }: FilePlace, part: string, expected: string | number, got: number) {
  const field = `${name}.${part}`;
  return unexpected({ code: 'MODEL_INVALID', file, field, expected, got }, field);
}
