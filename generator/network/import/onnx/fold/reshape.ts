import type { Attributes } from '../attributes.js';
import { shapeText, sizeOf } from '../tensor.js';
import { axisOf, type Call, inputOf, integersOf, listOf, type Operator } from './operator.js';

/** The same numbers under another shape. */
function reshaped(call: Call, shape: readonly number[]) {
  const { type, data } = inputOf(call, 0);
  if (!shape.every((n) => Number.isInteger(n) && n >= 0) || sizeOf(shape) !== data.length) {
    throw call.fail(`a shape of ${data.length} elements`, shapeText(shape));
  }
  return [{ type, shape, data }];
}

/** https://onnx.ai/onnx/operators/onnx__Reshape.html: 0 copies a length (unless allowzero), -1 is the rest. */
export const reshape: Operator = {
  attributes: ['allowzero'],
  fold: (call) => {
    const { shape, data } = inputOf(call, 0);
    const wanted = integersOf(inputOf(call, 1), call.fail);
    const copied = wanted.map((n, axis) =>
      n === 0 && !allowsZero(call.attributes) ? (shape[axis] ?? -2) : n,
    );
    const known = sizeOf(copied.filter((n) => n !== -1));
    const rest = copied.filter((n) => n === -1).length;
    if (rest > 1) throw call.fail('at most one -1', shapeText(wanted));
    return reshaped(
      call,
      copied.map((n) => (n === -1 ? data.length / known : n)),
    );
  },
};

/** Whether a 0 in the shape is a length. */
export function allowsZero(attributes: Attributes): boolean {
  return (attributes.int('allowzero') ?? 0) !== 0;
}

/** https://onnx.ai/onnx/operators/onnx__Flatten.html */
export const flatten: Operator = {
  attributes: ['axis'],
  fold: (call) => {
    const { shape } = inputOf(call, 0);
    const given = call.attributes.int('axis') ?? 1;
    const axis = given === shape.length ? given : axisOf(given, shape.length, call.fail);
    return reshaped(call, [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))]);
  },
};

/** https://onnx.ai/onnx/operators/onnx__Squeeze.html */
export const squeeze: Operator = {
  attributes: ['axes'],
  fold: (call) => {
    const { shape } = inputOf(call, 0);
    const axes = listOf(call, 'axes', { input: 1, since: 13 });
    const dropped = axes?.map((axis) => axisOf(axis, shape.length, call.fail));
    const kept = shape.filter((n, axis) =>
      dropped === undefined ? n !== 1 : !dropped.includes(axis),
    );
    return reshaped(call, kept);
  },
};

/** https://onnx.ai/onnx/operators/onnx__Unsqueeze.html */
export const unsqueeze: Operator = {
  attributes: ['axes'],
  fold: (call) => {
    const { shape } = inputOf(call, 0);
    const axes = listOf(call, 'axes', { input: 1, since: 13 });
    if (axes === undefined) throw call.fail('axes', 'none');
    return reshaped(call, withAxes(shape, axes, 1, call.fail));
  },
};

/** A list with `item` at the positions `axes` of the result. */
export function withAxes<T>(
  list: readonly T[],
  axes: readonly number[],
  item: T,
  fail: Call['fail'],
): readonly T[] {
  const rank = list.length + axes.length;
  const added = new Set(axes.map((axis) => axisOf(axis, rank, fail)));
  if (added.size !== axes.length) throw fail('different axes', axes.join(', '));
  const rest = [...list];
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? item : (rest.shift() as T)));
}
