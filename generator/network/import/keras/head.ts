import type { FloatLayer, FloatOutput } from '../../float/model.js';
import { foldBefore, type Scaling } from '../fold.js';
import { foldBehind, readAffine } from './affine.js';
import { kerasError } from './errors.js';
import { type Flow, reshaped } from './flow.js';
import { fieldOf, jsonText } from './json.js';
import { kindOf, unwrapped } from './kinds.js';
import type { KerasLayer } from './layer.js';
import { inOrder, transposed } from './layer-weights.js';
import { Options } from './options.js';
import { layerText } from './parts.js';
import type { Weights } from './weights.js';

/** What follows the last recurrent layer. */
export interface Head {
  readonly output: FloatOutput | null;
  /** The dense layer. */
  readonly dense: KerasLayer | null;
  /** The function behind the sums, which the hardware leaves out. */
  readonly final: { readonly layer: KerasLayer; readonly name: string } | null;
  readonly folded: readonly { readonly layer: KerasLayer; readonly into: string }[];
  readonly flow: Flow;
}

const FINAL = ['softmax', 'sigmoid', 'log_softmax'];
const LATER = 'there is no hardware for it yet; leave out all that follows h by --map fc=none';

/**
 * The dense layer on h of the last layer, with what scales before and behind it, and a function that makes probabilities
 * of its sums.
 * @throws UserError OUTPUT_NOT_TAKEN for anything else, or as the readers of weights.
 */
export function readHead(
  behind: readonly KerasLayer[],
  last: FloatLayer,
  from: { readonly name: string; readonly flow: Flow },
  weights: Weights,
  file: string,
): Head {
  const fail = (layer: KerasLayer, expected: string, got: string) =>
    kerasError(file, 'OUTPUT_NOT_TAKEN', layer.name, `${expected} (${LATER})`, got);
  let [output, dense, final] = [
    null as FloatOutput | null,
    null as KerasLayer | null,
    null as Head['final'],
  ];
  let flow = from.flow;
  const folded: { layer: KerasLayer; into: string }[] = [];
  let waiting: { layer: KerasLayer; affine: Scaling }[] = [];
  for (const layer of behind) {
    const kind = kindOf(layer);
    const width = output?.outputs ?? last.cells;
    if (kind === 'same') continue;
    if (kind === 'reshape') {
      flow = reshaped(layer, flow, width, file);
      continue;
    }
    const function_ = functionOf(layer, file);
    if (kind === 'activation' && function_ === 'linear') continue;
    if (final !== null) {
      throw fail(layer, `nothing behind ${final.name}`, layerText(layer));
    }
    if (kind === 'affine') {
      const affine = readAffine(layer, width, flow.rank, weights, file);
      if (output === null) waiting.push({ layer, affine });
      else {
        output = { ...output, ...foldBehind(affine, output.weights, output.bias) };
        folded.push({ layer, into: (dense as KerasLayer).name });
      }
    } else if (kind === 'dense') {
      if (dense !== null)
        throw fail(layer, 'one dense layer', `a second dense layer behind ${dense.name}`);
      output = readDense(layer, last.cells, weights, file);
      for (const { layer: norm, affine } of waiting.reverse()) {
        output = { ...output, ...foldBefore(affine, output.weights, output.bias) };
        folded.push({ layer: norm, into: layer.name });
      }
      waiting = [];
      dense = layer;
      if (function_ !== 'linear') {
        if (!FINAL.includes(function_)) {
          throw fail(
            layer,
            `a dense layer with softmax, sigmoid or nothing`,
            `a dense layer with ${function_} behind the LSTM`,
          );
        }
        final = { layer, name: function_ };
      }
    } else if (kind === 'activation' && FINAL.includes(function_) && dense !== null) {
      final = { layer, name: function_ };
    } else {
      const where = dense === null ? `on h of ${from.name}` : `behind ${dense.name}`;
      const shown = kind === 'activation' ? function_ : layerText(layer);
      throw fail(
        layer,
        `one dense layer ${where}, then softmax or sigmoid at most`,
        `${shown} ${where}`,
      );
    }
  }
  const [open] = waiting;
  if (open !== undefined) {
    throw fail(open.layer, 'a dense layer behind it', `${open.layer.className} as the output`);
  }
  return { output, dense, final, folded, flow };
}

/** kernel [inputs, outputs] and bias [outputs]. */
function readDense(layer: KerasLayer, cells: number, weights: Weights, file: string): FloatOutput {
  const own = unwrapped(layer);
  const options = new Options(own, file);
  options.activation('activation');
  const outputs = options.number(undefined, 'units', 'output_dim');
  const biased = options.flag(true, 'use_bias', 'bias');
  options.finish();
  const found = weights.of(layer, '', 'layer');
  if (found.length !== (biased ? 2 : 1)) {
    const got = found.map(({ path }) => path).join(', ') || 'none';
    throw weights.fail('KERAS_WEIGHTS', layer.name, biased ? 'kernel and bias' : 'a kernel', got);
  }
  const [kernel, bias] = inOrder(
    found,
    [
      ['kernel', 'W'],
      ['bias', 'b'],
    ],
    weights,
  );
  if (kernel === undefined) throw weights.fail('KERAS_WEIGHTS', layer.name, 'a kernel', 'none');
  weights.matrix(kernel);
  const { name, values } = weights.read(kernel, [cells, outputs]);
  return {
    inputs: cells,
    outputs,
    weights: { name, values: transposed(values, cells, outputs) },
    bias: bias
      ? weights.read(bias, [outputs])
      : { name: `bias of ${layer.name}`, values: new Float64Array(outputs) },
  };
}

/** Whether a layer is an activation that changes nothing. */
export const isLinear = (layer: KerasLayer, file: string): boolean =>
  kindOf(layer) === 'activation' && functionOf(layer, file) === 'linear';

/** The function of a layer: `linear` where it has none. */
function functionOf(layer: KerasLayer, file: string): string {
  const own = unwrapped(layer);
  if (own.className !== 'Softmax') {
    const options = new Options(own, file);
    return options.activation('activation') ?? 'linear';
  }
  const axis = fieldOf(own.config, 'axis') ?? -1;
  return axis === -1 ? 'softmax' : `softmax over axis ${jsonText(axis)}`;
}
