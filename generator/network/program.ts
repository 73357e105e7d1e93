import { alignSums, type SumAlignment } from './arithmetic.js';
import type { SumRounding } from './cells/cell.js';
import { type CellKind, cellOf } from './cells/registry.js';
import { mismatch } from './mismatch.js';
import type {
  InitialState,
  Model,
  ModelPass,
  SparseMatrix,
  ValueRange,
  WordLengths,
} from './model.js';
import { checkPasses } from './pass-checks.js';

/** Values of one frame: the input, or what a pass writes. */
export interface Vector {
  /** 0 is the input, n + 1 is what pass n writes. */
  readonly id: number;
  /** As messages call it. */
  readonly name: string;
  readonly length: number;
  /** Fraction bits of its values. */
  readonly fraction: number;
}

/** What a pass multiplies: a matrix of all its gates by a vector, or by several side by side, of one binary point. */
export interface Operand {
  readonly vectors: readonly [Vector, ...Vector[]];
  /** Steps that the vectors are old: 0, or 1 for what a pass reads of the step before. */
  readonly age: 0 | 1;
  readonly matrix: SparseMatrix;
}

/** One or two products of a matrix and a vector, a cell for each row, one vector written. */
export interface Pass {
  /** Place in the order of execution. */
  readonly index: number;
  readonly cell: CellKind;
  /** Rows of each gate. */
  readonly rows: number;
  /** x, and where there is a second one, h. */
  readonly operands: readonly [x: Operand] | readonly [x: Operand, h: Operand];
  /** Codes, [channel][row]. */
  readonly bias: Int32Array;
  readonly biasFraction: number;
  /** How its sums meet. */
  readonly align: SumAlignment;
  /** Where they are rounded to; null: they stay exact. */
  readonly rounding: SumRounding | null;
  /** Fraction bits of the state; null where the cell has none. */
  readonly stateFraction: number | null;
  /** Codes of its values. */
  readonly range: ValueRange;
  /** Largest magnitude of its table inputs, as a code; absent: all that one holds. */
  readonly clip?: number | undefined;
  /** What an utterance starts with; absent: zeros. */
  readonly initial?: InitialState | undefined;
  /** It begins with the last frame of an utterance; absent: with the first one. */
  readonly direction?: 'backward' | undefined;
  /** What a step makes stands at the place of that step, not of its frame; absent: at its frame. */
  readonly aligned?: false | undefined;
  readonly writes: Vector;
}

/** What is computed in a frame, pass by pass; the last one writes the output. */
export interface Program {
  readonly words: WordLengths;
  readonly input: Vector;
  readonly passes: readonly Pass[];
  readonly output: Vector;
}

const known = new WeakMap<Model, Program>();

/** The program of a model, worked out once for each. @throws UserError as `checkPasses`, or where vectors side by side have several binary points. */
export function programOf(model: Model): Program {
  const own = known.get(model) ?? build(model);
  known.set(model, own);
  return own;
}

/** @throws UserError as `checkPasses`. */
function build(model: Model): Program {
  checkPasses(model);
  const { words, passes, tables } = model;
  const input: Vector = { id: 0, name: 'the input', ...model.input };
  // what other passes read has a binary point of its own; exact sums get that of their alignment
  const vectors = [input, ...passes.map((_, index) => written(words, passes, index))];
  const built = passes.map(({ operands, ...pass }, index): Pass => {
    const read = operands.map(({ vectors: numbers, age, matrix }): Operand => {
      const [first, ...others] = numbers.map((number) => vectors[number] as Vector);
      return { vectors: [first as Vector, ...others], age, matrix };
    }) as [Operand] | [Operand, Operand];
    checkPoints(read, index);
    const cell = cellOf(pass.cell);
    const { fraction } = vectors[index + 1] as Vector;
    const rounding = cell.rounding(tables.scheme, fraction);
    const align = alignment(pass, read, rounding);
    if (cell.leaves === 'sums') {
      vectors[index + 1] = { ...(vectors[index + 1] as Vector), fraction: align.fraction };
    }
    return {
      ...pass,
      index,
      operands: read,
      align,
      rounding,
      range: rangeOf(pass, words),
      writes: vectors[index + 1] as Vector,
    };
  });
  return { words, input, passes: built, output: vectors.at(-1) as Vector };
}

/** The passes that write values, in order: the layers of a network, an output layer of exact sums left out. */
export function layersOf({ passes }: Pick<Program, 'passes'>): readonly Pass[] {
  return passes.filter(({ cell }) => cellOf(cell).leaves === 'values');
}

/** The pass at the end whose exact sums leave the hardware, or null. */
export function outputPassOf({ passes }: Pick<Program, 'passes'>): Pass | null {
  const last = passes.at(-1);
  return last !== undefined && cellOf(last.cell).leaves === 'sums' ? last : null;
}

/** What a pass writes; the binary point of exact sums is not known yet. */
function written(words: WordLengths, passes: readonly ModelPass[], index: number): Vector {
  const { cell, rows, valueFraction } = passes[index] as ModelPass;
  const { value } = cellOf(cell);
  const name = value === null ? 'the output' : `${value} of layer ${index}`;
  const own = cellOf(cell).valueFraction;
  const fraction =
    (typeof own === 'function' ? own(words, statePointOf(passes, index)) : valueFraction) ?? 0;
  return { id: index + 1, name, length: rows, fraction };
}

/** Fraction bits of the state that a pass keeps, or reads of the pass behind it; null where there is none. */
export function statePointOf(
  passes: readonly Pick<ModelPass, 'cell' | 'stateFraction'>[],
  index: number,
): number | null {
  const [own, next] = [passes[index], passes[index + 1]];
  const reads = next !== undefined && cellOf(next.cell).behind === own?.cell;
  return (reads ? next.stateFraction : own?.stateFraction) ?? null;
}

/** The codes of the values of a pass. */
function rangeOf(
  { cell, range }: Pick<ModelPass, 'cell' | 'range'>,
  { activation }: WordLengths,
): ValueRange {
  const limit = 2 ** (activation - 1);
  const low = cellOf(cell).range === 'positive' ? 0 : -limit;
  return range ?? { low, high: limit - 1 };
}

/** @throws UserError MODEL_INVALID where vectors side by side have binary points that differ: their sum would not be one. */
function checkPoints(operands: readonly Operand[], index: number): void {
  operands.forEach(({ vectors: [first, ...others] }, o) => {
    const odd = others.find(({ fraction }) => fraction !== first.fraction);
    if (odd === undefined) return;
    const field = `pass.${index}.${o === 0 ? 'x' : 'h'}`;
    const expected = `${first.fraction} fraction bits of ${odd.name}, those of ${first.name}`;
    throw mismatch(field, expected, odd.fraction);
  });
}

function alignment(
  { biasFraction: bias }: Pick<ModelPass, 'biasFraction'>,
  operands: readonly Operand[],
  rounding: SumRounding | null,
): SumAlignment {
  const [x, h = null] = operands.map(
    ({ vectors: [{ fraction }], matrix }) => fraction + matrix.exponent,
  );
  return alignSums({ x: x as number, h, bias }, rounding?.least ?? null);
}
