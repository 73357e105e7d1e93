import { CELL_KINDS, cellOf } from './cells/registry.js';
import { checkDirections } from './loops.js';
import { mismatch } from './mismatch.js';
import type { ModelPass } from './model.js';
import { FILE_NAMES, type FileNames, type PassName } from './pass-names.js';

/** What the checks look at: a model, or what a file says of one before its tensors are read. */
export interface Shape {
  readonly input: { readonly length: number };
  readonly passes: readonly PassShape[];
}

interface PassShape
  extends Pick<ModelPass, 'cell' | 'rows' | 'stateFraction' | 'direction' | 'aligned'> {
  readonly operands: readonly OperandShape[];
  /** Whether an utterance starts with more than zeros. */
  readonly initial?: unknown;
}

interface OperandShape {
  readonly vectors: readonly number[];
  readonly age: 0 | 1;
  readonly matrix: { readonly rows: number; readonly columns: number };
}

/**
 * Checks that the passes of a model can run one after the other: what each cell needs, vectors that are there when
 * they are read, sizes that follow from each other, and nothing that is computed for nobody.
 * @throws UserError MODEL_INVALID with the part of the pass and the two values that disagree.
 */
export function checkPasses(model: Shape, naming: FileNames = FILE_NAMES, file?: string): void {
  const { input, passes } = model;
  if (passes.length === 0) throw mismatch('passes', 'at least 1', 0, file);
  if (!Number.isSafeInteger(input.length) || input.length < 1) {
    throw mismatch(naming.input.length, 'at least 1', input.length, file);
  }
  const names = naming.passes(passes);
  const read = new Set<number>();
  passes.forEach((pass, n) => {
    const cell = cellOf(pass.cell);
    const name = names[n] as PassName;
    const { operands, rows, stateFraction } = pass;
    if (!Number.isSafeInteger(rows) || rows < 1) {
      throw mismatch(`${name.pass}.rows`, 'at least 1', rows, file);
    }
    if (operands.length !== cell.operands) {
      throw mismatch(`${name.pass}.operands`, cell.operands, operands.length, file);
    }
    if ((stateFraction === null) !== (cell.state === null)) {
      const expected = cell.state === null ? 'null' : 'a number';
      throw mismatch(name.state, expected, String(stateFraction), file);
    }
    if (
      pass.initial !== undefined &&
      cell.state === null &&
      operands.every(({ age }) => age === 0)
    ) {
      const expected = 'none, as the pass keeps nothing from frame to frame';
      throw mismatch(`${name.pass}.initial`, expected, 'an initial state', file);
    }
    checkPair(passes, n, name.pass, file);
    operands.forEach((operand, o) => {
      checkOperand(model, n, operand, name.operands[o] as string, file);
      for (const vector of operand.vectors) if (vector !== n + 1) read.add(vector);
    });
  });
  checkDirections(
    passes,
    names.map(({ pass }) => pass),
    file,
  );
  for (let vector = 0; vector < passes.length; vector++) {
    if (read.has(vector)) continue;
    const name = vector === 0 ? 'input' : (names[vector - 1] as PassName).pass;
    throw mismatch(name, 'a pass that reads it', 'none', file);
  }
}

/** Passes that need each other stand side by side, as many rows each, and read each other. */
function checkPair(
  passes: readonly PassShape[],
  n: number,
  name: string,
  file: string | undefined,
): void {
  const [before, own, next] = [passes[n - 1], passes[n] as PassShape, passes[n + 1]];
  const { behind } = cellOf(own.cell);
  if (behind !== undefined) {
    if (before?.cell !== behind) {
      throw mismatch(`pass before ${name}`, behind, before?.cell ?? 'none', file);
    }
    if (before.rows !== own.rows) throw mismatch(`${name}.rows`, before.rows, own.rows, file);
    const [written, read] = [own.operands[1], before.operands[1]];
    if (!isAlone(written, n, 0)) {
      throw mismatch(`${name}.h.vector`, `${n}, of age 0`, `${written?.vectors}`, file);
    }
    if (!isAlone(read, n + 1, 1)) {
      const expected = `${n + 1}, of age 1`;
      throw mismatch(`h of the pass before ${name}`, expected, `${read?.vectors}`, file);
    }
  }
  const follower = CELL_KINDS.find((kind) => cellOf(kind).behind === own.cell);
  if (follower !== undefined && next?.cell !== follower) {
    throw mismatch(`pass behind ${name}`, follower, next?.cell ?? 'none', file);
  }
}

/** Whether an operand reads that vector and no other. */
function isAlone(operand: OperandShape | undefined, vector: number, age: 0 | 1): boolean {
  if (operand === undefined) return false;
  return operand.vectors.length === 1 && operand.vectors[0] === vector && operand.age === age;
}

function checkOperand(
  { input, passes }: Shape,
  n: number,
  { vectors, age, matrix }: OperandShape,
  name: string,
  file?: string,
): void {
  // of this step: written by now; of the step before: not written again yet
  const [least, most] = age === 0 ? [0, n] : [n + 1, passes.length];
  let length = 0;
  for (const [i, vector] of vectors.entries()) {
    const writer = passes[vector - 1];
    if (!Number.isSafeInteger(vector) || vector < least || vector > most) {
      const expected = `${least} to ${most}, for age ${age}`;
      throw mismatch(`${name}.vector`, expected, vector, file);
    }
    const before = vectors[i - 1];
    if (before !== undefined && before >= vector) {
      throw mismatch(`${name}.vector`, `above ${before}, as they ascend`, vector, file);
    }
    if (writer !== undefined && cellOf(writer.cell).leaves === 'sums') {
      const got = `exact sums of pass ${vector - 1}`;
      throw mismatch(`${name}.vector`, 'a vector of rounded values', got, file);
    }
    length += writer?.rows ?? input.length;
  }
  const rows = (passes[n] as PassShape).rows;
  if (matrix.rows !== rows) throw mismatch(`${name}.rows`, rows, matrix.rows, file);
  if (matrix.columns !== length) throw mismatch(`${name}.columns`, length, matrix.columns, file);
}
