import { alignSums, type SumAlignment } from './arithmetic.js';
import { CELLS, type CellKind } from './cells/registry.js';
import type { Model, SparseMatrix, WordLengths } from './model.js';

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

/** What a pass multiplies: a matrix of all its gates by a vector. */
export interface Operand {
  readonly vector: Vector;
  /** Frames that the vector is old: 0, or 1 for what a pass reads of the frame before. */
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
  /** Codes, [gate][row]. */
  readonly bias: Int32Array;
  readonly biasFraction: number;
  /** How its sums meet. */
  readonly align: SumAlignment;
  /** Fraction bits of the state; null where the cell has none. */
  readonly stateFraction: number | null;
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

/** The program of a model, worked out once for each. */
export function programOf(model: Model): Program {
  const own = known.get(model) ?? build(model);
  known.set(model, own);
  return own;
}

/** What a pass is made of before its place and its sums are known. */
type Step = Pick<Pass, 'cell' | 'rows' | 'bias' | 'biasFraction' | 'stateFraction'> & {
  readonly name: string;
  readonly x: SparseMatrix;
  /** On the vector that the pass wrote a frame ago. */
  readonly h: SparseMatrix | null;
};

function stepsOf({ layers, output }: Model): readonly Step[] {
  const recurrent = layers.map(
    (layer, l): Step => ({
      ...{ name: `h of layer ${l}`, cell: layer.kind, rows: layer.cells },
      ...{ x: layer.x, h: layer.h },
      ...{ bias: layer.bias, biasFraction: layer.biasFraction },
      stateFraction: layer.cellFraction,
    }),
  );
  if (output === null) return recurrent;
  const { outputs: rows, weights: x, bias, biasFraction } = output;
  const name = 'the output';
  return [
    ...recurrent,
    { name, cell: 'dense', rows, x, h: null, bias, biasFraction, stateFraction: null },
  ];
}

function build(model: Model): Program {
  const { words, inputFraction, layers } = model;
  const input = {
    id: 0,
    name: 'the input',
    length: layers[0]?.inputs ?? 0,
    fraction: inputFraction,
  };
  const passes: Pass[] = [];
  for (const { name, x, h, ...step } of stepsOf(model)) {
    const index = passes.length;
    const below: Vector = passes.at(-1)?.writes ?? input;
    const own = CELLS[step.cell].valueFraction(words);
    const align = alignSums({
      x: below.fraction + x.exponent,
      h: h === null ? null : (own ?? 0) + h.exponent,
      bias: step.biasFraction,
    });
    const writes = { id: index + 1, name, length: step.rows, fraction: own ?? align.fraction };
    const first: Operand = { vector: below, age: 0, matrix: x };
    const operands =
      h === null ? ([first] as const) : ([first, { vector: writes, age: 1, matrix: h }] as const);
    passes.push({ ...step, index, operands, align, writes });
  }
  return { words, input, passes, output: passes.at(-1)?.writes ?? input };
}
