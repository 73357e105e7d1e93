import {
  axisOf,
  type Call,
  gathered,
  inputOf,
  listOf,
  type Operator,
  stridesOf,
} from './operator.js';

/** https://onnx.ai/onnx/operators/onnx__Split.html */
export const split: Operator = {
  attributes: ['axis', 'split', 'num_outputs'],
  fold: (call) => {
    const input = inputOf(call, 0);
    const axis = axisOf(call.attributes.int('axis') ?? 0, input.shape.length, call.fail);
    const length = input.shape[axis] as number;
    checkEqualParts(call);
    const count = call.attributes.int('num_outputs') ?? call.node.outputs.length;
    if (count !== call.node.outputs.length) {
      throw call.fail(`${count} outputs`, `${call.node.outputs.length}`);
    }
    // equal parts, the last one shorter where that does not work out (from version 18 on)
    const part = Math.ceil(length / count);
    const equal = Array.from({ length: count }, (_, i) =>
      Math.min(part, Math.max(0, length - i * part)),
    );
    if (call.opset < 18 && length % count !== 0) equal.fill(-1);
    const sizes = listOf(call, 'split', { input: 1, since: 13 }) ?? equal;
    const sum = sizes.reduce((a, b) => a + b, 0);
    if (sizes.length !== count || sum !== length || sizes.some((size) => size < 0)) {
      throw call.fail(`${count} parts of ${length} elements`, sizes.join(', '));
    }
    const strides = stridesOf(input.shape);
    call.reserve(input.shape);
    let start = 0;
    return sizes.map((size) => {
      const shape = input.shape.map((n, i) => (i === axis ? size : n));
      const result = gathered(input, shape, strides, start * (strides[axis] as number));
      start += size;
      return result;
    });
  },
};

/** From version 18 on equal parts are said by their number, before by the number of outputs. */
function checkEqualParts({ opset, attributes, inputs, fail }: Call): void {
  const counted = attributes.has('num_outputs');
  if (opset < 18 && counted) throw fail('no num_outputs', 'one');
  if (opset >= 18 && counted === (inputs[1] !== undefined)) {
    throw fail('either split or num_outputs', counted ? 'both' : 'none');
  }
}
