import type { Attributes } from '../attributes.js';
import type { TensorProto } from '../messages.js';
import type { Node } from '../node.js';
import { shapeText, type Value } from '../tensor.js';

/** What an operator gets to compute a constant from. */
export interface Call {
  readonly node: Node;
  /** Undefined where an optional input is absent. */
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  /** Version of the operator set. */
  readonly opset: number;
  /** Called with the shape of a result before it is made. @throws UserError IMPORT_TOO_LARGE. */
  readonly reserve: (shape: readonly number[]) => void;
  /** The error about this node. */
  readonly fail: (expected: string, got: string) => Error;
  /** The numbers of a tensor attribute. */
  readonly read: (tensor: TensorProto) => Value;
}

/** An operator of ONNX that can be computed on constants. */
export interface Operator {
  /** Attributes that it may have. */
  readonly attributes: readonly string[];
  /** Its outputs. */
  readonly fold: (call: Call) => readonly Value[];
}

/** An input that the operator cannot do without. */
export function inputOf({ inputs, fail }: Call, index: number): Value {
  const value = inputs[index];
  if (value === undefined) throw fail(`input ${index}`, 'none');
  return value;
}

/** Whole numbers of a constant with one axis; with `scalar` also a single number without an axis. */
export function integersOf(value: Value, fail: Call['fail'], scalar = false): readonly number[] {
  const axes = value.shape.length;
  const listed = axes === 1 || (scalar && axes === 0);
  if (!listed || !['int32', 'int64'].includes(value.type.name)) {
    throw fail('a list of integers', `${value.type.name} ${shapeText(value.shape)}`);
  }
  return [...value.data];
}

/** Whole numbers that are an attribute up to one version of the operator set and an input from it on. */
export function listOf(
  call: Call,
  name: string,
  { input, since }: { readonly input: number; readonly since: number },
): readonly number[] | undefined {
  if (call.opset < since) {
    if (call.inputs[input] !== undefined) throw call.fail(`${name} as an attribute`, 'an input');
    return call.attributes.ints(name);
  }
  if (call.attributes.has(name)) throw call.fail(`${name} as an input`, 'an attribute');
  const value = call.inputs[input];
  return value && integersOf(value, call.fail);
}

/** An axis that may be counted from the end, as one of 0 ... rank - 1. */
export function axisOf(axis: number, rank: number, fail: Call['fail']): number {
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  throw fail(`an axis from ${-rank} to ${rank - 1}`, `${axis}`);
}

/** Distances in the data between neighbours on each axis. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  }
  return strides;
}

/** A tensor of that shape whose element at [i, j, ...] is the one at start + i * strides[0] + j * strides[1] ... */
export function gathered(
  source: Value,
  shape: readonly number[],
  strides: readonly number[],
  start = 0,
): Value {
  const data = new Float64Array(shape.reduce((a, b) => a * b, 1));
  const index = new Array<number>(shape.length).fill(0);
  let at = start;
  for (let i = 0; i < data.length; i++) {
    data[i] = source.data[at] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      at += strides[axis] as number;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      at -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return { type: source.type, shape, data };
}
