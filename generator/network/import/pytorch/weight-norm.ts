import { unexpected } from '../../../base/errors.js';
import { encodeElements } from '../../formats/elements.js';
import type { Tensor } from '../../formats/safetensors.js';
import { realType, shapeText, valuesOf } from './tensors.js';

/**
 * g · v / |v|, as torch.nn.utils.weight_norm computes it before every use: g has one value for each row, column or the
 * whole of v, and |v| is the root of the sum of squares over all axes in which g has one value only. Rounded to the
 * type of v. @throws UserError WEIGHT_NORM when g and v do not fit, or a norm is zero
 */
export function normalised(g: Tensor, v: Tensor, field: string, file: string): Tensor {
  const fail = (expected: string, got: string) =>
    unexpected({ code: 'WEIGHT_NORM', file, field, expected, got });
  const type = realType(v);
  const [scales, values] = [g, v].map(valuesOf);
  if (type === undefined || !scales || !values || realType(g) === undefined) {
    throw fail('real numbers', `${shapeText(g)} and ${shapeText(v)}`);
  }
  // a scalar is one value for the whole
  const shape = g.shape.length === 0 ? v.shape.map(() => 1) : g.shape;
  const kept = shape.filter((n) => n !== 1).length;
  const fits =
    shape.length === v.shape.length && shape.every((n, axis) => n === 1 || n === v.shape[axis]);
  if (!fits || kept > 1) {
    const expected = `one value for each row, or one for each column, of ${shapeText(v)}`;
    throw fail(expected, shapeText(g));
  }
  const axis = shape.findIndex((n) => n !== 1);
  const inner = v.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const own = axis < 0 ? 1 : (shape[axis] as number);
  const indexOf = (i: number) => (axis < 0 ? 0 : Math.floor(i / inner) % own);
  const squares = new Float64Array(own);
  values.forEach((value, i) => {
    squares[indexOf(i)] = (squares[indexOf(i)] as number) + value * value;
  });
  const zero = squares.indexOf(0);
  if (zero >= 0 && values.length > 0) throw fail('norms above zero', `0 at element ${zero}`);
  const factors = squares.map((square, i) => (scales[i] as number) / Math.sqrt(square));
  const products = values.map((value, i) => value * (factors[indexOf(i)] as number));
  return { ...v, bytes: encodeElements(type, products) };
}
