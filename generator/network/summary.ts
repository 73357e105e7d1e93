import { patternKind } from '../sparsity/kind-of.js';
import type { Pattern, PatternFacts } from '../sparsity/registry.js';
import { GATES, type Model, type SparseMatrix, type WordLengths } from './model.js';
import { programOf } from './program.js';

/** Sizes of one matrix, all gates together. */
export interface MatrixFigures {
  /** Of one gate. */
  readonly rows: number;
  readonly columns: number;
  readonly sharing: SparseMatrix['sharing'];
  readonly exponent: number;
  /** Positions, dense. */
  readonly weights: number;
  /** Kept positions without padding and without fill. */
  readonly kept: number;
  /** Kept positions, padding and fill included. */
  readonly stored: number;
  /** Positions added only to complete the pattern. */
  readonly filled: number;
  /** Index lists as they stand in the file, ceil(log2) bits for each entry. */
  readonly indexBits: number;
}

/** The same with sizes and counts of the pattern, in the fields of its kind. */
export type MatrixSummary = MatrixFigures & PatternFacts;

/** What is in a model, without its numbers. */
export interface ModelSummary {
  readonly inputs: number;
  readonly outputs: number;
  readonly words: WordLengths;
  readonly inputFraction: number;
  readonly layers: readonly {
    readonly inputs: number;
    readonly cells: number;
    readonly biasFraction: number;
    readonly cellFraction: number;
    readonly x: MatrixSummary;
    readonly h: MatrixSummary;
  }[];
  readonly output: {
    readonly inputs: number;
    readonly outputs: number;
    readonly exponent: number;
    readonly biasFraction: number;
  } | null;
  /** Weights of recurrent layers, dense and kept. */
  readonly weights: number;
  readonly keptWeights: number;
  readonly provenance: Readonly<Record<string, string>>;
}

export function modelSummary(model: Model): ModelSummary {
  const { words, inputFraction, output, provenance } = model;
  const program = programOf(model);
  const layers = model.layers.map(({ inputs, cells, biasFraction, cellFraction, x, h }) => ({
    inputs,
    cells,
    biasFraction,
    cellFraction,
    x: matrixSummary(x, GATES.length),
    h: matrixSummary(h, GATES.length),
  }));
  const total = (key: 'weights' | 'kept') =>
    layers.reduce((sum, { x, h }) => sum + x[key] + h[key], 0);
  return {
    inputs: program.input.length,
    outputs: program.output.length,
    words,
    inputFraction,
    layers,
    output: output && {
      inputs: output.inputs,
      outputs: output.outputs,
      exponent: output.weights.exponent,
      biasFraction: output.biasFraction,
    },
    weights: total('weights'),
    keptWeights: total('kept'),
    provenance,
  };
}

/** Counts of a matrix whose `gates` gates share one pattern or have one each. */
export function matrixSummary(matrix: SparseMatrix, gates: number): MatrixSummary {
  const { rows, columns, sharing, exponent, patterns } = matrix;
  const pattern = patterns[0] as Pattern;
  const { counts, report } = patternKind(pattern);
  const copies = gates / patterns.length;
  const total = (count: (pattern: Pattern) => number) =>
    patterns.reduce((sum, own) => sum + count(own), 0);
  return {
    rows,
    columns,
    sharing,
    ...report.facts(pattern),
    exponent,
    weights: gates * rows * columns,
    kept: copies * total(counts.kept),
    stored: copies * total(counts.stored),
    filled: copies * total(counts.filled),
    indexBits: total(counts.indexBits),
  };
}

/** The pattern of a matrix in words, e.g. `blocks 16,4 keep 1,2` or `dense`. */
export function patternText({ patterns }: Pick<SparseMatrix, 'patterns'>): string {
  const pattern = patterns[0] as Pattern;
  return patternKind(pattern).report.text(pattern);
}

/** Whether a matrix keeps every weight. */
export function isDense({ patterns }: Pick<SparseMatrix, 'patterns'>): boolean {
  const pattern = patterns[0] as Pattern;
  return patternKind(pattern).isDense(pattern);
}
