import type { FloatOutput } from '../../float/model.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { Node } from './node.js';
import { addedBias, gemmBias } from './output-bias.js';
import type { Product, Tracked } from './product.js';

/** A fully connected layer and the nodes that it is made of. */
export interface OutputNodes {
  readonly layer: FloatOutput;
  readonly nodes: readonly Node[];
}

/** Reads the output layer that begins with a product: Gemm with its C, or MatMul and the Add that follows. */
export function outputLayer(
  node: Node,
  h: Tracked,
  product: Product,
  graph: Graph,
  constants: Constants,
): OutputNodes {
  const { file } = graph;
  const { weights, outputs, alpha, row, column } = product;
  const inputs = h.axes.lengths.feature as number;
  if (outputs < 1 || outputs > MAX_SIZE || outputs * inputs > MAX_CODES) {
    const expected = `1 to ${MAX_SIZE} outputs`;
    throw onnxError(file, 'TENSOR_SHAPE', node.label, expected, `${outputs}`);
  }
  constants.reserve([outputs, inputs], node.label);
  const values = Float64Array.from({ length: outputs * inputs }, (_, i) => {
    const [output, input] = [Math.floor(i / inputs), i % inputs];
    return alpha * (weights.data[output * row + input * column] as number);
  });
  const bias =
    node.op === 'Gemm'
      ? gemmBias(node, product, graph, constants)
      : addedBias(node, h, product, graph, constants);
  const tensor = { name: product.name, values };
  const sums = {
    name: bias?.name ?? `bias of ${node.label}`,
    values: bias?.values ?? new Float64Array(outputs),
  };
  for (const { name, values: numbers } of [tensor, sums]) {
    const bad = numbers.findIndex((one) => !Number.isFinite(one));
    if (bad < 0) continue;
    const got = `${numbers[bad]} at element ${bad}`;
    throw onnxError(file, 'TENSOR_NOT_FINITE', `${node.label} (${name})`, 'finite numbers', got);
  }
  return {
    layer: { inputs, outputs, weights: tensor, bias: sums },
    nodes: [node, ...(bias?.nodes ?? [])],
  };
}
