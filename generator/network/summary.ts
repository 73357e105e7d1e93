import { patternKind } from '../sparsity/kind-of.js';
import type { Pattern, PatternFacts } from '../sparsity/registry.js';
import { type CellKind, cellOf } from './cells/registry.js';
import { type Direction, directionsOf } from './directions.js';
import type { Model, SparseMatrix, TableScheme, WordLengths } from './model.js';
import { layersOf, outputPassOf, programOf } from './program.js';

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

/** A layer: a pass that writes values. */
export interface LayerSummary extends Direction {
  readonly cell: CellKind;
  readonly inputs: number;
  readonly cells: number;
  readonly biasFraction: number;
  /** Null where the cell has no state. */
  readonly cellFraction: number | null;
  /** Fraction bits of what it writes. */
  readonly valueFraction: number;
  /** Whether an utterance starts with more than zeros. */
  readonly initialState: boolean;
  /** Whether what it makes of a frame stands at that frame; otherwise in the order in which it is made. */
  readonly aligned: boolean;
  readonly x: MatrixSummary;
  /** Null in a layer of one operand. */
  readonly h: MatrixSummary | null;
}

/** What is in a model, without its numbers. */
export interface ModelSummary {
  readonly inputs: number;
  readonly outputs: number;
  readonly words: WordLengths;
  readonly inputFraction: number;
  readonly tables: TableScheme;
  readonly layers: readonly LayerSummary[];
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
  const { words, provenance, tables } = model;
  const program = programOf(model);
  const directions = directionsOf(program.passes);
  const layers = layersOf(program).map((pass) => {
    const { cell, rows, operands, biasFraction, stateFraction, initial } = pass;
    const gates = cellOf(cell).gates.length;
    const [x, h] = operands;
    return {
      cell,
      inputs: x.matrix.columns,
      cells: rows,
      biasFraction,
      cellFraction: stateFraction,
      valueFraction: pass.writes.fraction,
      initialState: initial !== undefined,
      ...(directions[pass.index] as Direction),
      aligned: pass.aligned !== false,
      x: matrixSummary(x.matrix, gates),
      h: h === undefined ? null : matrixSummary(h.matrix, gates),
    };
  });
  const output = outputPassOf(program);
  const total = (key: 'weights' | 'kept') =>
    layers.reduce((sum, { x, h }) => sum + x[key] + (h?.[key] ?? 0), 0);
  return {
    inputs: program.input.length,
    outputs: program.output.length,
    words,
    inputFraction: program.input.fraction,
    tables: tables.scheme,
    layers,
    output: output && {
      inputs: output.operands[0].matrix.columns,
      outputs: output.rows,
      exponent: output.operands[0].matrix.exponent,
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
  return patterns.every((pattern) => patternKind(pattern).isDense(pattern));
}
