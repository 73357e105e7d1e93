import { type UserError, unexpected } from '../../../base/errors.js';
import { isList, type Json } from '../../formats/json.js';
import { shown } from './fields.js';

/** Numbers of a nested list, the last axis fastest. */
export interface JsonArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Whether a value is a number or a list that begins with numbers, at whatever depth. */
export function isArray(value: Json): boolean {
  let inner: Json | undefined = value;
  while (isList(inner) && inner.length > 0) inner = inner[0];
  return typeof inner === 'number' || isList(inner);
}

/** @throws UserError TENSOR_SHAPE where lists beside each other differ, TENSOR_DTYPE where something is no number */
export function arrayOf(value: Json, file: string, field: string): JsonArray {
  const shape: number[] = [];
  for (let inner: Json | undefined = value; isList(inner); inner = inner[0]) {
    shape.push(inner.length);
    if (inner.length === 0) break;
  }
  const fail = (code: string, expected: string, got: string): UserError =>
    unexpected({ code, file, field, expected, got });
  let at = 0;
  const values = new Float64Array(count(value, fail));
  const fill = (one: Json, axis: number): void => {
    if (!isList(one)) {
      if (axis < shape.length) throw fail('TENSOR_SHAPE', 'lists of equal depth', shown(one));
      values[at++] = one as number;
      return;
    }
    if (axis >= shape.length || one.length !== shape[axis]) {
      const expected = `lists of equal length, as of [${shape.join(', ')}]`;
      throw fail('TENSOR_SHAPE', expected, shown(one));
    }
    for (const inner of one) fill(inner, axis + 1);
  };
  fill(value, 0);
  return { shape, values };
}

function count(value: Json, fail: (code: string, expected: string, got: string) => UserError) {
  if (isList(value)) {
    let sum = 0;
    for (const inner of value) sum += count(inner, fail);
    return sum;
  }
  if (typeof value !== 'number') throw fail('TENSOR_DTYPE', 'numbers', shown(value));
  return 1;
}

/** A matrix [rows][columns] as [columns][rows]. */
export function transposed({ shape, values }: JsonArray): JsonArray {
  const [rows = 0, columns = 0] = shape;
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    out[(i % columns) * rows + Math.floor(i / columns)] = values[i] as number;
  }
  return { shape: [columns, rows], values: out };
}
