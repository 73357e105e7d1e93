import { indexBits, keptPositions, storedPositions } from '../sparsity/hcgs/count.js';
import { GATES, type Model, type SparseMatrix, type WordLengths } from './model.js';
import { programOf } from './program.js';

/** Sizes and pattern of one matrix, all gates together. */
export interface MatrixSummary {
  /** Of one gate. */
  readonly rows: number;
  readonly columns: number;
  readonly sharing: SparseMatrix['sharing'];
  readonly blocks: readonly number[];
  readonly keep: readonly number[];
  readonly exponent: number;
  /** Positions, dense. */
  readonly weights: number;
  /** Positions of kept blocks without padding and without fill. */
  readonly kept: number;
  /** Positions of kept blocks, padding and fill included. */
  readonly stored: number;
  /** Positions of zero blocks added to balance the pattern. */
  readonly filled: number;
  /** Index lists as they stand in the file, ceil(log2) bits for each entry. */
  readonly indexBits: number;
}

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
  /** LSTM weights, dense and kept. */
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
  const copies = gates / patterns.length;
  const total = (count: (pattern: SparseMatrix['patterns'][number]) => number) =>
    patterns.reduce((sum, pattern) => sum + count(pattern), 0);
  return {
    rows,
    columns,
    sharing,
    blocks: patterns[0]?.blocks ?? [],
    keep: patterns[0]?.keep ?? [],
    exponent,
    weights: gates * rows * columns,
    kept: copies * total(keptPositions),
    stored: copies * total(storedPositions),
    filled: copies * total((pattern) => pattern.filledPositions ?? 0),
    indexBits: total(indexBits),
  };
}
