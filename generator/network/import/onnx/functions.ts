import type { RealRange } from '../../float/model.js';
import type { Scaling } from '../fold.js';
import { attributesOf } from './attributes.js';
import type { Constants } from './constants.js';
import type { Graph } from './graph.js';
import type { DenseFunction } from './meaning.js';
import type { Node } from './node.js';

/** What an operator does to each number: it may scale and shift it first, by the same numbers for all. */
export interface DenseStep {
  readonly before?: { readonly scale: number; readonly shift: number };
  readonly function: DenseFunction;
}

type Reader = (node: Node, graph: Graph, constants: Constants) => DenseStep | string;

/** The largest float32: a bound there is as good as none. */
const LARGEST = 3.4028234663852886e38;
const INFINITE: RealRange = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

const clamp = (low: number, high: number): DenseStep => ({
  function: { cell: 'dense-linear', range: { low, high } },
});
const without =
  (own: DenseStep): Reader =>
  (node, graph) => {
    attributesOf(node, [], graph);
    return own;
  };

/** By operator. https://onnx.ai/onnx/operators; those of TensorFlow as its names are. */
const FUNCTIONS: Readonly<Record<string, Reader>> = {
  Clip: (node, graph, constants) => {
    const bounds = boundsOf(node, graph, constants);
    return typeof bounds === 'string' ? bounds : clamp(bounds.low, bounds.high);
  },
  HardSigmoid: (node, graph) => {
    const attributes = attributesOf(node, ['alpha', 'beta'], graph);
    const scale = attributes.float('alpha') ?? 0.2;
    const shift = attributes.float('beta') ?? 0.5;
    return { ...clamp(0, 1), before: { scale, shift } };
  },
  Relu: without(clamp(0, Number.POSITIVE_INFINITY)),
  Tanh: without({ function: { cell: 'dense-tanh' } }),
  'tf.Relu6': without(clamp(0, 6)),
  'tflite.RELU6': without(clamp(0, 6)),
  'tflite.RELU_0_TO_1': without(clamp(0, 1)),
  'tflite.RELU_N1_TO_1': without(clamp(-1, 1)),
};

/** Whether the operator is a function behind the sums of a fully connected layer, as the hardware has it. */
export const isFunction = ({ op }: Node): boolean => Object.hasOwn(FUNCTIONS, op);

/** What it does to each number, null where it is no such function, or why it is not taken. */
export function functionOf(
  node: Node,
  graph: Graph,
  constants: Constants,
): DenseStep | string | null {
  return FUNCTIONS[node.op]?.(node, graph, constants) ?? null;
}

/** The same first step for `n` features, behind what was done to them before. */
export function scaled(
  { scale, shift }: NonNullable<DenseStep['before']>,
  before: Scaling | null,
  n: number,
): Scaling {
  const [own, added] = [before?.scale ?? new Float64Array(n).fill(1), before?.shift];
  return {
    scale: own.map((one) => scale * one),
    shift: Float64Array.from({ length: n }, (_, i) => scale * (added?.[i] ?? 0) + shift),
  };
}

/** One function behind another; null where that is no function of its own. */
export function joined(first: DenseFunction, second: DenseFunction): DenseFunction | null {
  if (first.cell !== 'dense-linear' || second.cell !== 'dense-linear') return null;
  const { low, high } = second.range ?? INFINITE;
  const inside = (one: number) => Math.min(Math.max(one, low), high);
  const own = first.range ?? INFINITE;
  return { cell: 'dense-linear', range: { low: inside(own.low), high: inside(own.high) } };
}

/** https://onnx.ai/onnx/operators/onnx__Clip.html: attributes, or from version 11 on inputs, each optional. */
function boundsOf(node: Node, graph: Graph, constants: Constants): RealRange | string {
  const old = graph.opset < 11;
  const attributes = attributesOf(node, old ? ['min', 'max'] : [], graph);
  const bound = (name: 'min' | 'max', input: number): number | null => {
    const none = name === 'min' ? -LARGEST : LARGEST;
    if (old) return attributes.float(name) ?? none;
    const value = node.inputs[input] ?? '';
    if (value === '') return none;
    if (!constants.has(value)) return null;
    const { type, data } = constants.get(value);
    return type.real && data.length === 1 ? (data[0] as number) : null;
  };
  const [min, max] = [bound('min', 1), bound('max', 2)];
  if (min === null || max === null) return 'bounds that are no constant numbers';
  // also where one is no number, or no float32 is between them
  if (!(min <= max && min < LARGEST && max > -LARGEST)) return `bounds from ${min} to ${max}`;
  return {
    low: min <= -LARGEST ? Number.NEGATIVE_INFINITY : min,
    high: max >= LARGEST ? Number.POSITIVE_INFINITY : max,
  };
}
