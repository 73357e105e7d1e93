import type { Scaling } from '../fold.js';
import { attributesOf } from './attributes.js';
import { type Axes, holds } from './axes.js';
import type { Constants } from './constants.js';
import type { Graph } from './graph.js';
import type { Node } from './node.js';
import type { Value } from './tensor.js';

/** What constants do to each feature of a value. */
export interface Affine extends Scaling {
  /** Name of the constant that was added first, and the last node that changed something. */
  readonly shiftName: string | null;
  readonly node: Node;
}

const ARITHMETIC = new Set(['Add', 'Sub', 'Mul', 'Div', 'Neg']);
const EPSILON = 1e-5;

/** The input of the node that is no constant, where the node may do the same to each feature in every frame; or null. */
export function affineInput({ op, inputs }: Node, constants: Constants): string | null {
  const [a = '', b = ''] = inputs;
  if (op === 'Neg' || op === 'BatchNormalization') return a;
  if (!ARITHMETIC.has(op)) return null;
  if (constants.has(b)) return a;
  return constants.has(a) ? b : null;
}

/**
 * What the node leaves of `before` when it only scales and shifts each feature by constants, the same ones in every
 * frame; null when it does more than that. `value` is the input with the features.
 * @throws UserError ONNX_ATTRIBUTE, ONNX_INVALID or what reading the constants throws.
 */
export function affineOf(
  node: Node,
  value: string,
  axes: Axes,
  before: Affine | null,
  graph: Graph,
  constants: Constants,
): Affine | null {
  if (affineInput(node, constants) !== value) return null;
  const own =
    node.op === 'BatchNormalization'
      ? normalisation(node, axes, graph, constants)
      : arithmetic(node, value, axes, graph, constants);
  if (own === null) return null;
  const n = axes.lengths.feature as number;
  constants.reserve([2, n], node.label);
  const at = (list: ArrayLike<number>, i: number) => list[i] as number;
  const old = before ?? identity(n);
  return {
    scale: old.scale.map((scale, i) => at(own.scale, i) * scale),
    shift: old.shift.map((shift, i) => at(own.scale, i) * shift + at(own.shift, i)),
    shiftName: before?.shiftName ?? own.name,
    node,
  };
}

interface Own {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
  readonly name: string | null;
}

const identity = (n: number) => ({
  scale: new Float64Array(n).fill(1),
  shift: new Float64Array(n),
});

function arithmetic(
  node: Node,
  value: string,
  axes: Axes,
  graph: Graph,
  constants: Constants,
): Own | null {
  attributesOf(node, [], graph);
  const one = identity(axes.lengths.feature as number);
  if (node.op === 'Neg') return { ...one, scale: one.scale.map(() => -1), name: null };
  const [a = '', b = ''] = node.inputs;
  const first = a === value;
  const name = first ? b : a;
  const k = perFeature(constants.get(name), axes);
  if (k === null) return null;
  if (node.op === 'Add') return { ...one, shift: k, name };
  if (node.op === 'Sub' && first) return { ...one, shift: k.map((n) => -n), name };
  if (node.op === 'Sub') return { scale: one.scale.map(() => -1), shift: k, name };
  if (node.op === 'Mul') return { ...one, scale: k, name: null };
  return first ? { ...one, scale: k.map((n) => 1 / n), name: null } : null;
}

/** https://onnx.ai/onnx/operators/onnx__BatchNormalization.html in inference: the axis after the first has the features. */
function normalisation(node: Node, axes: Axes, graph: Graph, constants: Constants): Own | null {
  const known = ['epsilon', 'momentum', 'spatial', 'training_mode'];
  const attributes = attributesOf(node, known, graph);
  if ((attributes.int('training_mode') ?? 0) !== 0 || (attributes.int('spatial') ?? 1) !== 1)
    return null;
  if (node.outputs.slice(1).some((output) => output !== '')) return null;
  const n = axes.lengths.feature as number;
  // features alone on the axis; where there is one, any axis of length one would do, but not one with frames
  if (!holds(axes, 1, 'feature')) return null;
  const names = node.inputs.slice(1);
  if (names.length !== 4 || !names.every((name) => constants.has(name))) return null;
  const values = names.map((name) => constants.get(name));
  if (values.some(({ type, shape }) => !type.real || shape.length !== 1 || shape[0] !== n))
    return null;
  const [gamma, beta, mean, variance] = values.map(({ data }) => data) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const epsilon = attributes.float('epsilon') ?? EPSILON;
  const scale = gamma.map((g, i) => g / Math.sqrt((variance[i] as number) + epsilon));
  const shift = beta.map((b, i) => b - (mean[i] as number) * (scale[i] as number));
  return { scale, shift, name: names[1] as string };
}

/** One number for each feature of a constant that meets a value of those axes, or null where it differs elsewhere. */
export function perFeature({ type, shape, data }: Value, axes: Axes): Float64Array | null {
  const n = axes.lengths.feature as number;
  const rank = axes.axes.length;
  if (!type.real || shape.length > rank) return null;
  if (data.length === 1) return new Float64Array(n).fill(data[0] as number);
  const at = axes.axes.findIndex((_, axis) => n > 1 && holds(axes, axis, 'feature'));
  const own = at - rank + shape.length;
  const fits = at >= 0 && shape.every((length, i) => length === (i === own ? n : 1));
  return fits ? data : null;
}
