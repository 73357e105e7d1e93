import { type Call, gathered, inputOf, type Operator, stridesOf } from './operator.js';

/** https://onnx.ai/onnx/operators/onnx__Transpose.html */
export const transpose: Operator = {
  attributes: ['perm'],
  fold: (call) => {
    const input = inputOf(call, 0);
    const order = permutation(call.attributes.ints('perm'), input.shape.length, call.fail);
    call.reserve(input.shape);
    const strides = stridesOf(input.shape);
    const pick = (list: readonly number[]) => order.map((axis) => list[axis] as number);
    return [gathered(input, pick(input.shape), pick(strides))];
  },
};

/** The axes in their new order; without `perm` reversed. */
export function permutation(
  perm: readonly number[] | undefined,
  rank: number,
  fail: Call['fail'],
): readonly number[] {
  const order = perm ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const sorted = [...order].sort((a, b) => a - b);
  if (order.length === rank && sorted.every((axis, i) => axis === i)) return order;
  throw fail(`a permutation of ${rank} axes`, order.join(', '));
}
