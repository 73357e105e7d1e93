import { NUMBER_TYPES, type NumberType } from './element-types.js';
import { onnxError } from './errors.js';
import { externalData, type Source } from './external.js';
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

/** Bytes of a tensor that lie in another file. */
export function externalBytes({ data_location, dims, data_type = 0 }: TensorProto): number {
  if (data_location !== EXTERNAL) return 0;
  return sizeOf(dims.map((n) => n.toNumber())) * (NUMBER_TYPES.get(data_type)?.bytes ?? 0);
}

/** `float32 [4, 3]`, also for tensors that cannot be read. */
export function describeTensor({ data_type = 0, dims }: TensorProto): string {
  const type = NUMBER_TYPES.get(data_type)?.name ?? `type ${data_type}`;
  return `${type} ${shapeText(dims.map((n) => n.toNumber()))}`;
}

/**
 * The numbers of a tensor, in the file or beside it. What is read is as long as the data there: a shape that asks for
 * another number of elements is refused.
 * @throws UserError ONNX_EXTERNAL_DATA, ONNX_INVALID, TENSOR_DTYPE, TENSOR_SHAPE, or what reading beside throws.
 */
export function readTensor(proto: TensorProto, name: string, source: Source): Value {
  const fail = (code: string, expected: string, got: string) =>
    onnxError(source.file, code, name, expected, got);
  if (proto.segment) throw fail('ONNX_INVALID', 'a whole tensor', 'a segment of one');
  const type = NUMBER_TYPES.get(proto.data_type ?? 0);
  if (type === undefined) {
    throw fail('TENSOR_DTYPE', 'numbers', `ONNX data type ${proto.data_type ?? 0}`);
  }
  const shape = proto.dims.map((n) => n.toNumber());
  const size = sizeOf(shape);
  if (shape.some((n) => n < 0)) throw fail('TENSOR_SHAPE', 'lengths', shapeText(shape));
  const external = proto.data_location === EXTERNAL;
  const raw = external
    ? externalData(proto, name, size * type.bytes, source)
    : (proto.raw_data ?? new Uint8Array());
  const data =
    external || raw.length > 0
      ? rawData(raw, type, fail)
      : Float64Array.from(fieldData(proto, type), type.fromField);
  if (size !== data.length) {
    throw fail('TENSOR_SHAPE', `${size} elements for ${shapeText(shape)}`, `${data.length}`);
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
