import type { FloatOutput } from '../../float/model.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { Sums } from './meaning.js';
import { gemmBias } from './output-bias.js';

/**
 * The fully connected layer whose sums those are. What constants did to each h before and to each sum behind goes
 * into its weights and biases.
 * @throws UserError TENSOR_SHAPE, TENSOR_NOT_FINITE, OUTPUT_BIAS.
 */
export function outputLayer(
  { dense, affine }: Sums,
  graph: Graph,
  constants: Constants,
): FloatOutput {
  const { file } = graph;
  const { node, h, product } = dense;
  const { weights, outputs, alpha, row, column } = product;
  const inputs = h.axes.lengths.feature as number;
  if (outputs < 1 || outputs > MAX_SIZE || outputs * inputs > MAX_CODES) {
    const expected = `1 to ${MAX_SIZE} outputs`;
    throw onnxError(file, 'TENSOR_SHAPE', node.label, expected, `${outputs}`);
  }
  constants.reserve([outputs, inputs], node.label);
  const bias = gemmBias(node, product, graph, constants);
  const values = new Float64Array(outputs * inputs);
  const sums = new Float64Array(outputs);
  for (let output = 0; output < outputs; output++) {
    const scale = affine?.scale[output] ?? 1;
    let sum = bias?.values[output] ?? 0;
    for (let input = 0; input < inputs; input++) {
      const weight = alpha * (weights.data[output * row + input * column] as number);
      values[output * inputs + input] = scale * weight * (h.affine?.scale[input] ?? 1);
      if (h.affine !== null) sum += weight * (h.affine.shift[input] as number);
    }
    sums[output] = scale * sum + (affine?.shift[output] ?? 0);
  }
  const layer = {
    inputs,
    outputs,
    weights: { name: product.name, values },
    bias: {
      name: bias?.name ?? affine?.shiftName ?? h.affine?.shiftName ?? `bias of ${node.label}`,
      values: sums,
    },
  };
  for (const { name, values: numbers } of [layer.weights, layer.bias]) {
    const bad = numbers.findIndex((one) => !Number.isFinite(one));
    if (bad < 0) continue;
    const got = `${numbers[bad]} at element ${bad}`;
    throw onnxError(file, 'TENSOR_NOT_FINITE', `${node.label} (${name})`, 'finite numbers', got);
  }
  return layer;
}
