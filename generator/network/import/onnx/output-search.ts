import type { Chain } from './chain.js';
import { outputAxes } from './chain.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { LstmNode } from './lstm-node.js';
import { mayMove, movedAxes } from './moves.js';
import type { Node } from './node.js';
import { type OutputNodes, outputLayer } from './output-layer.js';
import { productOf, type Tracked } from './product.js';

/** Operators that compute element by element or normalise: behind them the numbers are no longer h. */
const COMPUTES = new Set(
  (
    'Abs Add BatchNormalization Celu Clip Div Elu Erf Exp Gelu GroupNormalization HardSigmoid HardSwish ' +
    'InstanceNormalization LayerNormalization LeakyRelu Log LogSoftmax Max Min Mish Mul Neg Pow PRelu ' +
    'RMSNormalization Relu Selu Sigmoid Softmax Softplus Softsign Sqrt Sub Swish Tanh ThresholdedRelu'
  ).split(' '),
);

/** Y and Y_h. */
const H_OUTPUTS = [0, 1];

/** The output layer of a file, and whether the file computes it for the last frame only. */
export interface FoundOutput extends OutputNodes {
  readonly lastFrame: boolean;
}

/**
 * Looks for the fully connected layer that reads h of the last layer. `wanted` is the node to take, where the user
 * names one. Null when what follows the last layer is none.
 * @throws UserError OUTPUT_AMBIGUOUS when several nodes could be it, LSTM_BETWEEN when a product with constants
 * follows that is no fully connected layer on h itself.
 */
export function findOutput(
  { layers, lengths }: Chain,
  graph: Graph,
  constants: Constants,
  wanted: string | undefined,
): FoundOutput | null {
  const last = layers.at(-1) as LstmNode;
  const { label } = last.node;
  const found: { h: Tracked; node: Node; way: Way | null }[] = [];
  const values = H_OUTPUTS.flatMap((output) => {
    const name = last.node.outputs[output] ?? '';
    const axes = outputAxes(last, output, lengths);
    return name === '' ? [] : [{ name, axes, way: null as Way | null }];
  });
  for (const value of values) {
    for (const node of graph.consumers.get(value.name) ?? []) {
      if (productOf(node, value, graph, constants) !== null) {
        found.push({ h: value, node, way: value.way });
      } else if (mayMove(node) && node.inputs[0] === value.name) {
        const axes = movedAxes(node, value.axes, graph, constants);
        const [name = ''] = node.outputs;
        if (axes !== null && name !== '')
          values.push({ name, axes, way: { node, before: value.way } });
      }
    }
  }
  const fitting = found.filter(({ node }) => wanted === undefined || node.label === wanted);
  const [only, ...others] = fitting;
  if (wanted !== undefined && (only === undefined || others.length > 0)) {
    const expected = found.length === 0 ? 'none' : found.map(({ node }) => node.label).join(' or ');
    throw onnxError(graph.file, 'BAD_MAP', '--map fc', expected, wanted);
  }
  if (others.length > 0) {
    const expected = `one fully connected layer on h of ${label}, or --map fc=NAME, or --map fc=none`;
    const got = fitting.map(({ node }) => node.label).join(', ');
    throw onnxError(graph.file, 'OUTPUT_AMBIGUOUS', label, expected, got);
  }
  if (only === undefined) {
    refuseOther(last, graph, constants);
    return null;
  }
  const { h, node, way } = only;
  const product = productOf(node, h, graph, constants);
  if (product === null) return null;
  const { layer, nodes } = outputLayer(node, h, product, graph, constants);
  return { layer, nodes: [...wayOf(way), ...nodes], lastFrame: h.axes.lastFrame };
}

/** The nodes from h to a value, the last one first: values that share a way share it in memory. */
interface Way {
  readonly node: Node;
  readonly before: Way | null;
}

function wayOf(way: Way | null): readonly Node[] {
  const nodes: Node[] = [];
  for (let at = way; at !== null; at = at.before) nodes.push(at.node);
  return nodes.reverse();
}

/** Refuses a product with constant weights that h reaches, but not as it is. */
function refuseOther(
  { node: { label, outputs } }: LstmNode,
  graph: Graph,
  constants: Constants,
): void {
  const names = new Map(H_OUTPUTS.map((i) => [outputs[i] ?? '', undefined as Node | undefined]));
  names.delete('');
  for (const [name, changed] of names) {
    for (const node of graph.consumers.get(name) ?? []) {
      if (node.op === 'MatMul' || node.op === 'Gemm') {
        if (!node.inputs.slice(0, 2).some((input) => constants.has(input))) continue;
        const by = changed ?? node;
        const got = changed
          ? `${changed.op}, which changes values, before ${node.label}`
          : `${node.op} over other axes than the cells`;
        const expected = `a fully connected layer directly on h of ${label}, or --map fc=none`;
        throw onnxError(graph.file, 'LSTM_BETWEEN', by.label, expected, got);
      }
      const computes = COMPUTES.has(node.op);
      if (!computes && !mayMove(node)) continue;
      const [output = ''] = node.outputs;
      if (output !== '') names.set(output, changed ?? (computes ? node : undefined));
    }
  }
}
