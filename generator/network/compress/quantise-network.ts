import { unexpected } from '../../base/errors.js';
import type { Steps } from '../../base/steps.js';
import { densePattern } from '../../sparsity/dense.js';
import { FLOAT_CELLS } from '../cells/registry.js';
import { checkModel } from '../compressed/check.js';
import { type FloatLayer, type FloatTensor, inputsOf } from '../float/model.js';
import type { FixedPoint } from '../frames.js';
import type { Model, SparseMatrix, WordLengths } from '../model.js';
import { type StackLayer, stackedPasses } from '../stack.js';
import { tablesFor } from '../tables.js';
import { checkFormats, type FormatChoices } from './formats.js';
import type { MatrixFit } from './patterns.js';
import type { Prepared } from './prepare.js';
import {
  exponentOf,
  fractionHolding,
  quantise,
  rangeFraction,
  type TensorReport,
} from './quantise.js';

export interface QuantiseOptions {
  readonly words: WordLengths;
  /** Fraction bits of a value of the activation tables, 12 (default) to 16. */
  readonly tableBits?: number | undefined;
  readonly formats?: FormatChoices;
  readonly provenance: Readonly<Record<string, string>>;
  /** Name of the network's file in errors. */
  readonly file: string;
}

export interface Quantised {
  readonly model: Model;
  /** Input frames first, then weights and biases in file order. */
  readonly tensors: readonly TensorReport[];
}

/**
 * The prepared network in the given words, matrix by matrix.
 * @throws UserError FORMAT_LAYERS, QUANTISE_RANGE, or as `checkModel`.
 */
export function* quantiseSteps(
  { source, fits, calibration }: Prepared,
  { words, tableBits, formats = {}, provenance, file }: QuantiseOptions,
): Steps<Quantised> {
  checkFormats(formats, source, file);
  const tensors: TensorReport[] = [];
  const coded = ({ name, values }: FloatTensor, format: FixedPoint) => {
    const { codes, report } = quantise(name, values, format);
    tensors.push(report);
    return codes;
  };
  const weights = (tensor: FloatTensor, size: Size, fit: Fit, given: number | undefined) => {
    const exponent = given ?? exponentOf(tensor.values, words.weight, formats.weightRange);
    const codes = coded(tensor, { bits: words.weight, fraction: exponent });
    const { sharing, patterns } = fit;
    return { ...size, sharing, patterns, exponent, codes: Int16Array.from(codes) };
  };
  const biases = (tensor: FloatTensor, given: number | undefined) => {
    const biasFraction = given ?? fractionHolding(tensor.values, words.bias);
    return { bias: coded(tensor, { bits: words.bias, fraction: biasFraction }), biasFraction };
  };
  const { x, cells: seen, frames } = calibration;
  const inputFraction = formats.inputFraction ?? rangeFraction(x, words.activation, formats.range);
  coded({ name: 'x', values: frames.values }, { bits: words.activation, fraction: inputFraction });
  const layers: StackLayer[] = [];
  for (const [l, layer] of source.layers.entries()) {
    yield;
    refuseInitialState(layer, file);
    const { inputs, cells } = layer;
    const given = formats.layers?.[l] ?? {};
    const fit = fits[l] as (typeof fits)[number];
    const c = seen[l] as (typeof seen)[number];
    layers.push({
      cell: FLOAT_CELLS.layer,
      rows: cells,
      x: weights(layer.x, { rows: cells, columns: inputs }, fit.x, given.xExponent),
      h: weights(layer.h, { rows: cells, columns: cells }, fit.h, given.hExponent),
      ...biases(layer.bias, given.biasFraction),
      stateFraction: given.cellFraction ?? rangeFraction(c, words.cell, formats.range),
    });
  }
  if (source.output !== null) {
    yield;
    const { inputs, outputs, weights: matrix, bias } = source.output;
    const size = { rows: outputs, columns: inputs };
    const given = formats.output ?? {};
    layers.push({
      cell: FLOAT_CELLS.output,
      rows: outputs,
      x: weights(matrix, size, denseFit(size), given.exponent),
      h: null,
      ...biases(bias, given.biasFraction),
      stateFraction: null,
    });
  }
  const input = { length: inputsOf(source), fraction: inputFraction };
  const passes = stackedPasses(layers);
  const model: Model = { words, input, passes, tables: tablesFor(tableBits), provenance };
  checkModel(model, file);
  return { model, tensors };
}

function refuseInitialState({ initial }: FloatLayer, file: string): void {
  if (initial === undefined) return;
  const [expected, got] = ['utterances that start from zeros', 'a learned initial state'];
  throw unexpected({ code: 'INITIAL_STATE', file, field: initial.h.name, expected, got });
}

type Size = Pick<SparseMatrix, 'rows' | 'columns'>;
type Fit = Pick<MatrixFit, 'sharing' | 'patterns'>;

function denseFit(size: Size): Fit {
  return { sharing: 'shared', patterns: [densePattern(size)] };
}
