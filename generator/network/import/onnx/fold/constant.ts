import { NUMBER_TYPES, type NumberType } from '../element-types.js';
import type { Value } from '../tensor.js';
import type { Operator } from './operator.js';

/** https://onnx.ai/onnx/operators/onnx__Constant.html, but for strings and sparse tensors. */
export const constant: Operator = {
  attributes: ['value', 'value_float', 'value_floats', 'value_int', 'value_ints'],
  fold: ({ node, attributes, reserve, fail, read }) => {
    if (node.attributes.length !== 1) throw fail('one value', `${node.attributes.length}`);
    const tensor = attributes.has('value') ? attributes.tensor('value') : undefined;
    if (tensor !== undefined) {
      const value = read(tensor);
      reserve(value.shape);
      return [value];
    }
    const scalar = (type: number, value: number | undefined): Value | undefined =>
      value === undefined ? undefined : of(type, [], [value]);
    const list = (type: number, values: readonly number[] | undefined): Value | undefined =>
      values && of(type, [values.length], values);
    const value =
      scalar(1, attributes.float('value_float')) ??
      list(1, attributes.floats('value_floats')) ??
      scalar(7, attributes.int('value_int')) ??
      list(7, attributes.ints('value_ints'));
    if (value === undefined) throw fail('a value', 'none');
    return [value];
  },
};

function of(type: number, shape: readonly number[], data: readonly number[]): Value {
  return { type: NUMBER_TYPES.get(type) as NumberType, shape, data: Float64Array.from(data) };
}
