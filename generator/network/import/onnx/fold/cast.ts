import { NUMBER_TYPES } from '../element-types.js';
import { inputOf, type Operator } from './operator.js';

/** https://onnx.ai/onnx/operators/onnx__Cast.html between number types. */
export const cast: Operator = {
  attributes: ['to', 'saturate', 'round_mode'],
  fold: (call) => {
    const input = inputOf(call, 0);
    const to = call.attributes.int('to') ?? 0;
    const type = NUMBER_TYPES.get(to);
    if (type === undefined) throw call.fail('a number type', `ONNX data type ${to}`);
    call.reserve(input.shape);
    const data = input.data.map(type.round);
    if (!type.real && data.some(Number.isNaN)) {
      throw call.fail(`numbers of ${type.name}`, 'one that it does not hold');
    }
    return [{ type, shape: input.shape, data }];
  },
};
