import { NUMBER_TYPES, type NumberType } from '../element-types.js';
import { shapeText, sizeOf, type Value } from '../tensor.js';
import { gathered, inputOf, integersOf, type Operator, stridesOf } from './operator.js';

const FLOAT32 = NUMBER_TYPES.get(1) as NumberType;
const INT64 = NUMBER_TYPES.get(7) as NumberType;

/** https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html */
export const constantOfShape: Operator = {
  attributes: ['value'],
  fold: (call) => {
    const shape = integersOf(inputOf(call, 0), call.fail);
    if (shape.some((n) => n < 0)) throw call.fail('lengths', shapeText(shape));
    const tensor = call.attributes.tensor('value');
    const value = tensor && call.read(tensor);
    if (value && value.data.length !== 1) throw call.fail('one value', `${value.data.length}`);
    call.reserve(shape);
    const data = new Float64Array(sizeOf(shape)).fill(value?.data[0] ?? 0);
    return [{ type: value?.type ?? FLOAT32, shape, data }];
  },
};

/** https://onnx.ai/onnx/operators/onnx__Range.html */
export const range: Operator = {
  attributes: [],
  fold: (call) => {
    const inputs = [0, 1, 2].map((i) => inputOf(call, i));
    const [first, ...others] = inputs as [Value, Value, Value];
    const odd = inputs.find(({ data, type }) => data.length !== 1 || type !== first.type);
    if (odd !== undefined) throw call.fail('three numbers of one type', shapeText(odd.shape));
    const [start = 0, limit = 0, delta = 0] = [first, ...others].map(({ data }) => data[0]);
    const length = Math.max(0, Math.ceil((limit - start) / delta));
    if (!Number.isFinite(length)) throw call.fail('a step that leads to the end', `${delta}`);
    call.reserve([length]);
    const data = Float64Array.from({ length }, (_, i) => first.type.round(start + i * delta));
    return [{ type: first.type, shape: [length], data }];
  },
};

/** https://onnx.ai/onnx/operators/onnx__Size.html */
export const size: Operator = {
  attributes: [],
  fold: (call) => {
    const { shape } = inputOf(call, 0);
    return [{ type: INT64, shape: [], data: Float64Array.of(sizeOf(shape)) }];
  },
};

/** https://onnx.ai/onnx/operators/onnx__Tile.html */
export const tile: Operator = {
  attributes: [],
  fold: (call) => {
    const input = inputOf(call, 0);
    const repeats = integersOf(inputOf(call, 1), call.fail);
    if (repeats.length !== input.shape.length || repeats.some((n) => n < 0)) {
      throw call.fail(`${input.shape.length} repeats`, shapeText(repeats));
    }
    // each axis in two: how often, and the axis itself
    const own = stridesOf(input.shape);
    const pairs = repeats.flatMap((n, axis) => [n, input.shape[axis] as number]);
    call.reserve(pairs);
    const strides = repeats.flatMap((_, axis) => [0, own[axis] as number]);
    const shape = repeats.map((n, axis) => n * (input.shape[axis] as number));
    return [{ ...gathered(input, pairs, strides), shape }];
  },
};

/** https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html with one scale, or one for each element of an axis. */
export const dequantizeLinear: Operator = {
  attributes: ['axis', 'block_size', 'output_dtype'],
  fold: (call) => {
    const [input, scale] = [inputOf(call, 0), inputOf(call, 1)];
    const zero = call.inputs[2];
    if (call.attributes.int('block_size')) throw call.fail('no blocks', 'blocks');
    const to = call.attributes.int('output_dtype') ?? 0;
    const type = to === 0 ? scale.type : NUMBER_TYPES.get(to);
    if (!type?.real || !scale.type.real) throw call.fail('real scales', scale.type.name);
    if (zero && (zero.type !== input.type || zero.data.length !== scale.data.length)) {
      throw call.fail(`zero points of ${input.type.name}, one for each scale`, zero.type.name);
    }
    const { shape } = input;
    let axis = call.attributes.int('axis') ?? 1;
    if (axis < 0) axis += shape.length;
    const one = scale.data.length === 1;
    if (!one && (scale.shape.length !== 1 || scale.data.length !== shape[axis])) {
      throw call.fail(`one scale, or one for each of ${shape[axis] ?? 0}`, shapeText(scale.shape));
    }
    call.reserve(shape);
    const stride = sizeOf(shape.slice(axis + 1));
    const data = input.data.map((value, i) => {
      const at = one ? 0 : Math.floor(i / stride) % scale.data.length;
      return type.round((value - (zero?.data[at] ?? 0)) * (scale.data[at] as number));
    });
    return [{ type, shape, data }];
  },
};
