import type { Attributes } from '../attributes.js';
import {
  axisOf,
  type Call,
  gathered,
  inputOf,
  integersOf,
  type Operator,
  stridesOf,
} from './operator.js';

/** What is taken from one axis: `length` elements from `start`, `step` apart. */
export interface Range {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** Where Slice cuts, as the file states it. */
export interface Cuts {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}

/** https://onnx.ai/onnx/operators/onnx__Slice.html */
export const slice: Operator = {
  attributes: ['starts', 'ends', 'axes'],
  fold: (call) => {
    const input = inputOf(call, 0);
    const lists = call.inputs.slice(1).map((value) => value && integersOf(value, call.fail));
    const cuts = cutsOf(call.opset, call.attributes, lists, call.fail);
    const ranges: Range[] = input.shape.map((length) => ({ start: 0, step: 1, length }));
    const done = new Set<number>();
    cuts.axes.forEach((given, i) => {
      const axis = axisOf(given, input.shape.length, call.fail);
      if (done.has(axis)) throw call.fail('an axis once', `${axis} twice`);
      done.add(axis);
      ranges[axis] = rangeOf(cuts, i, input.shape[axis] as number);
    });
    const shape = ranges.map(({ length }) => length);
    call.reserve(shape);
    const strides = stridesOf(input.shape);
    const start = ranges.reduce(
      (sum, range, axis) => sum + range.start * (strides[axis] as number),
      0,
    );
    const steps = ranges.map(({ step }, axis) => step * (strides[axis] as number));
    return [gathered(input, shape, steps, start)];
  },
};

/** Attributes up to version 9 of the operator set, inputs (the lists after the data) from 10 on. */
export function cutsOf(
  opset: number,
  attributes: Attributes,
  lists: readonly (readonly number[] | undefined)[],
  fail: Call['fail'],
): Cuts {
  const given = (['starts', 'ends', 'axes'] as const).map((name, i) => {
    if (opset >= 10 === attributes.has(name)) {
      if (attributes.has(name)) throw fail(`${name} as an input`, 'an attribute');
    }
    return opset < 10 ? attributes.ints(name) : lists[i];
  });
  const [starts, ends, axes = starts?.map((_, axis) => axis)] = given;
  const steps = (opset < 10 ? undefined : lists[3]) ?? starts?.map(() => 1);
  if (starts === undefined || ends === undefined || axes === undefined || steps === undefined) {
    throw fail('starts and ends', 'none');
  }
  const lengths = [starts, ends, axes, steps].map((list) => list.length);
  if (new Set(lengths).size !== 1) throw fail('lists of one length', lengths.join(', '));
  if (steps.includes(0)) throw fail('steps other than 0', '0');
  return { starts, ends, axes, steps };
}

/** Cut number `i` on an axis of `length` elements: counted from the end where negative, and clamped. */
export function rangeOf({ starts, ends, steps }: Cuts, i: number, length: number): Range {
  const step = steps[i] as number;
  const clamp = (at: number, low: number, high: number) =>
    Math.min(Math.max(at < 0 ? at + length : at, low), high);
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const start = clamp(starts[i] as number, 0, high);
  const end = clamp(ends[i] as number, low, high);
  return { start, step, length: Math.max(0, Math.ceil((end - start) / step)) };
}
