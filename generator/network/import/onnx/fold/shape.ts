import { NUMBER_TYPES, type NumberType } from '../element-types.js';
import { inputOf, type Operator } from './operator.js';

/** https://onnx.ai/onnx/operators/onnx__Shape.html */
export const shape: Operator = {
  attributes: ['start', 'end'],
  fold: (call) => {
    const lengths = inputOf(call, 0).shape;
    const { start, end } = { start: call.attributes.int('start'), end: call.attributes.int('end') };
    const data = Float64Array.from(lengths.slice(start ?? 0, end ?? lengths.length));
    return [{ type: NUMBER_TYPES.get(7) as NumberType, shape: [data.length], data }];
  },
};
