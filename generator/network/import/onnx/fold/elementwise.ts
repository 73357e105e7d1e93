import { NUMBER_TYPES, type NumberType } from '../element-types.js';
import { shapeText, type Value } from '../tensor.js';
import { type Call, gathered, inputOf, integersOf, type Operator, stridesOf } from './operator.js';

/** Add, Sub, Mul: both inputs broadcast to one shape, the result rounded to their type. */
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

/** Equal, Less, Greater, And, Or: both inputs broadcast to one shape, the result is true or false. */
export function comparison(holds: (a: number, b: number) => boolean): Operator {
  return {
    attributes: [],
    fold: (call) => {
      const [a, b] = [inputOf(call, 0), inputOf(call, 1)];
      if (a.type !== b.type) throw call.fail(`two inputs of ${a.type.name}`, b.type.name);
      const shape = broadcastShape(a, b, call);
      call.reserve(shape);
      const [left, right] = [broadcast(a, shape), broadcast(b, shape)];
      const data = left.data.map((value, i) => (holds(value, right.data[i] as number) ? 1 : 0));
      return [{ type: BOOL, shape, data }];
    },
  };
}

/** https://onnx.ai/onnx/operators/onnx__Not.html */
export const not: Operator = {
  attributes: [],
  fold: (call) => {
    const input = inputOf(call, 0);
    if (input.type !== BOOL) throw call.fail('true or false', input.type.name);
    call.reserve(input.shape);
    return [{ ...input, data: input.data.map((value) => (value === 0 ? 1 : 0)) }];
  },
};

/** https://onnx.ai/onnx/operators/onnx__Mod.html: the sign is that of the divisor, with fmod that of the dividend. */
export const mod: Operator = {
  attributes: ['fmod'],
  fold: (call) => {
    const truncates = (call.attributes.int('fmod') ?? 0) !== 0;
    const whole = !inputOf(call, 0).type.real;
    if (!whole && !truncates) throw call.fail('whole numbers, or fmod', 'real numbers');
    if (whole && inputOf(call, 1).data.includes(0)) throw call.fail('divisors other than 0', '0');
    const remainder = (a: number, b: number) =>
      truncates || a % b === 0 || a < 0 === b < 0 ? a % b : (a % b) + b;
    return binary(remainder).fold(call);
  },
};

/** https://onnx.ai/onnx/operators/onnx__Div.html: between whole numbers the quotient is truncated. */
export const divide: Operator = {
  attributes: [],
  fold: (call) => {
    const { real } = inputOf(call, 0).type;
    if (!real && inputOf(call, 1).data.includes(0)) throw call.fail('divisors other than 0', '0');
    return binary((a, b) => (real ? a / b : Math.trunc(a / b))).fold(call);
  },
};

/** https://onnx.ai/onnx/operators/onnx__Where.html */
export const where: Operator = {
  attributes: [],
  fold: (call) => {
    const [condition, a, b] = [inputOf(call, 0), inputOf(call, 1), inputOf(call, 2)];
    if (condition.type !== BOOL) throw call.fail('a condition', condition.type.name);
    if (a.type !== b.type) throw call.fail(`two inputs of ${a.type.name}`, b.type.name);
    const shape = broadcastShape({ ...a, shape: broadcastShape(a, b, call) }, condition, call);
    call.reserve(shape);
    const [asked, yes, no] = [condition, a, b].map((value) => broadcast(value, shape).data);
    const data = Float64Array.from(
      asked as Float64Array,
      (one, i) => ((one === 0 ? no : yes) as Float64Array)[i] as number,
    );
    return [{ type: a.type, shape, data }];
  },
};

/** https://onnx.ai/onnx/operators/onnx__Expand.html */
export const expand: Operator = {
  attributes: [],
  fold: (call) => {
    const [input, wanted] = [inputOf(call, 0), integersOf(inputOf(call, 1), call.fail)];
    if (wanted.some((n) => n < 0)) throw call.fail('lengths', shapeText(wanted));
    const shape = broadcastShape(input, { ...input, shape: wanted }, call);
    call.reserve(shape);
    return [broadcast(input, shape)];
  },
};

const BOOL = NUMBER_TYPES.get(9) as NumberType;

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
