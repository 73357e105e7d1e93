import { addSlice, addStridedSlice } from '../slices.js';
import type { Call } from './call.js';
import { isCoded, isIntegerValue, onnxTypeOf, realsOf } from './tensors.js';

/** Adds an operator as ONNX has it; false where this program knows no counterpart of this form of it. */
type Lower = (call: Call) => boolean;

/** ONNX's operators for the activations that are written into an operator. */
const ACTIVATION_OPS: Readonly<Record<string, string>> = {
  RELU: 'Relu',
  RELU6: 'tflite.RELU6',
  RELU_N1_TO_1: 'tflite.RELU_N1_TO_1',
  TANH: 'Tanh',
};

/** A node of that operator, with the activation that the options name in `field` behind it. */
function activated(
  call: Call,
  field: number | null,
  add: (outputs: readonly string[]) => void,
): boolean {
  const activation = field === null ? 'NONE' : call.activation(field);
  if (activation === 'NONE') {
    add(call.outputs);
    return true;
  }
  const { builder, name } = call;
  const inner = builder.fresh(name, 'sums');
  add([inner]);
  const op = ACTIVATION_OPS[activation] ?? `tflite.${activation}`;
  const [output = ''] = call.outputs;
  builder.items.push({
    op,
    name: `${name}/${activation}`,
    of: [name],
    inputs: [inner],
    outputs: [output],
    attributes: {},
  });
  return true;
}

/** The same operator under ONNX's name. */
const plain =
  (op: string, attributes: Readonly<Record<string, number>> = {}): Lower =>
  (call) => {
    if (call.inputs.length !== 1) return false;
    call.builder.node(call.name, op, call.inputs, call.outputs, attributes);
    return true;
  };

const binary =
  (op: string, activation: number | null): Lower =>
  (call) =>
    activated(call, activation, (outputs) =>
      call.builder.node(call.name, op, call.inputs, outputs),
    );

/** y = x W^T + b, https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/fully_connected.cc */
const fullyConnected: Lower = (call) => {
  const { builder, name, options } = call;
  const [x, weights, bias] = [call.tensor(0), call.tensor(1), call.tensor(2)];
  const result = call.output(0);
  if (x === null || weights === null || result === null) return false;
  if (isIntegerValue(x) || (options?.number(1, 'int8') ?? 0) !== 0) return false;
  const [outputs = 0, inputs = 0, ...more] = weights.shape;
  if (more.length > 0) return false;
  let W = call.input(1);
  if (isCoded(weights) && weights.data !== null) {
    const values = realsOf(weights, `${name}.weights`, call.scope.file);
    [W = ''] = builder.reals([{ name: `${W} as reals`, shape: weights.shape, values, of: [W] }]);
    call.noteCodes(weights);
  }
  let value = call.input(0);
  // without keep_num_dims all axes but the last become one
  if (x.shape.length !== 2 && !options?.boolean(2)) {
    value = builder.part(name, 'Reshape', [value, builder.integers(name, [-1, inputs])]);
  }
  const across = builder.part(name, 'Transpose', [W], { perm: [1, 0] });
  const none = bias === null || bias.shape.reduce((a, b) => a * b, 1) !== outputs;
  if (bias !== null && none) return false;
  return activated(call, 0, (last) => {
    if (bias === null) builder.node(name, 'MatMul', [value, across], last);
    else {
      const sums = builder.fresh(name, 'product');
      builder.node(name, 'MatMul', [value, across], [sums]);
      builder.part(name, 'Add', [sums, call.input(2)], {}, last[0]);
    }
  });
};

const reshape: Lower = (call) => {
  const { builder, name, options } = call;
  const given = call.integers(1) ?? options?.numbers(0, 'int32') ?? null;
  const computed = call.input(1);
  const shape = given !== null ? builder.integers(name, given) : computed === '' ? null : computed;
  if (shape === null) return false;
  // the ranks beyond which nothing is followed anyway
  builder.node(name, 'Reshape', [call.input(0), shape], call.outputs, { allowzero: 1 });
  return true;
};

const stridedSlice: Lower = (call) => {
  const [begin, end, strides] = [call.integers(1), call.integers(2), call.integers(3)];
  const { options } = call;
  if (begin === null || end === null || strides === null || options?.boolean(5)) return false;
  const mask = (field: number) => options?.number(field, 'int32') ?? 0;
  const masks = {
    begin: mask(0),
    end: mask(1),
    ellipsis: mask(2),
    newAxis: mask(3),
    shrink: mask(4),
  };
  const cuts = { begin, end, strides, masks };
  return addStridedSlice(call.builder, call.name, call.input(0), call.outputs[0] ?? '', cuts);
};

const slice: Lower = (call) => {
  const [begin, size] = [call.integers(1), call.integers(2)];
  if (begin === null || size === null) return false;
  return addSlice(call.builder, call.name, call.input(0), call.outputs[0] ?? '', begin, size);
};

const gather: Lower = (call) => {
  const { builder, name, options } = call;
  if ((options?.number(1, 'int32') ?? 0) !== 0) return false;
  const inputs = [call.input(0), call.input(1)];
  builder.node(name, 'Gather', inputs, call.outputs, { axis: options?.number(0, 'int32') ?? 0 });
  return true;
};

const unpack: Lower = (call) => {
  const { builder, name, options } = call;
  const axis = options?.number(1, 'int32') ?? 0;
  const parts = call.outputs.map(() => builder.fresh(name, 'part'));
  builder.node(name, 'Split', [call.input(0)], parts, { axis });
  parts.forEach((part, i) => {
    builder.part(name, 'Squeeze', [part, builder.integers(name, [axis])], {}, call.outputs[i]);
  });
  return true;
};

const split: Lower = (call) => {
  const [axis, ...others] = call.integers(0) ?? [];
  if (axis === undefined || others.length > 0) return false;
  call.builder.node(call.name, 'Split', [call.input(1)], call.outputs, { axis });
  return true;
};

const splitV: Lower = (call) => {
  const [sizes, [axis] = []] = [call.integers(1), call.integers(2) ?? []];
  // a length that is left open stays where it is: what reads it may know the whole
  if (sizes === null || axis === undefined || sizes.some((size) => size < 0)) return false;
  const inputs = [call.input(0), call.builder.integers(call.name, sizes)];
  call.builder.node(call.name, 'Split', inputs, call.outputs, { axis });
  return true;
};

const transpose: Lower = (call) => {
  const perm = call.integers(1);
  if (perm === null) return false;
  call.builder.node(call.name, 'Transpose', [call.input(0)], call.outputs, { perm });
  return true;
};

const squeeze: Lower = (call) => {
  const axes = call.options?.numbers(0, 'int32') ?? [];
  const list = axes.length === 0 ? [] : [call.builder.integers(call.name, axes)];
  call.builder.node(call.name, 'Squeeze', [call.input(0), ...list], call.outputs);
  return true;
};

const expandDims: Lower = (call) => {
  const axes = call.integers(1);
  if (axes?.length !== 1) return false;
  const inputs = [call.input(0), call.builder.integers(call.name, axes)];
  call.builder.node(call.name, 'Unsqueeze', inputs, call.outputs);
  return true;
};

const pack: Lower = (call) => {
  const { builder, name, options } = call;
  const axis = options?.number(1, 'int32') ?? 0;
  const list = builder.integers(name, [axis]);
  const parts = call.inputs.map((input) => builder.part(name, 'Unsqueeze', [input, list]));
  builder.node(name, 'Concat', parts, call.outputs, { axis });
  return true;
};

const concatenation: Lower = (call) => {
  const axis = call.options?.number(0, 'int32') ?? 0;
  return activated(call, 1, (outputs) =>
    call.builder.node(call.name, 'Concat', call.inputs, outputs, { axis }),
  );
};

const cast: Lower = (call) => {
  const result = call.output(0);
  const to = result === null ? 0 : onnxTypeOf(result.type);
  if (to === 0) return false;
  call.builder.node(call.name, 'Cast', [call.input(0)], call.outputs, { to });
  return true;
};

/** Real numbers of a constant; codes that are computed stay unknown. */
const dequantize: Lower = (call) => {
  const source = call.tensor(0);
  const [output = ''] = call.outputs;
  if (source === null || source.data === null) return false;
  const values = realsOf(source, call.name, call.scope.file);
  const of = [`${call.scope.prefix}${source.name}`, call.name];
  call.builder.reals([{ name: output, shape: source.shape, values, of }]);
  if (isCoded(source)) call.noteCodes(source);
  return true;
};

/** Operators that this program knows, by their names in the schema. */
export const OPERATORS: Readonly<Record<string, Lower>> = {
  ADD: binary('Add', 0),
  CAST: cast,
  CONCATENATION: concatenation,
  DEQUANTIZE: dequantize,
  DIV: binary('Div', 0),
  EXPAND_DIMS: expandDims,
  FULLY_CONNECTED: fullyConnected,
  GATHER: gather,
  LESS: binary('Less', null),
  LOGICAL_AND: binary('And', null),
  LOGISTIC: plain('Sigmoid'),
  LOG_SOFTMAX: plain('LogSoftmax', { axis: -1 }),
  MUL: binary('Mul', 0),
  NEG: plain('Neg'),
  PACK: pack,
  RELU: plain('Relu'),
  RESHAPE: reshape,
  SHAPE: plain('Shape'),
  SLICE: slice,
  SOFTMAX: (call) =>
    (call.options?.number(0, 'float32') ?? 0) > 0 && plain('Softmax', { axis: -1 })(call),
  SPLIT: split,
  SPLIT_V: splitV,
  SQUEEZE: squeeze,
  STRIDED_SLICE: stridedSlice,
  SUB: binary('Sub', 0),
  TANH: plain('Tanh'),
  TRANSPOSE: transpose,
  UNPACK: unpack,
};
