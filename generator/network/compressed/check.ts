import { patternKind } from '../../sparsity/kind-of.js';
import type { Pattern } from '../../sparsity/registry.js';
import { TABLE_FUNCTIONS } from '../cells/cell.js';
import { cellOf, channelsIn, gatesIn } from '../cells/registry.js';
import { checkExact, checkFraction, checkWordLengths, MAX_CODES, MAX_SIZE } from '../limits.js';
import { mismatch } from '../mismatch.js';
import type { ActivationTable, InitialState, Model, ModelPass, SparseMatrix } from '../model.js';
import { checkPasses } from '../pass-checks.js';
import { FILE_NAMES, type FileNames, type PassName } from '../pass-names.js';
import { lastInput, slopeBits, type TableScheme, tableOne } from '../table-scheme.js';
import type { WordLengths } from '../words.js';
import { checkTableScheme } from './table-scheme.js';

/**
 * Checks a whole model: passes that can run, sizes that follow from each other, patterns, ranges of every number,
 * exactness. `naming` says what parts are called in errors.
 * @throws UserError MODEL_INVALID (or the code of the part) with the tensor and the two values that disagree.
 */
export function checkModel(model: Model, file?: string, naming: FileNames = FILE_NAMES): void {
  const { words, input, passes, tables } = model;
  checkWordLengths(words, file);
  checkFraction(input.fraction, naming.input.fraction, file);
  checkTableScheme(tables.scheme, file);
  checkPasses(model, naming, file);
  const names = naming.passes(passes);
  passes.forEach((pass, n) => {
    const gates = gatesIn(pass.cell);
    const name = names[n] as PassName;
    pass.operands.forEach(({ matrix }, o) => {
      checkMatrix(matrix, name.operands[o] as string, gates, words.weight, file);
    });
    checkCodes(pass.bias, `${name.pass}.bias`, channelsIn(pass.cell) * pass.rows, words.bias, file);
    if (pass.initial !== undefined) checkInitial(pass.initial, pass, name.pass, words, file);
    checkFraction(pass.biasFraction, `${name.pass}.biasFraction`, file);
    checkValueFraction(pass, `${name.pass}.valueFraction`, file);
    checkRange(pass, `${name.pass}.range`, words, file);
    checkClip(pass, `${name.pass}.clip`, tables.scheme, file);
    if (pass.stateFraction !== null) checkFraction(pass.stateFraction, name.state, file);
  });
  for (const name of TABLE_FUNCTIONS) {
    checkTable(tables[name], tables.scheme, `table.${name}`, file);
  }
  checkExact(model, file);
}

/** Said by passes of those cells that leave it to them, and by no others. */
function checkValueFraction({ cell, valueFraction }: ModelPass, name: string, file?: string): void {
  const own = cellOf(cell).valueFraction === 'own';
  if (own !== (valueFraction !== undefined)) {
    const [number, none] = ['a number', 'none'];
    throw mismatch(name, own ? number : none, own ? none : `${valueFraction}`, file);
  }
  if (valueFraction !== undefined) checkFraction(valueFraction, name, file);
}

/** Codes of the word of the values, the lower one first, of a cell that leaves them to its passes. */
function checkRange(
  { cell, range }: ModelPass,
  name: string,
  { activation }: WordLengths,
  file?: string,
): void {
  if (range === undefined) return;
  const { low, high } = range;
  const { range: allowed } = cellOf(cell);
  if (allowed === null) throw mismatch(name, 'none', `${low}, ${high}`, file);
  if (allowed === 'positive' && low !== 0) throw mismatch(`${name}.low`, 0, low, file);
  const limit = 2 ** (activation - 1);
  const within = [low, high].every(
    (code) => Number.isInteger(code) && code >= -limit && code < limit,
  );
  if (within && low < high) return;
  throw mismatch(
    name,
    `two codes from ${-limit} to ${limit - 1}, the lower first`,
    `${low}, ${high}`,
    file,
  );
}

/** A code above zero of a table input, of a cell whose sums may be clipped there. */
function checkClip(
  { cell, clip }: ModelPass,
  name: string,
  scheme: TableScheme,
  file?: string,
): void {
  if (clip === undefined) return;
  if (cellOf(cell).clips !== true)
    throw mismatch(name, `none, as ${cell} has no sums to clip`, clip, file);
  const most = lastInput(scheme);
  if (Number.isInteger(clip) && clip >= 1 && clip <= most) return;
  throw mismatch(name, `a code from 1 to ${most}`, clip, file);
}

/** Codes of the same words, as many as those that they stand for. */
function checkInitial(
  { bias, state }: InitialState,
  { cell, rows, bias: usual }: ModelPass,
  pass: string,
  words: WordLengths,
  file?: string,
): void {
  const { channels, state: kept } = cellOf(cell);
  checkCodes(bias, `${pass}.initial.bias`, channels.length * rows, words.bias, file);
  for (const [n, { operands, name: channel }] of channels.entries()) {
    if (operands !== 'none') continue;
    const row = usual.subarray(n * rows, (n + 1) * rows).findIndex((code, k) => {
      return code !== bias[n * rows + k];
    });
    if (row < 0) continue;
    const at = n * rows + row;
    const what = `${pass}.initial.bias`;
    const expected = `${usual[at]} for ${channel} of row ${row}, the same in every frame`;
    throw mismatch(what, expected, `${bias[at]}`, file);
  }
  const name = `${pass}.initial.state`;
  if ((state === null) !== (kept === null)) {
    const [none, codes] = ['null', `${rows} codes`];
    throw mismatch(name, kept === null ? none : codes, state === null ? none : codes, file);
  }
  if (state !== null) checkCodes(state, name, rows, words.cell, file);
}

function checkMatrix(
  matrix: SparseMatrix,
  name: string,
  gates: number,
  bits: number,
  file?: string,
): void {
  const { rows, columns } = matrix;
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
  // by index: with an iterator this loop takes two thirds of the time of reading a large model
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    if (code < -limit || code >= limit) {
      throw mismatch(name, `codes from ${-limit} to ${limit - 1}`, code, file);
    }
  }
}

function checkTable(
  table: ActivationTable,
  scheme: TableScheme,
  name: string,
  file?: string,
): void {
  const [one, most] = [tableOne(scheme), 2 ** slopeBits(scheme) - 1];
  const { y0, slope } = table;
  for (const part of ['y0', 'slope'] as const) {
    const { length } = table[part];
    if (length !== scheme.segments) {
      throw mismatch(`${name}.${part}`, `${scheme.segments} segments`, length, file);
    }
  }
  y0.forEach((value, k) => {
    if (value < 0 || value > one) {
      throw mismatch(`${name}.y0`, `0 to ${one} at ${k}`, value, file);
    }
    const step = slope[k] as number;
    if (step < 0 || step > most || value + step > one) {
      throw mismatch(`${name}.slope`, `0 to ${Math.min(most, one - value)} at ${k}`, step, file);
    }
    const next = y0[k + 1];
    if (next !== undefined && next !== value + step) {
      throw mismatch(`${name}.y0`, `${value + step} at ${k + 1}`, next, file);
    }
  });
}
