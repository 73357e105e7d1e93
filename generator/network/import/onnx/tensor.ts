import { NUMBER_TYPES, type NumberType } from './element-types.js';
import { onnxError } from './errors.js';
import type { TensorProto } from './messages.js';

/** A constant: numbers in row-major order. */
export interface Value {
  readonly type: NumberType;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

const EXTERNAL = 1;

/** Elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The shape as it stands in messages. */
export const shapeText = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;

/** `float32 [4, 3]`, also for tensors that cannot be read. */
export function describeTensor({ data_type = 0, dims }: TensorProto): string {
  const type = NUMBER_TYPES.get(data_type)?.name ?? `type ${data_type}`;
  return `${type} ${shapeText(dims.map((n) => n.toNumber()))}`;
}

/**
 * The numbers of a tensor. What is read is as long as the data in the file: a shape that asks for another
 * number of elements is refused.
 * @throws UserError ONNX_EXTERNAL_DATA, TENSOR_DTYPE or TENSOR_SHAPE.
 */
export function readTensor(proto: TensorProto, name: string, file: string): Value {
  const fail = (code: string, expected: string, got: string) =>
    onnxError(file, code, name, expected, got);
  if (proto.data_location === EXTERNAL) {
    throw fail('ONNX_EXTERNAL_DATA', 'data in the file itself', 'data in another file');
  }
  if (proto.segment) throw fail('ONNX_INVALID', 'a whole tensor', 'a segment of one');
  const type = NUMBER_TYPES.get(proto.data_type ?? 0);
  if (type === undefined) {
    throw fail('TENSOR_DTYPE', 'numbers', `ONNX data type ${proto.data_type ?? 0}`);
  }
  const shape = proto.dims.map((n) => n.toNumber());
  const raw = proto.raw_data;
  const data =
    raw !== undefined && raw.length > 0
      ? rawData(raw, type, fail)
      : Float64Array.from(fieldData(proto, type), type.fromField);
  if (shape.some((n) => n < 0) || sizeOf(shape) !== data.length) {
    throw fail(
      'TENSOR_SHAPE',
      `${sizeOf(shape)} elements for ${shapeText(shape)}`,
      `${data.length}`,
    );
  }
  return { type, shape, data };
}

type Fail = (code: string, expected: string, got: string) => Error;

function rawData(raw: Uint8Array, type: NumberType, fail: Fail): Float64Array {
  if (raw.length % type.bytes !== 0) {
    throw fail('TENSOR_SHAPE', `a multiple of ${type.bytes} bytes`, `${raw.length} bytes`);
  }
  return type.decode(raw);
}

function fieldData(proto: TensorProto, type: NumberType): readonly number[] {
  if (type.field === 'int64_data' || type.field === 'uint64_data') {
    return proto[type.field].map((n) => n.toNumber());
  }
  return proto[type.field];
}
