import { unexpected } from '../../base/errors.js';
import type { Steps } from '../../base/steps.js';
import { densePattern } from '../../sparsity/dense.js';
import { CELLS, OUTPUT_CELL } from '../cells/registry.js';
import { checkModel } from '../compressed/check.js';
import {
  type FloatLayer,
  type FloatMatrix,
  type FloatTensor,
  hiddenOf,
  inputsOf,
  isIdentity,
  sourcesOf,
} from '../float/model.js';
import { type FixedPoint, roundToCode } from '../frames.js';
import type { Model, SparseMatrix, ValueRange, WordLengths } from '../model.js';
import { resetBefore } from '../reset-before.js';
import { type StackLayer, stackedPasses } from '../stack.js';
import { lastInput, type TableScheme } from '../table-scheme.js';
import { tablesFor } from '../tables.js';
import type { Distribution } from './distribution.js';
import { checkFormats, type FormatChoices } from './formats.js';
import { firstBias, startsFromZeros } from './initial-state.js';
import type { MatrixFit } from './patterns.js';
import type { Prepared } from './prepare.js';
import {
  exponentOf,
  fractionHolding,
  quantise,
  quantiseInto,
  rangeFraction,
  type TensorReport,
} from './quantise.js';
import { valuePoints } from './value-points.js';

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
  /** Input frames first, then weights and biases in file order, an initial state behind the bias of its layer. */
  readonly tensors: readonly TensorReport[];
}

/**
 * The prepared network in the given words, matrix by matrix.
 * @throws UserError FORMAT_LAYERS, QUANTISE_RANGE, or as `valuePoints` and `checkModel`.
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
  const weights = (tensor: FloatMatrix, size: Size, fit: Fit, given: number | undefined) => {
    const exponent = given ?? exponentOf(tensor.values, words.weight, formats.weightRange);
    const codes = new Int16Array(tensor.values.length);
    const format = { bits: words.weight, fraction: exponent };
    tensors.push(quantiseInto(codes, tensor.name, tensor.values, format));
    const { sharing, patterns } = fit;
    return { ...size, sharing, patterns, exponent, codes };
  };
  // one format for the bias and, where there is one, that of the first frame
  const biases = (tensors: readonly FloatTensor[], given: number | undefined) => {
    const all = tensors.flatMap(({ values }) => [...values]);
    const biasFraction = given ?? fractionHolding(all, words.bias);
    const format = { bits: words.bias, fraction: biasFraction };
    const [bias, first] = tensors.map((tensor) => coded(tensor, format));
    return { bias: bias as Int32Array, first, biasFraction };
  };
  const { x, cells: seen, frames } = calibration;
  const inputFraction = formats.inputFraction ?? rangeFraction(x, words.activation, formats.range);
  coded({ name: 'x', values: frames.values }, { bits: words.activation, fraction: inputFraction });
  const tables = tablesFor(tableBits, source.functions);
  const { scheme } = tables;
  const layers: StackLayer[] = [];
  /** Number of the vector that each layer writes; that of the frame stands at -1. */
  const written = new Map([[-1, 0]]);
  const downOf = (l: number) =>
    sourcesOf(source, l).map((one) => layers.length + 1 - (written.get(one) as number));
  const stateFractionOf = (l: number) =>
    formats.layers?.[l]?.cellFraction ??
    rangeFraction(seen[l] as Distribution, words.cell, formats.range);
  const points = valuePoints(
    source,
    words,
    {
      value: (l) =>
        formats.layers?.[l]?.valueFraction ??
        (isIdentity(source, l)
          ? null
          : rangeFraction(seen[l] as Distribution, words.activation, formats.range)),
      state: stateFractionOf,
    },
    file,
  );
  for (const [l, layer] of source.layers.entries()) {
    yield;
    const { inputs, cells } = layer;
    const down = downOf(l);
    const initial = startsFromZeros(layer) ? undefined : layer.initial;
    const given = formats.layers?.[l] ?? {};
    const fit = fits[l] as (typeof fits)[number];
    const x = weights(layer.x, { rows: cells, columns: inputs }, fit.x, given.xExponent);
    const size = { rows: cells, columns: hiddenOf(source, l) };
    const h = layer.h && fit.h && weights(layer.h, size, fit.h, given.hExponent);
    const start = initial === undefined || h === null ? [] : [firstBias(layer, h, initial.h)];
    const { first, ...bias } = biases([layer.bias, ...start], given.biasFraction);
    const kept = CELLS[layer.cell].state !== null;
    const stateFraction = kept ? stateFractionOf(l) : null;
    const state =
      initial !== undefined && stateFraction !== null
        ? coded(initial.c ?? initial.h, { bits: words.cell, fraction: stateFraction })
        : null;
    const valueFraction =
      CELLS[layer.cell].valueFraction === 'own' ? (points[l] as number) : undefined;
    const start0 = first && { bias: first, state };
    const clip = clipOf(layer, scheme, file);
    if (layer.reset === 'before' && h !== null) {
      const gru = {
        cell: layer.cell,
        rows: cells,
        x,
        h,
        ...bias,
        stateFraction,
        ...clip,
        initial: start0,
        down,
        ...inTime(layer),
      };
      layers.push(...resetBefore(gru));
      written.set(l, layers.length);
      continue;
    }
    layers.push({
      ...{ cell: layer.cell, rows: cells, x, h, ...bias, stateFraction, down },
      ...(layer.loop && { loop: layer.loop }),
      ...(valueFraction !== undefined && { valueFraction }),
      ...codesOf(layer, valueFraction, words),
      ...clip,
      ...(start0 && { initial: start0 }),
      ...inTime(layer),
    });
    written.set(l, layers.length);
  }
  if (source.output !== null) {
    yield;
    const { inputs, outputs, weights: matrix, bias } = source.output;
    const size = { rows: outputs, columns: inputs };
    const given = formats.output ?? {};
    const x = weights(matrix, size, denseFit(size), given.exponent);
    const { first: _, ...own } = biases([bias], given.biasFraction);
    const down = downOf(source.layers.length);
    layers.push({
      cell: OUTPUT_CELL,
      rows: outputs,
      x,
      h: null,
      ...own,
      stateFraction: null,
      down,
    });
  }
  const input = { length: inputsOf(source), fraction: inputFraction };
  const passes = stackedPasses(layers);
  const model: Model = { words, input, passes, tables, provenance };
  checkModel(model, file);
  return { model, tensors };
}

/** When the passes of a layer are computed, where that is not as usual. */
function inTime({ direction, aligned }: FloatLayer): Pick<StackLayer, 'direction' | 'aligned'> {
  return { ...(direction && { direction }), ...(aligned === false && { aligned }) };
}

/** The range of a layer in codes, where it is narrower than its word. */
function codesOf(
  { range }: FloatLayer,
  fraction: number | undefined,
  { activation }: WordLengths,
): { readonly range?: ValueRange } {
  if (range === undefined || fraction === undefined) return {};
  const limit = 2 ** (activation - 1);
  const code = (value: number) =>
    Math.max(-limit, Math.min(limit - 1, roundToCode(value, fraction)));
  const [low, high] = [code(range.low), code(range.high)];
  return low === -limit && high === limit - 1 ? {} : { range: { low, high } };
}

/**
 * The clip of the sums of a layer as the nearest code of a table input, at most half a step away; none where tables end there.
 * @throws UserError QUANTISE_RANGE where it is nearer to zero than to the first code
 */
function clipOf(
  { sumClip, x: { name } }: FloatLayer,
  scheme: TableScheme,
  file: string,
): { readonly clip?: number } {
  if (sumClip === undefined) return {};
  const clip = roundToCode(sumClip, scheme.inputFraction);
  if (clip >= 1) return clip >= lastInput(scheme) ? {} : { clip };
  const step = 2 ** -scheme.inputFraction;
  throw unexpected({
    code: 'QUANTISE_RANGE',
    file,
    field: `clip of the layer of ${name}`,
    expected: `at least ${step / 2}, half a step of a table input`,
    got: sumClip,
  });
}

type Size = Pick<SparseMatrix, 'rows' | 'columns'>;
type Fit = Pick<MatrixFit, 'sharing' | 'patterns'>;

function denseFit(size: Size): Fit {
  return { sharing: 'shared', patterns: [densePattern(size)] };
}
