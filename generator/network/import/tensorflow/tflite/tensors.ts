import { decodeElements, ELEMENT_BYTES, type ElementType } from '../../../formats/elements.js';
import { tensorflowError } from '../errors.js';
import type { TfliteTensor } from './schema.js';

/** Element types by their number in the schema; ONNX's number where this program computes with them. */
const TYPES: readonly (readonly [name: string, onnx: number, type?: ElementType])[] = [
  ['float32', 1, 'float32'],
  ['float16', 10, 'float16'],
  ['int32', 6, 'int32'],
  ['uint8', 2, 'uint8'],
  ['int64', 7, 'int64'],
  ['string', 0],
  ['bool', 9, 'uint8'],
  ['int16', 5, 'int16'],
  ['complex64', 0],
  ['int8', 3, 'int8'],
  ['float64', 11, 'float64'],
  ['complex128', 0],
  ['uint64', 13, 'uint64'],
  ['resource', 0],
  ['variant', 0],
  ['uint32', 12, 'uint32'],
  ['uint16', 4, 'uint16'],
  ['int4', 0],
  ['bfloat16', 16, 'bfloat16'],
  ['int2', 0],
  ['uint4', 0],
];

export const FLOAT32 = 0;
export const FLOAT16 = 1;
const WHOLE = ['int8', 'uint8', 'int16', 'int4', 'int2', 'uint4', 'uint16'];

export const typeName = ({ type }: TfliteTensor): string => TYPES[type]?.[0] ?? `type ${type}`;
export const onnxType = ({ type }: TfliteTensor): number => TYPES[type]?.[1] ?? 0;
/** ONNX's number of an element type by its number here; 0 where it has none. */
export const onnxTypeOf = (type: number): number => TYPES[type]?.[1] ?? 0;

/** `int8 [4, 3]` */
export const describe = (tensor: TfliteTensor): string =>
  `${typeName(tensor)} [${tensor.shape.join(', ')}]`;

/** Whether the numbers of a tensor are codes of real ones. */
export function isCoded(tensor: TfliteTensor): boolean {
  return WHOLE.includes(typeName(tensor)) && tensor.quantization !== null;
}

/** Whether a tensor is of a type that only integer arithmetic uses. */
export function isIntegerValue(tensor: TfliteTensor): boolean {
  return WHOLE.includes(typeName(tensor));
}

/**
 * The real numbers of a constant: as they are, or scale * (code - zero point), exactly.
 * @throws UserError TENSOR_DTYPE, TENSOR_SHAPE, TENSOR_NOT_FINITE
 */
export function realsOf(tensor: TfliteTensor, field: string, file: string): Float64Array {
  const fail = (code: string, expected: string, got: string) =>
    tensorflowError(file, code, `${field} (${tensor.name})`, expected, got);
  if (tensor.odd !== null) {
    throw fail(
      'TENSOR_DTYPE',
      'a plain tensor (convert the network without)',
      `${tensor.odd} data`,
    );
  }
  const [name = '', , type] = TYPES[tensor.type] ?? [];
  const coded = isCoded(tensor);
  const real =
    type === 'float32' || type === 'float16' || type === 'float64' || type === 'bfloat16';
  if (type === undefined || (!real && !coded)) {
    throw fail('TENSOR_DTYPE', 'real numbers, or int8 with a scale', name || `type ${tensor.type}`);
  }
  const data = tensor.data ?? new Uint8Array();
  const size = tensor.shape.reduce((a, b) => a * b, 1);
  if (data.length !== size * ELEMENT_BYTES[type]) {
    throw fail('TENSOR_SHAPE', `${size} elements of ${name}`, `${data.length} bytes`);
  }
  const values = decodeElements(type, data);
  if (coded) decode(tensor, values, fail);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return values;
  throw fail('TENSOR_NOT_FINITE', 'finite numbers', `${values[bad]} at element ${bad}`);
}

/** https://ai.google.dev/edge/litert/models/quantization_spec: one scale, or one for each index of an axis. */
function decode(
  { quantization, shape }: TfliteTensor,
  values: Float64Array,
  fail: (code: string, expected: string, got: string) => Error,
): void {
  const { scales, zeros, axis } = quantization ?? { scales: [], zeros: [], axis: 0 };
  const channels = scales.length === 1 ? 1 : shape[axis];
  if (scales.length !== channels || (zeros.length > 0 && zeros.length !== channels)) {
    const got = `${scales.length} scales and ${zeros.length} zero points`;
    throw fail('TENSOR_SHAPE', `one scale, or ${channels ?? 'one for each channel'}`, got);
  }
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  for (let i = 0; i < values.length; i++) {
    const channel = channels === 1 ? 0 : Math.floor(i / inner) % channels;
    const code = (values[i] as number) - (zeros[channel] ?? 0);
    values[i] = code * (scales[channel] as number);
  }
}
