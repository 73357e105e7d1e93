/** Numbers in and out of little-endian bytes, whatever the machine and the alignment of the buffer. */
import { BFLOAT16, FLOAT16, fromBits, toBits } from './small-float.js';

export type ElementType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64';

export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
};

type Getter = (view: DataView, offset: number) => number;
type Setter = (view: DataView, offset: number, value: number) => void;

const GET: Readonly<Record<ElementType, Getter>> = {
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at) => view.getInt16(at, true),
  uint16: (view, at) => view.getUint16(at, true),
  int32: (view, at) => view.getInt32(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  int64: (view, at) => Number(view.getBigInt64(at, true)),
  uint64: (view, at) => Number(view.getBigUint64(at, true)),
  float16: (view, at) => fromBits(view.getUint16(at, true), FLOAT16),
  bfloat16: (view, at) => fromBits(view.getUint16(at, true), BFLOAT16),
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
};

const SET: Readonly<Record<ElementType, Setter>> = {
  int8: (view, at, value) => view.setInt8(at, value),
  uint8: (view, at, value) => view.setUint8(at, value),
  int16: (view, at, value) => view.setInt16(at, value, true),
  uint16: (view, at, value) => view.setUint16(at, value, true),
  int32: (view, at, value) => view.setInt32(at, value, true),
  uint32: (view, at, value) => view.setUint32(at, value, true),
  int64: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  uint64: (view, at, value) => view.setBigUint64(at, BigInt(value), true),
  float16: (view, at, value) => view.setUint16(at, toBits(value, FLOAT16), true),
  bfloat16: (view, at, value) => view.setUint16(at, toBits(value, BFLOAT16), true),
  float32: (view, at, value) => view.setFloat32(at, value, true),
  float64: (view, at, value) => view.setFloat64(at, value, true),
};

/** What reads one element, by its index in the order of the bytes. */
export function elementReader(type: ElementType, bytes: Uint8Array): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = ELEMENT_BYTES[type];
  const get = GET[type];
  return (index) => get(view, index * size);
}

/** All elements as numbers. 64-bit integers beyond 2^53 lose their low bits; callers refuse them. */
export function decodeElements(type: ElementType, bytes: Uint8Array): Float64Array<ArrayBuffer> {
  const read = elementReader(type, bytes);
  const values = new Float64Array(bytes.byteLength / ELEMENT_BYTES[type]);
  for (let i = 0; i < values.length; i++) values[i] = read(i);
  return values;
}

/** Whether numbers lie in memory with their low bytes first, as files have them. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * All elements in no more bytes than they need, exactly: those of 16 bits as float32, others in their own type. They are a view of
 * `bytes`, which must not change, where a view can be had.
 */
export function floatsIn(
  type: 'float16' | 'bfloat16' | 'float32' | 'float64',
  bytes: Uint8Array,
): Float32Array | Float64Array {
  const { buffer, byteOffset, byteLength } = bytes;
  const size = ELEMENT_BYTES[type];
  const length = byteLength / size;
  if (LITTLE_ENDIAN && size >= 4 && byteOffset % size === 0) {
    if (type === 'float64') return new Float64Array(buffer, byteOffset, length);
    return new Float32Array(buffer, byteOffset, length);
  }
  const read = elementReader(type, bytes);
  const values = type === 'float64' ? new Float64Array(length) : new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = read(i);
  return values;
}

/** The bytes of `values`; the caller has checked that each fits its type. */
export function encodeElements(type: ElementType, values: ArrayLike<number>): Uint8Array {
  const size = ELEMENT_BYTES[type];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  const set = SET[type];
  for (let i = 0; i < values.length; i++) set(view, i * size, values[i] as number);
  return bytes;
}
