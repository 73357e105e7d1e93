import { type UserError, unexpected } from '../../base/errors.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { Pattern } from '../../sparsity/registry.js';
import { TABLE_ONE, TABLE_SLOPE_BITS } from '../arithmetic.js';
import { checkExact, checkFraction, checkWordLengths, MAX_CODES, MAX_SIZE } from '../limits.js';
import { type ActivationTable, GATES, type Model, type SparseMatrix } from '../model.js';
import { isDense } from '../summary.js';

/**
 * Checks a whole model: sizes that follow from each other, patterns, ranges of every number, exactness.
 * @throws UserError MODEL_INVALID (or the code of the part) with the tensor and the two values that disagree.
 */
export function checkModel(model: Model, file?: string): void {
  const { words, layers, output } = model;
  checkWordLengths(words, file);
  checkFraction(model.inputFraction, 'inputFraction', file);
  if (layers.length === 0) throw mismatch('layers', 'at least 1', 0, file);
  layers.forEach((layer, l) => {
    const name = `lstm.${l}`;
    const below = layers[l - 1];
    if (below !== undefined && layer.inputs !== below.cells) {
      throw mismatch(`${name}.inputs`, below.cells, layer.inputs, file);
    }
    checkMatrix(
      layer.x,
      `${name}.x`,
      [layer.cells, layer.inputs],
      GATES.length,
      words.weight,
      file,
    );
    checkMatrix(layer.h, `${name}.h`, [layer.cells, layer.cells], GATES.length, words.weight, file);
    checkCodes(layer.bias, `${name}.bias`, GATES.length * layer.cells, words.bias, file);
    checkFraction(layer.biasFraction, `${name}.biasFraction`, file);
    checkFraction(layer.cellFraction, `${name}.cellFraction`, file);
  });
  if (output !== null) {
    const cells = layers.at(-1)?.cells as number;
    if (output.inputs !== cells) throw mismatch('output.inputs', cells, output.inputs, file);
    const size = [output.outputs, output.inputs] as const;
    checkMatrix(output.weights, 'output', size, 1, words.weight, file);
    if (!isDense(output.weights)) {
      throw mismatch('output', 'a dense matrix', 'a block pattern', file);
    }
    checkCodes(output.bias, 'output.bias', output.outputs, words.bias, file);
    checkFraction(output.biasFraction, 'output.biasFraction', file);
  }
  checkTable(model.sigmoid, 'table.sigmoid', file);
  checkTable(model.tanh, 'table.tanh', file);
  checkExact(model, file);
}

/** The error for a part of a model that disagrees with what the rest says. */
export function mismatch(
  field: string,
  expected: string | number,
  got: string | number,
  file?: string,
): UserError {
  return unexpected({ code: 'MODEL_INVALID', file, field, expected, got }, field);
}

function checkMatrix(
  matrix: SparseMatrix,
  name: string,
  [rows, columns]: readonly [number, number],
  gates: number,
  bits: number,
  file?: string,
): void {
  if (matrix.rows !== rows) throw mismatch(`${name}.rows`, rows, matrix.rows, file);
  if (matrix.columns !== columns) throw mismatch(`${name}.columns`, columns, matrix.columns, file);
  for (const size of [rows, columns]) {
    if (size > MAX_SIZE) throw mismatch(name, `sizes up to ${MAX_SIZE}`, size, file);
  }
  checkFraction(matrix.exponent, `${name}.exponent`, file);
  const patterns = matrix.sharing === 'shared' ? 1 : gates;
  if (matrix.patterns.length !== patterns) {
    throw mismatch(`${name}.patterns`, patterns, matrix.patterns.length, file);
  }
  const sizesOf = (pattern: Pattern) => patternKind(pattern).sizes(pattern);
  const sizes = sizesOf({ ...(matrix.patterns[0] as Pattern), rows, columns });
  matrix.patterns.forEach((pattern, gate) => {
    const own = sizesOf(pattern);
    if (own !== sizes) throw mismatch(`${name}.patterns.${gate}`, sizes, own, file);
    patternKind(pattern).validate(
      pattern,
      matrix.sharing === 'shared' ? name : `${name} gate ${gate}`,
      file,
    );
  });
  const codes = gates * rows * columns;
  if (codes > MAX_CODES) throw mismatch(`${name}.codes`, `at most ${MAX_CODES}`, codes, file);
  checkCodes(matrix.codes, `${name}.codes`, codes, bits, file);
}

function checkCodes(
  codes: Int16Array | Int32Array,
  name: string,
  count: number,
  bits: number,
  file?: string,
): void {
  if (codes.length !== count) throw mismatch(name, `${count} codes`, codes.length, file);
  const limit = 2 ** (bits - 1);
  for (const code of codes) {
    if (code < -limit || code >= limit) {
      throw mismatch(name, `codes from ${-limit} to ${limit - 1}`, code, file);
    }
  }
}

function checkTable({ y0, slope }: ActivationTable, name: string, file?: string): void {
  y0.forEach((value, k) => {
    if (value < 0 || value > TABLE_ONE) {
      throw mismatch(`${name}.y0`, `0 to ${TABLE_ONE} at ${k}`, value, file);
    }
    const step = slope[k] as number;
    if (step < 0 || step >= 2 ** TABLE_SLOPE_BITS || value + step > TABLE_ONE) {
      const most = Math.min(2 ** TABLE_SLOPE_BITS - 1, TABLE_ONE - value);
      throw mismatch(`${name}.slope`, `0 to ${most} at ${k}`, step, file);
    }
    const next = y0[k + 1];
    if (next !== undefined && next !== value + step) {
      throw mismatch(`${name}.y0`, `${value + step} at ${k + 1}`, next, file);
    }
  });
}
