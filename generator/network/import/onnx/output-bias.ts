import { attributesOf } from './attributes.js';
import { axesOf, holds } from './axes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import { mayMove, movedAxes } from './moves.js';
import type { Node } from './node.js';
import { GEMM_ATTRIBUTES, type Product, type Tracked } from './product.js';
import type { Value } from './tensor.js';

/** What is added to the sums, and the nodes that do it. */
export interface Bias {
  readonly name: string;
  readonly values: Float64Array;
  readonly nodes: readonly Node[];
}

/** C of a Gemm, which must be there for all frames alike. @throws UserError OUTPUT_BIAS */
export function gemmBias(
  node: Node,
  product: Product,
  graph: Graph,
  constants: Constants,
): Bias | null {
  const [, , name = ''] = node.inputs;
  if (name === '') return null;
  const fail = (expected: string, got: string) =>
    onnxError(graph.file, 'OUTPUT_BIAS', `${node.label}.C`, expected, got);
  if (!constants.has(name)) throw fail('a constant', `${name}, which is computed`);
  const values = broadcast(constants.get(name), product.outputs, product.axis, 2);
  if (values === null) throw fail(`${product.outputs} values, the same in every frame`, 'others');
  const beta = attributesOf(node, GEMM_ATTRIBUTES, graph.file).float('beta') ?? 1;
  return { name, values: values.map((value) => beta * value), nodes: [] };
}

/** The constant that the only reader of the sums adds, be it after operators that only move numbers. */
export function addedBias(
  node: Node,
  h: Tracked,
  { outputs, axis }: Product,
  graph: Graph,
  constants: Constants,
): Bias | null {
  const nodes: Node[] = [];
  const outputAxis = h.axes.axes.length + axis;
  let axes = axesOf(
    h.axes.axes.map((parts, i) => (i === outputAxis ? ['feature'] : parts)),
    { ...h.axes.lengths, feature: outputs },
  );
  let [name = ''] = node.outputs;
  for (;;) {
    const [reader, ...more] = graph.consumers.get(name) ?? [];
    if (reader === undefined || more.length > 0 || graph.outputs.has(name)) return null;
    if (reader.op === 'Add') {
      const [a = '', b = ''] = reader.inputs;
      const constant = a === name ? b : a;
      if (a === b || !constants.has(constant)) return null;
      attributesOf(reader, [], graph.file);
      const at = axes.axes.findIndex((_, i) => holds(axes, i, 'feature'));
      const where = outputs === 1 ? axes.axes.length - 1 : at;
      if (where < 0) return null;
      const values = broadcast(
        constants.get(constant),
        outputs,
        where - axes.axes.length,
        axes.axes.length,
      );
      return values && { name: constant, values, nodes: [...nodes, reader] };
    }
    if (!mayMove(reader) || reader.inputs[0] !== name) return null;
    const moved = movedAxes(reader, axes, graph, constants);
    if (moved === null) return null;
    axes = moved;
    nodes.push(reader);
    [name = ''] = reader.outputs;
  }
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
