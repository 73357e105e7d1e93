import { Random } from '../../../generator/base/random.js';
import { atOnce } from '../../../generator/base/steps.js';
import { keptMask } from '../../../generator/sparsity/kept-mask.js';
import { patternDescription, patternKind } from '../../../generator/sparsity/kind-of.js';
import { type Mask, type MatrixMasks, union } from '../../../generator/sparsity/mask.js';
import type { Size } from '../../../generator/sparsity/pattern.js';
import type { Pattern, PatternChoice } from '../../../generator/sparsity/registry.js';

/** Kept columns of every row. */
export function columnsOf(pattern: Pattern): readonly (readonly number[])[] {
  const { runsOfRow } = patternKind(pattern);
  return Array.from({ length: pattern.rows }, (_, row) =>
    runsOfRow(pattern, row).flatMap(([first, width]) =>
      Array.from({ length: width }, (_, i) => first + i),
    ),
  );
}

/** Kept columns of every row. */
export const countsOf = (pattern: Pattern): readonly number[] =>
  columnsOf(pattern).map(({ length }) => length);

/** Masks of a matrix whose gates keep what these patterns say. */
export function masksOf(patterns: readonly Pattern[], gates: number, name = 'w'): MatrixMasks {
  const perGate = Array.from({ length: gates }, (_, gate) =>
    keptMask(patterns[patterns.length === 1 ? 0 : gate] as Pattern),
  );
  return { name, group: 0, shared: union(perGate), perGate };
}

/** The masks with one position of a gate changed. */
export function changedAt(masks: MatrixMasks, gate: number, at: number): MatrixMasks {
  const perGate = masks.perGate.map((mask, g): Mask => {
    if (g !== gate) return mask;
    const kept = mask.kept.slice();
    kept[at] = 1 - (kept[at] as number);
    return { ...mask, kept };
  });
  return { ...masks, shared: union(perGate), perGate };
}

/** Any order of `count` places, in units that stay whole; what does not fill one stays last. */
export function orderOf(count: number, unit: number, random: Random): Int32Array {
  const whole = Math.floor(count / unit);
  const units = random.sample(whole, whole).map((n) => ({ n, key: random.unit() }));
  units.sort((a, b) => a.key - b.key);
  const order = units.flatMap(({ n }) => Array.from({ length: unit }, (_, i) => n * unit + i));
  for (let i = order.length; i < count; i++) order.push(i);
  return Int32Array.from(order);
}

/** The positions of a pattern, with rows and columns in another order. */
export function densePermuted(pattern: Pattern, rows: Int32Array, columns: Int32Array): Uint8Array {
  const { kept } = keptMask(pattern);
  return Uint8Array.from(kept, (_, at) => {
    const [row, column] = [Math.floor(at / pattern.columns), at % pattern.columns];
    const [from, of] = [rows[row] as number, columns[column] as number];
    return kept[from * pattern.columns + of] as number;
  });
}

/** Codes of words of `bits`, not zero, wherever patterns keep one. */
export function codesIn(patterns: readonly Pattern[], gates: number, bits: number): Int16Array {
  const random = new Random(5);
  const masks = masksOf(patterns, gates).perGate;
  return Int16Array.from(
    masks.flatMap(({ kept }) =>
      [...kept].map((one) => (one === 0 ? 0 : random.between(1, 2 ** (bits - 1) - 1))),
    ),
  );
}

/** The file of patterns of a matrix: description as JSON has it, tensors and their values, and what comes back of it. */
export function filed(patterns: readonly Pattern[], gates: number, weightBits = 6) {
  const [first] = patterns as readonly [Pattern];
  const { file } = patternKind(first);
  const { rows, columns } = first;
  const matrix = { gates, rows, columns, patterns: patterns.length, weightBits };
  const at = { name: 'pass.0.x', file: 'm.safetensors' };
  const codes = codesIn(patterns, gates, weightBits);
  const description = patternDescription.parse(JSON.parse(JSON.stringify(file.describe(patterns))));
  const values = file.encode(patterns, codes, matrix, 'm');
  return {
    ...{ codes, description, values, matrix },
    tensors: file.tensors(description, matrix, at),
    tensorsOf: (changed: object) => file.tensors({ ...description, ...changed }, matrix, at),
    back: (changed: ReadonlyMap<string, ArrayLike<number>> = new Map()) =>
      file.decode(description, new Map([...values, ...changed]), matrix, at),
  };
}

/** Choices and patterns that a kind finds in the zeros of matrices. */
export function found(kind: Pattern['kind'], ...matrices: readonly MatrixMasks[]) {
  const { find } = patternKind({ kind });
  const options = { fill: false, file: 'net' };
  const choices: readonly PatternChoice[] = atOnce(find.search(matrices, options));
  return matrices.map((matrix, i) => {
    const choice = choices[i] as PatternChoice;
    return { choice, ...find.fit(matrix, choice, options) };
  });
}

/** Weights of gates: uniform in [-1, 1). */
export function weightsOf({ rows, columns }: Size, gates: number, seed: number) {
  const random = new Random(seed);
  return {
    ...{ rows, columns },
    gates: Array.from({ length: gates }, () =>
      Float64Array.from({ length: rows * columns }, () => 2 * random.unit() - 1),
    ),
  };
}
