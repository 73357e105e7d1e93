import type { Builder } from '../builder.js';
import { addSlice, addStridedSlice } from '../slices.js';
import type { Integers } from './integers.js';
import { attributeText } from './messages.js';
import type { TfNode } from './node.js';
import { onnxTypeOf } from './tensor.js';

/** A node that is put into ONNX's operators. */
export interface TfCall {
  readonly node: TfNode;
  /** Names of its outputs, as many as are read. */
  readonly outputs: readonly string[];
  readonly builder: Builder;
  readonly integers: Integers;
}

/** Adds a node as ONNX has it; false where this program knows no counterpart of this form of it. */
type Lower = (call: TfCall) => boolean;

const add = (
  { node, builder, outputs }: TfCall,
  op: string,
  inputs: readonly string[],
  attributes: Parameters<Builder['node']>[4] = {},
): true => {
  builder.node(node.name, op, inputs, outputs, attributes);
  return true;
};

const number = ({ node }: TfCall, attribute: string): number =>
  node.attr[attribute]?.i?.toNumber() ?? 0;
const flag = ({ node }: TfCall, attribute: string): boolean => node.attr[attribute]?.b ?? false;

/** The same operator under ONNX's name, with its first inputs. */
const plain =
  (op: string, inputs: number, attributes: Parameters<Builder['node']>[4] = {}): Lower =>
  (call) =>
    add(call, op, call.node.inputs.slice(0, inputs), attributes);

const matMul =
  (left: string, right: string): Lower =>
  (call) => {
    const { node, builder } = call;
    const [a = '', b = ''] = node.inputs;
    if (flag(call, left)) return false;
    const second = flag(call, right)
      ? builder.part(node.name, 'Transpose', [b], { perm: [1, 0] })
      : b;
    return add(call, 'MatMul', [a, second]);
  };

const biasAdd: Lower = (call) => {
  const format = attributeText(call.node.attr.data_format);
  return (format === '' || format === 'NHWC') && add(call, 'Add', call.node.inputs);
};

const transpose: Lower = (call) => {
  const perm = call.integers.get(call.node.inputs[1]);
  return perm !== null && add(call, 'Transpose', call.node.inputs.slice(0, 1), { perm });
};

/** Inputs with a list of whole numbers in the place of one. */
const withList = (
  { node, builder }: TfCall,
  input: number,
  list: readonly number[],
): readonly string[] => [node.inputs[input] as string, builder.integers(node.name, list)];

const squeeze: Lower = (call) => {
  const axes = (call.node.attr.squeeze_dims?.list?.i ?? []).map((axis) => axis.toNumber());
  return add(call, 'Squeeze', axes.length === 0 ? call.node.inputs : withList(call, 0, axes));
};

const expandDims: Lower = (call) => {
  const axes = call.integers.get(call.node.inputs[1]);
  return axes?.length === 1 && add(call, 'Unsqueeze', withList(call, 0, axes));
};

const stridedSlice: Lower = (call) => {
  const { node, integers, builder, outputs } = call;
  const [begin, end, strides] = [1, 2, 3].map((input) => integers.get(node.inputs[input]));
  if (!begin || !end || !strides) return false;
  const masks = {
    begin: number(call, 'begin_mask'),
    end: number(call, 'end_mask'),
    ellipsis: number(call, 'ellipsis_mask'),
    newAxis: number(call, 'new_axis_mask'),
    shrink: number(call, 'shrink_axis_mask'),
  };
  const [input = ''] = node.inputs;
  return addStridedSlice(builder, node.name, input, outputs[0] ?? '', {
    begin,
    end,
    strides,
    masks,
  });
};

const slice: Lower = ({ node, integers, builder, outputs }) => {
  const [begin, size] = [integers.get(node.inputs[1]), integers.get(node.inputs[2])];
  if (begin === null || size === null) return false;
  return addSlice(builder, node.name, node.inputs[0] ?? '', outputs[0] ?? '', begin, size);
};

const gather: Lower = (call) => {
  const axis = call.node.inputs.length > 2 ? call.integers.get(call.node.inputs[2]) : [0];
  if (axis?.length !== 1 || number(call, 'batch_dims') !== 0) return false;
  return add(call, 'Gather', call.node.inputs.slice(0, 2), { axis: axis[0] as number });
};

const concat: Lower = (call) => {
  const axis = call.integers.get(call.node.inputs.at(-1));
  if (axis?.length !== 1) return false;
  return add(call, 'Concat', call.node.inputs.slice(0, -1), { axis: axis[0] as number });
};

const pack: Lower = (call) => {
  const { node, builder } = call;
  const axis = number(call, 'axis');
  const list = builder.integers(node.name, [axis]);
  const parts = node.inputs.map((input) => builder.part(node.name, 'Unsqueeze', [input, list]));
  return add(call, 'Concat', parts, { axis });
};

const all = ({ node, outputs }: TfCall, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => outputs[i] ?? `${node.name}:${i}`);

/** Parts that a node may have: more are no frames and no gates. */
const MOST_PARTS = 65_536;

const unpack: Lower = (call) => {
  const { node, builder } = call;
  const [axis, count] = [number(call, 'axis'), number(call, 'num')];
  if (count < 1 || count > MOST_PARTS) return false;
  const parts = Array.from({ length: count }, () => builder.fresh(node.name, 'part'));
  builder.node(node.name, 'Split', node.inputs, parts, { axis });
  const list = builder.integers(node.name, [axis]);
  all(call, count).forEach((output, i) => {
    builder.part(node.name, 'Squeeze', [parts[i] as string, list], {}, output);
  });
  return true;
};

const split: Lower = (call) => {
  const { node, builder } = call;
  const axis = call.integers.get(node.inputs[0]);
  const count = number(call, 'num_split');
  if (axis?.length !== 1 || count < 1 || count > MOST_PARTS) return false;
  builder.node(node.name, 'Split', node.inputs.slice(1), all(call, count), {
    axis: axis[0] as number,
  });
  return true;
};

const splitV: Lower = (call) => {
  const { node, builder, integers } = call;
  const [sizes, axis] = [integers.get(node.inputs[1]), integers.get(node.inputs[2])];
  if (sizes === null || axis?.length !== 1 || sizes.some((size) => size < 0)) return false;
  builder.node(node.name, 'Split', withList(call, 0, sizes), all(call, sizes.length), {
    axis: axis[0] as number,
  });
  return true;
};

const cast: Lower = (call) => {
  const to = onnxTypeOf(call.node.attr.DstT?.type ?? 0);
  return to !== 0 && add(call, 'Cast', call.node.inputs, { to });
};

/** Zeros of a shape that is computed; another number stays unknown. */
const fill: Lower = (call) => {
  const { node, builder } = call;
  const value = builder.constants.get(node.inputs[1] ?? '');
  const zero = value !== undefined && value.type !== 0 && value.raw.every((byte) => byte === 0);
  return zero && add(call, 'ConstantOfShape', node.inputs.slice(0, 1));
};

const zerosLike: Lower = (call) => {
  const shape = call.builder.part(call.node.name, 'Shape', call.node.inputs);
  return add(call, 'ConstantOfShape', [shape]);
};

const identities: Lower = ({ node, builder, outputs }) => {
  node.inputs.forEach((input, i) => {
    const output = outputs[i] ?? `${node.name}:${i}`;
    if (i === 0) builder.node(node.name, 'Identity', [input], [output]);
    else builder.part(node.name, 'Identity', [input], {}, output);
  });
  return true;
};

/** Operators that this program knows. https://www.tensorflow.org/api_docs/python/tf/raw_ops */
export const OPERATORS: Readonly<Record<string, Lower>> = {
  Add: plain('Add', 2),
  AddV2: plain('Add', 2),
  BatchMatMulV2: matMul('adj_x', 'adj_y'),
  BiasAdd: biasAdd,
  Cast: cast,
  CheckNumerics: plain('Identity', 1),
  ConcatV2: concat,
  ExpandDims: expandDims,
  Fill: fill,
  Gather: gather,
  GatherV2: gather,
  Identity: plain('Identity', 1),
  IdentityN: identities,
  Less: plain('Less', 2),
  LogSoftmax: plain('LogSoftmax', 1, { axis: -1 }),
  LogicalAnd: plain('And', 2),
  MatMul: matMul('transpose_a', 'transpose_b'),
  Mul: plain('Mul', 2),
  Neg: plain('Neg', 1),
  Pack: pack,
  PreventGradient: plain('Identity', 1),
  RealDiv: plain('Div', 2),
  Relu: plain('Relu', 1),
  Reshape: plain('Reshape', 2, { allowzero: 1 }),
  Shape: plain('Shape', 1),
  Sigmoid: plain('Sigmoid', 1),
  Slice: slice,
  Softmax: plain('Softmax', 1, { axis: -1 }),
  Split: split,
  SplitV: splitV,
  Squeeze: squeeze,
  StopGradient: plain('Identity', 1),
  StridedSlice: stridedSlice,
  Sub: plain('Sub', 2),
  Tanh: plain('Tanh', 1),
  Transpose: transpose,
  Unpack: unpack,
  ZerosLike: zerosLike,
};

/** Values that operators of a set number read, fewest and most; those of the table above without one read any number. */
const INPUTS: Readonly<Record<string, readonly [least: number, most: number]>> = Object.fromEntries(
  (
    [
      [1, 1, 'Cast CheckNumerics Identity LogSoftmax Neg PreventGradient Relu Shape Sigmoid'],
      [1, 1, 'Softmax Squeeze StopGradient Tanh Unpack ZerosLike'],
      [2, 2, 'Add AddV2 BatchMatMulV2 BiasAdd ExpandDims Fill Gather Less LogicalAnd MatMul Mul'],
      [2, 2, 'RealDiv Reshape Split Sub Transpose'],
      [3, 3, 'GatherV2 Slice SplitV'],
      [4, 4, 'StridedSlice'],
      [2, Number.POSITIVE_INFINITY, 'ConcatV2'],
      [1, Number.POSITIVE_INFINITY, 'IdentityN Pack'],
    ] as const
  ).flatMap(([least, most, names]) =>
    names.split(' ').map((name) => [name, [least, most]] as const),
  ),
);

/** How many values a node would have to read, where it reads another number of them; null: it is right, or not known. */
export function wrongInputs({ op, inputs }: Pick<TfNode, 'op' | 'inputs'>): string | null {
  const [least, most] = INPUTS[op] ?? [0, Number.POSITIVE_INFINITY];
  if (inputs.length >= least && inputs.length <= most) return null;
  return least === most ? `${least}` : `at least ${least}`;
}

/** Operators of one value beside those of the table. */
const ONE_OUTPUT = new Set(['Const', 'Placeholder', 'Enter', 'Exit', 'NextIteration', 'LoopCond']);

/** How many values a node makes; null where this program does not know. */
export function outputsOf({ op, attr, inputs }: Omit<TfNode, 'name'>): number | null {
  if (op === 'Split' || op === 'SplitV') return attr.num_split?.i?.toNumber() ?? 0;
  if (op === 'Unpack') return attr.num?.i?.toNumber() ?? 0;
  if (op === 'IdentityN') return inputs.length;
  if (op === 'Merge' || op === 'Switch') return 2;
  return ONE_OUTPUT.has(op) || OPERATORS[op] !== undefined ? 1 : null;
}
