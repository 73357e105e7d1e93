import { atOnce, type Steps } from '../../base/steps.js';
import { keptPositions } from '../../sparsity/count.js';
import { checkModel } from '../compressed/check.js';
import type { FloatModel, FloatOutput, FloatTensor } from '../float/model.js';
import type { RealFrames } from '../float/run.js';
import type { FixedPoint } from '../frames.js';
import type { LstmLayer, Model, OutputLayer, SparseMatrix, WordLengths } from '../model.js';
import { DEFAULT_SIGMOID, DEFAULT_TANH } from '../tables.js';
import { cellRanges } from './calibrate.js';
import { type MatrixFit, type PatternRequest, patternsOf } from './patterns.js';
import { fractionHolding, quantise, type TensorReport, weightExponent } from './quantise.js';

/** What happened to the pattern of one matrix. */
export interface PatternReport {
  readonly name: string;
  readonly sharing: SparseMatrix['sharing'];
  readonly blocks: readonly number[];
  readonly keep: readonly number[];
  /** Kept weights of all gates: positions of kept blocks, without padding and fill. */
  readonly kept: number;
  readonly weights: number;
  /** Zero blocks added by level. */
  readonly filledBlocks: readonly number[];
}

export interface Compressed {
  readonly model: Model;
  readonly patterns: readonly PatternReport[];
  /** Input frames first, then weights and biases in file order. */
  readonly tensors: readonly TensorReport[];
}

export interface CompressOptions extends PatternRequest {
  readonly words: WordLengths;
  readonly frames: RealFrames;
  readonly provenance: Readonly<Record<string, string>>;
  /** Name of the network's file in errors. */
  readonly file: string;
  readonly tick?: (done: number, total: number) => void;
}

/** Finds the pattern, calibrates the formats and quantises. @throws UserError */
export function compress(source: FloatModel, options: CompressOptions): Compressed {
  return atOnce(compressSteps(source, options));
}

/** The same, matrix by matrix and frame by frame. */
export function* compressSteps(source: FloatModel, options: CompressOptions): Steps<Compressed> {
  const { words, frames, file } = options;
  const fits = yield* patternsOf(source, options, file);
  const ranges = yield* cellRanges(source, frames, options.tick);
  const tensors: TensorReport[] = [];
  const coded = ({ name, values }: FloatTensor, format: FixedPoint) => {
    const { codes, report } = quantise(name, values, format);
    tensors.push(report);
    return codes;
  };
  const inputFraction = fractionHolding(frames.values, words.activation);
  coded({ name: 'x', values: frames.values }, { bits: words.activation, fraction: inputFraction });
  const weights = (
    tensor: FloatTensor,
    size: Size,
    fit: Pick<MatrixFit, 'sharing' | 'patterns'>,
  ) => {
    const exponent = weightExponent(tensor.values, words.weight);
    const codes = coded(tensor, { bits: words.weight, fraction: exponent });
    const { sharing, patterns } = fit;
    return { ...size, sharing, patterns, exponent, codes: Int16Array.from(codes) };
  };
  const biases = (tensor: FloatTensor) => {
    const biasFraction = fractionHolding(tensor.values, words.bias);
    return { bias: coded(tensor, { bits: words.bias, fraction: biasFraction }), biasFraction };
  };
  const layers: LstmLayer[] = [];
  for (const [l, layer] of source.layers.entries()) {
    yield;
    const { inputs, cells } = layer;
    const { low, high } = ranges[l] ?? { low: 0, high: 0 };
    layers.push({
      kind: 'lstm',
      inputs,
      cells,
      x: weights(layer.x, { rows: cells, columns: inputs }, fits[2 * l] as MatrixFit),
      h: weights(layer.h, { rows: cells, columns: cells }, fits[2 * l + 1] as MatrixFit),
      ...biases(layer.bias),
      cellFraction: fractionHolding([low, high], words.cell),
    });
  }
  const quantiseOutput = (output: FloatOutput): OutputLayer => {
    const { inputs, outputs } = output;
    const size = { rows: outputs, columns: inputs };
    const dense = { kind: 'hcgs', ...size, blocks: [], keep: [], indices: [] } as const;
    const fit = { sharing: 'shared', patterns: [dense] } as const;
    return {
      kind: 'output',
      inputs,
      outputs,
      weights: weights(output.weights, size, fit),
      ...biases(output.bias),
    };
  };
  const model: Model = {
    words,
    inputFraction,
    layers,
    output: source.output && quantiseOutput(source.output),
    sigmoid: DEFAULT_SIGMOID,
    tanh: DEFAULT_TANH,
    provenance: options.provenance,
  };
  checkModel(model, file);
  return { model, patterns: fits.map(patternReport), tensors };
}

type Size = Pick<SparseMatrix, 'rows' | 'columns'>;

function patternReport({ name, sharing, patterns, filledBlocks }: MatrixFit): PatternReport {
  const gates = 4;
  const copies = gates / patterns.length;
  const kept = patterns.reduce((sum, pattern) => sum + copies * keptPositions(pattern), 0);
  const { blocks = [], keep = [], rows = 0, columns = 0 } = patterns[0] ?? {};
  return { name, sharing, blocks, keep, kept, weights: gates * rows * columns, filledBlocks };
}
