import { decodeElements } from '../../formats/elements.js';
import {
  BFLOAT16,
  FLOAT16,
  fromBits,
  roundToFormat,
  type SmallFloat,
} from '../../formats/small-float.js';

/** A number type of ONNX tensors that the importer computes with. */
export interface NumberType {
  readonly name: string;
  readonly bytes: number;
  readonly real: boolean;
  /** Numbers from `raw_data`. */
  readonly decode: (raw: Uint8Array) => Float64Array;
  /** One element of the typed field as its value; float16 and bfloat16 are stored as bit patterns. */
  readonly fromField: (stored: number) => number;
  readonly field: 'float_data' | 'double_data' | 'int32_data' | 'int64_data' | 'uint64_data';
  /** The nearest value that the type holds; NaN where an integer is out of range. */
  readonly round: (value: number) => number;
}

const same = (value: number) => value;
const within = (low: number, high: number) => (value: number) =>
  value >= low && value <= high ? Math.trunc(value) + 0 : Number.NaN;

function integer(
  name: string,
  bits: number,
  signed: boolean,
  field: NumberType['field'],
): NumberType {
  const type = name as Parameters<typeof decodeElements>[0];
  const high = Math.min(2 ** (signed ? bits - 1 : bits) - 1, 2 ** 63);
  const round = within(signed ? -(2 ** (bits - 1)) : 0, high);
  const decode = (raw: Uint8Array) => decodeElements(type, raw);
  return { name, bytes: bits / 8, real: false, decode, fromField: same, field, round };
}

function half(name: 'float16' | 'bfloat16', format: SmallFloat): NumberType {
  return {
    name,
    bytes: 2,
    real: true,
    decode: (raw) => decodeElements(name, raw),
    fromField: (bits) => fromBits(bits & 0xffff, format),
    field: 'int32_data',
    round: (value) => roundToFormat(value, format),
  };
}

/** By TensorProto.DataType. Strings, complex numbers and what has less than eight bits are left out. */
export const NUMBER_TYPES: ReadonlyMap<number, NumberType> = new Map([
  [
    1,
    {
      name: 'float32',
      bytes: 4,
      real: true,
      decode: (raw) => decodeElements('float32', raw),
      fromField: same,
      field: 'float_data',
      round: Math.fround,
    } satisfies NumberType,
  ],
  [2, integer('uint8', 8, false, 'int32_data')],
  [3, integer('int8', 8, true, 'int32_data')],
  [4, integer('uint16', 16, false, 'int32_data')],
  [5, integer('int16', 16, true, 'int32_data')],
  [6, integer('int32', 32, true, 'int32_data')],
  [7, integer('int64', 64, true, 'int64_data')],
  [
    9,
    { ...integer('uint8', 8, false, 'int32_data'), name: 'bool', round: (v) => (v === 0 ? 0 : 1) },
  ],
  [10, half('float16', FLOAT16)],
  [
    11,
    {
      name: 'float64',
      bytes: 8,
      real: true,
      decode: (raw) => decodeElements('float64', raw),
      fromField: same,
      field: 'double_data',
      round: same,
    } satisfies NumberType,
  ],
  [12, integer('uint32', 32, false, 'uint64_data')],
  [13, integer('uint64', 64, false, 'uint64_data')],
  [16, half('bfloat16', BFLOAT16)],
]);
