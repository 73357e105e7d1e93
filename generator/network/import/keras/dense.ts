import type { Product } from '../dense.js';
import { unwrapped } from './kinds.js';
import type { KerasLayer } from './layer.js';
import { inOrder, transposed } from './layer-weights.js';
import { Options } from './options.js';
import type { Weights } from './weights.js';

/**
 * kernel [inputs, outputs] and bias [outputs] of `Dense`; `width` are the inputs, where they are known.
 * @throws UserError KERAS_WEIGHTS, KERAS_OPTION, KERAS_CONFIG or as the reader of weights
 */
export function readDense(
  layer: KerasLayer,
  width: number | null,
  weights: Weights,
  file: string,
): Product {
  const options = new Options(unwrapped(layer), file);
  options.activation('activation');
  const outputs = options.number(undefined, 'units', 'output_dim');
  const biased = options.flag(true, 'use_bias', 'bias');
  options.finish();
  const found = weights.of(layer, '', 'layer');
  if (found.length !== (biased ? 2 : 1)) {
    const got = found.map(({ path }) => path).join(', ') || 'none';
    throw weights.fail('KERAS_WEIGHTS', layer.name, biased ? 'kernel and bias' : 'a kernel', got);
  }
  const names = [
    ['kernel', 'W'],
    ['bias', 'b'],
  ];
  const [kernel, bias] = inOrder(found, names, weights);
  if (kernel === undefined) throw weights.fail('KERAS_WEIGHTS', layer.name, 'a kernel', 'none');
  const [rows] = weights.matrix(kernel);
  const inputs = width ?? rows;
  const { name, values } = weights.read(kernel, [inputs, outputs]);
  return {
    inputs,
    outputs,
    weights: { name, values: transposed(values, inputs, outputs) },
    bias: bias
      ? weights.read(bias, [outputs])
      : { name: `bias of ${layer.name}`, values: new Float64Array(outputs) },
  };
}
