import { unexpected } from '../../base/errors.js';
import { nonZeroIn } from '../lists/codes.js';
import type { FileMatrix, FilePlace, FileTensor, PatternFile } from '../pattern-file.js';
import { placesOf } from './codes.js';
import { keptPositions } from './count.js';
import { description, type StripsDescription } from './description.js';
import { type Lists, listsOf, unpackLists } from './lists.js';
import { columnBlocks, type StripsPattern, stripsOf } from './pattern.js';
import { validateStrips } from './validate.js';

const CODES = 'codes';

/** Kept codes and lists of columns, strip by strip (docs/compressed-model.md). */
export const stripsFile: PatternFile<StripsPattern, StripsDescription> = {
  description,
  describe: (patterns) => ({
    kind: 'strips',
    height: patterns[0]?.height ?? 1,
    width: patterns[0]?.width ?? 1,
    columns: patterns.map(({ kept }) => kept.reduce((sum, { length }) => sum + length, 0)),
    positions: patterns.map(keptPositions),
    dropped: patterns.some(({ droppedRows }) => droppedRows !== undefined),
    reordered: patterns.some(({ stripOfRow }) => stripOfRow !== undefined),
  }),
  tensors,
  encode,
  decode,
};

function tensors(
  { height, width, columns, positions, dropped, reordered }: StripsDescription,
  { gates, rows, columns: across, patterns, weightBits }: FileMatrix,
  { name, file }: FilePlace,
): readonly FileTensor[] {
  const check = (field: string, expected: string, got: number, holds: boolean) => {
    if (holds) return;
    const at = `${name}.${field}`;
    throw unexpected({ code: 'MODEL_INVALID', file, field: at, expected, got }, at);
  };
  check('height', `1 to ${rows}`, height, height <= rows);
  check('width', `1 to ${across}`, width, width <= across);
  const strips = stripsOf({ rows, height });
  const limits = { columns: strips * across, positions: rows * across };
  for (const [field, list] of Object.entries({ columns, positions })) {
    check(field, `${patterns} numbers`, list.length, list.length === patterns);
    const most = limits[field as keyof typeof limits];
    for (const own of list) check(field, `1 to ${most}`, own, own >= 1 && own <= most);
  }
  const total = (list: readonly number[]) => list.reduce((sum, own) => sum + own, 0);
  return [
    {
      part: CODES,
      dtype: weightBits <= 8 ? 'I8' : 'I16',
      shape: [(gates / patterns) * total(positions)],
    },
    {
      part: 'counts',
      dtype: width < 256 ? 'U8' : width < 65_536 ? 'U16' : 'I32',
      shape: [patterns, strips, columnBlocks({ columns: across, width })],
    },
    { part: 'columns', dtype: width <= 256 ? 'U8' : 'U16', shape: [total(columns)] },
    ...(dropped
      ? [{ part: 'dropped', dtype: 'U8', shape: [patterns, Math.ceil(rows / 8)] } as const]
      : []),
    ...(reordered ? [{ part: 'strips', dtype: 'U16', shape: [patterns, rows] } as const] : []),
  ];
}

function encode(
  patterns: readonly StripsPattern[],
  codes: Int16Array,
  { gates, rows, columns }: FileMatrix,
  name: string,
): ReadonlyMap<string, ArrayLike<number>> {
  const kept = patterns.reduce((sum, own) => sum + keptPositions(own), 0);
  const packed = new Int16Array((gates / patterns.length) * kept);
  let at = 0;
  for (let gate = 0; gate < gates; gate++) {
    const pattern = patterns[patterns.length === 1 ? 0 : gate] as StripsPattern;
    for (const place of placesOf(pattern)) {
      packed[at++] = codes[gate * rows * columns + place] as number;
    }
  }
  if (nonZeroIn(packed) !== nonZeroIn(codes)) {
    throw new RangeError(`${name} has codes outside of what its strips keep`);
  }
  const described = stripsFile.describe(patterns);
  const lists = patterns.map((pattern) => listsOf(pattern, described));
  const parts = Object.keys(lists[0] as Lists) as (keyof Lists)[];
  return new Map<string, ArrayLike<number>>([
    [CODES, packed],
    ...parts.map((part) => [part, lists.flatMap((own) => own[part] ?? [])] as const),
  ]);
}

function decode(
  described: StripsDescription,
  values: ReadonlyMap<string, ArrayLike<number>>,
  matrix: FileMatrix,
  { name, file }: FilePlace,
): { readonly patterns: readonly StripsPattern[]; readonly codes: Int16Array } {
  const { gates, rows, columns } = matrix;
  const patterns = unpackLists(described, values, matrix, { name, file });
  patterns.forEach((pattern, p) => {
    validateStrips(pattern, patterns.length === 1 ? name : `${name} gate ${p}`, file);
    const [expected, got] = [described.positions[p] as number, keptPositions(pattern)];
    if (expected === got) return;
    const field = `${name}.positions`;
    throw unexpected({ code: 'MODEL_INVALID', file, field, expected, got }, field);
  });
  const packed = values.get(CODES) ?? [];
  const codes = new Int16Array(gates * rows * columns);
  let at = 0;
  for (let gate = 0; gate < gates; gate++) {
    const pattern = patterns[patterns.length === 1 ? 0 : gate] as StripsPattern;
    for (const place of placesOf(pattern)) {
      codes[gate * rows * columns + place] = packed[at++] as number;
    }
  }
  return { patterns, codes };
}
