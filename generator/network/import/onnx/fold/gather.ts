import { sizeOf } from '../tensor.js';
import { axisOf, inputOf, type Operator } from './operator.js';

/** https://onnx.ai/onnx/operators/onnx__Gather.html */
export const gather: Operator = {
  attributes: ['axis'],
  fold: (call) => {
    const [input, indices] = [inputOf(call, 0), inputOf(call, 1)];
    const axis = axisOf(call.attributes.int('axis') ?? 0, input.shape.length, call.fail);
    if (!['int32', 'int64'].includes(indices.type.name)) {
      throw call.fail('int32 or int64 indices', indices.type.name);
    }
    const length = input.shape[axis] as number;
    const [before, after] = [input.shape.slice(0, axis), input.shape.slice(axis + 1)];
    const shape = [...before, ...indices.shape, ...after];
    call.reserve(shape);
    const picked = Array.from(indices.data, (index) => axisOf(index, length, call.fail));
    const row = sizeOf(after);
    const data = new Float64Array(sizeOf(shape));
    for (let outer = 0; data.length > 0 && outer < sizeOf(before); outer++) {
      picked.forEach((index, i) => {
        const from = (outer * length + index) * row;
        data.set(input.data.subarray(from, from + row), (outer * picked.length + i) * row);
      });
    }
    return [{ type: input.type, shape, data }];
  },
};
