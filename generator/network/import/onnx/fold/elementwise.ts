import { shapeText, type Value } from '../tensor.js';
import { type Call, gathered, inputOf, type Operator, stridesOf } from './operator.js';

/** Add, Sub, Mul, Div: both inputs broadcast to one shape, the result rounded to their type. */
export function binary(combine: (a: number, b: number) => number): Operator {
  return {
    attributes: [],
    fold: (call) => {
      const [a, b] = [inputOf(call, 0), inputOf(call, 1)];
      if (a.type !== b.type) throw call.fail(`two inputs of ${a.type.name}`, b.type.name);
      const shape = broadcastShape(a, b, call);
      call.reserve(shape);
      const [left, right] = [broadcast(a, shape), broadcast(b, shape)];
      const { round } = a.type;
      const data = left.data.map((value, i) => round(combine(value, right.data[i] as number)));
      if (!a.type.real && !data.every(Number.isSafeInteger)) {
        throw call.fail(`results of ${a.type.name}`, 'a number that it does not hold');
      }
      return [{ type: a.type, shape, data }];
    },
  };
}

/** https://onnx.ai/onnx/operators/onnx__Neg.html */
export const negate: Operator = {
  attributes: [],
  fold: (call) => {
    const input = inputOf(call, 0);
    call.reserve(input.shape);
    return [{ ...input, data: input.data.map((value) => 0 - value) }];
  },
};

function broadcastShape(a: Value, b: Value, { fail }: Call): readonly number[] {
  const rank = Math.max(a.shape.length, b.shape.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [m, n] = [a, b].map(({ shape }) => shape[axis - rank + shape.length] ?? 1);
    if (m === n || n === 1) return m as number;
    if (m === 1) return n as number;
    throw fail('shapes that fit each other', `${shapeText(a.shape)} and ${shapeText(b.shape)}`);
  });
}

function broadcast(value: Value, shape: readonly number[]): Value {
  const strides = stridesOf(value.shape);
  const offset = shape.length - value.shape.length;
  const steps = shape.map((_, axis) =>
    (value.shape[axis - offset] ?? 1) === 1 ? 0 : (strides[axis - offset] as number),
  );
  return gathered(value, shape, steps);
}
