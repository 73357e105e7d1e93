import { shapeText, sizeOf, type Value } from '../tensor.js';
import { axisOf, inputOf, type Operator } from './operator.js';

/** https://onnx.ai/onnx/operators/onnx__Concat.html */
export const concat: Operator = {
  attributes: ['axis'],
  fold: (call) => {
    const inputs = call.inputs.map((_, i) => inputOf(call, i));
    const first = inputOf(call, 0);
    const given = call.attributes.int('axis');
    if (given === undefined) throw call.fail('an axis', 'none');
    const axis = axisOf(given, first.shape.length, call.fail);
    const others = ({ type, shape }: Value) =>
      `${type.name} ${shapeText(shape.map((n, i) => (i === axis ? '*' : n)))}`;
    const odd = inputs.find((input) => others(input) !== others(first));
    if (odd !== undefined) throw call.fail(others(first), others(odd));
    const length = inputs.reduce((sum, { shape }) => sum + (shape[axis] as number), 0);
    const shape = first.shape.map((n, i) => (i === axis ? length : n));
    call.reserve(shape);
    const data = new Float64Array(sizeOf(shape));
    const row = length * sizeOf(shape.slice(axis + 1));
    let offset = 0;
    for (const input of inputs) {
      const part = sizeOf(input.shape.slice(axis));
      for (let at = 0; part > 0 && at * part < input.data.length; at++) {
        data.set(input.data.subarray(at * part, (at + 1) * part), at * row + offset);
      }
      offset += part;
    }
    return [{ type: first.type, shape, data }];
  },
};
