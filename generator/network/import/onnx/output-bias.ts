import { attributesOf } from './attributes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { Node } from './node.js';
import { GEMM_ATTRIBUTES, type Product } from './product.js';
import type { Value } from './tensor.js';

/** What a Gemm adds to its product. */
export interface Bias {
  readonly name: string;
  readonly values: Float64Array;
}

/** C of a Gemm, which must be there for all frames alike. @throws UserError OUTPUT_BIAS */
export function gemmBias(
  node: Node,
  product: Product,
  graph: Graph,
  constants: Constants,
): Bias | null {
  const [, , name = ''] = node.inputs;
  if (node.op !== 'Gemm' || name === '') return null;
  const fail = (expected: string, got: string) =>
    onnxError(graph.file, 'OUTPUT_BIAS', `${node.label}.C`, expected, got);
  if (!constants.has(name)) throw fail('a constant', `${name}, which is computed`);
  const values = broadcast(constants.get(name), product.outputs, product.axis, 2);
  if (values === null) throw fail(`${product.outputs} values, the same in every frame`, 'others');
  const beta = attributesOf(node, GEMM_ATTRIBUTES, graph).float('beta') ?? 1;
  return { name, values: values.map((value) => beta * value) };
}

/** One value for each output of a constant that is added to all sums, or null when it differs elsewhere. */
function broadcast(value: Value, outputs: number, axis: number, rank: number): Float64Array | null {
  const { shape, data } = value;
  const own = shape.length + axis;
  const fits = shape.every((n, i) => n === 1 || (i === own && n === outputs));
  if (!value.type.real || shape.length > rank || !fits) return null;
  return Float64Array.from(
    { length: outputs },
    (_, i) => (data.length === 1 ? data[0] : data[i]) as number,
  );
}
