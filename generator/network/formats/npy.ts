import { UserError, unexpected } from '../../base/errors.js';
import {
  decodeElements,
  ELEMENT_BYTES,
  type ElementType,
  elementReader,
  encodeElements,
} from './elements.js';
import { refuseForeign } from './foreign.js';

/** An array of a NumPy `.npy` file, C order. */
export interface NpyArray {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** What is written; what is read comes as Float64Array. */
export type WritableType = 'int32' | 'int64' | 'float32';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const CODES: Readonly<Record<string, ElementType>> = {
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

/** An array as a file has it: little-endian elements, `fortran` where the first axis is the fastest. */
export interface NpyElements {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly fortran: boolean;
  readonly bytes: Uint8Array;
}

/**
 * Reads a `.npy` file, format versions 1 to 3 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):
 * any integer type, float16, float32 and float64, in either order of bytes and of axes; what is returned is C order.
 * @throws UserError FOREIGN_FORMAT, NPY_TRUNCATED, NPY_INVALID or NPY_UNSUPPORTED.
 */
export function readNpy(
  bytes: Uint8Array,
  file: string,
): NpyArray & { readonly data: Float64Array<ArrayBuffer> } {
  return decodeNpy(npyElements(bytes, file), file);
}

/** The header of a `.npy` file, and its elements not yet decoded. @throws UserError as `readNpy` */
export function npyElements(bytes: Uint8Array, file: string): NpyElements {
  const { header, body } = splitNpy(bytes, file);
  const descr = headerField(header, 'descr', /'([^']*)'|(\[)/, file);
  const type = elementType(descr, file);
  const fortran = headerField(header, 'fortran_order', /(True|False)/, file) === 'True';
  const shape = headerField(header, 'shape', /\(([\d\s,]*)\)/, file)
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const needed = shape.reduce((product, n) => product * n, ELEMENT_BYTES[type]);
  if (body.length !== needed) {
    throw new UserError({
      code: body.length < needed ? 'NPY_TRUNCATED' : 'NPY_INVALID',
      message: `${file}: ${type} [${shape.join(', ')}] needs ${needed} bytes of data, there are ${body.length}`,
      file,
      field: 'data',
      expected: needed,
      got: body.length,
    });
  }
  const little = descr.startsWith('>') ? swapped(body, ELEMENT_BYTES[type]) : body;
  return { type, shape, fortran, bytes: little };
}

/** The values of an array, in C order. @throws UserError NPY_UNSUPPORTED where an integer has more than 53 bits */
export function decodeNpy(
  { type, shape, fortran, bytes }: NpyElements,
  file: string,
): NpyArray & { readonly data: Float64Array<ArrayBuffer> } {
  const data = fortran ? rowMajor(type, bytes, shape) : decodeElements(type, bytes);
  if (type === 'int64' || type === 'uint64') {
    const wide = data.find((value) => !Number.isSafeInteger(value));
    if (wide !== undefined) {
      throw unsupported(file, 'data', 'integers of at most 53 bits', String(wide));
    }
  }
  return { type, shape, data };
}

/** The bytes of a version 1 `.npy` file, as numpy.save writes them. */
export function writeNpy(array: NpyArray & { readonly type: WritableType }): Uint8Array {
  const code = array.type === 'float32' ? 'f4' : array.type === 'int64' ? 'i8' : 'i4';
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(', ');
  const dict = `{'descr': '<${code}', 'fortran_order': False, 'shape': (${shape}), }`;
  const total = Math.ceil((MAGIC.length + 4 + dict.length + 1) / 64) * 64;
  const header = new Uint8Array(total).fill(0x20);
  header.set([...MAGIC, 1, 0]);
  new DataView(header.buffer).setUint16(8, total - 10, true);
  header.set(new TextEncoder().encode(dict), 10);
  header[total - 1] = 0x0a;
  const body = encodeElements(array.type, array.data);
  const out = new Uint8Array(total + body.length);
  out.set(header);
  out.set(body, total);
  return out;
}

/** The bytes of every element of `size` bytes the other way round. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  bytes.forEach((byte, i) => {
    out[i - (i % size) + size - 1 - (i % size)] = byte;
  });
  return out;
}

/** Values that are stored with the first axis fastest, as NumPy's Fortran order, with the last axis fastest. */
function rowMajor(
  type: ElementType,
  bytes: Uint8Array,
  shape: readonly number[],
): Float64Array<ArrayBuffer> {
  const read = elementReader(type, bytes);
  const out = new Float64Array(bytes.length / ELEMENT_BYTES[type]);
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = read(from);
    // the next index in C order; `from` follows it
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== shape[axis]) break;
      from -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}

function splitNpy(bytes: Uint8Array, file: string): { header: string; body: Uint8Array } {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    refuseForeign(bytes, file, 'a NumPy array (.npy)');
    throw invalid(file, 'magic', '\\x93NUMPY', 'other bytes');
  }
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) {
    throw unsupported(file, 'version', 'format version 1, 2 or 3', String(version));
  }
  const lengthBytes = version === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length =
    bytes.length < start ? 0 : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (bytes.length < start + length || length === 0) {
    const available = Math.max(0, bytes.length - start);
    throw new UserError({
      code: 'NPY_TRUNCATED',
      message: `${file} is cut short: its header needs ${length} bytes, there are ${available}`,
      file,
      field: 'header',
      expected: length,
      got: available,
    });
  }
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  return { header, body: bytes.subarray(start + length) };
}

/** One entry of the header, which is the text of a Python dictionary. */
function headerField(header: string, name: string, value: RegExp, file: string): string {
  const match = new RegExp(`['"]${name}['"]\\s*:\\s*(?:${value.source})`).exec(header);
  const text = match?.[1] ?? match?.[2];
  if (text === undefined) throw invalid(file, name, 'an entry of the header', header.trim());
  return text;
}

function elementType(descr: string, file: string): ElementType {
  const expected = 'an array of integers, float16, float32 or float64';
  if (descr === '[') throw unsupported(file, 'descr', expected, 'a structured array');
  if (descr.includes('O')) {
    const asked = `${expected}; for arrays of different length numpy.savez(FILE, *ARRAYS), which makes an .npz`;
    throw unsupported(file, 'descr', asked, `Python objects ${descr}`);
  }
  if (/^[|<>=]?b1$|^[|<>=]?\?$/.test(descr)) {
    const asked = `${expected}: .astype("float32") for values of 0.0 and 1.0, .astype("int8") for codes`;
    throw unsupported(file, 'descr', asked, 'truth values');
  }
  const type = /^[<>|=]/.test(descr) ? CODES[descr.slice(1)] : undefined;
  if (type === undefined) throw unsupported(file, 'descr', expected, descr || 'nothing');
  return type;
}

function unsupported(file: string, field: string, expected: string, got: string): UserError {
  return unexpected({ code: 'NPY_UNSUPPORTED', file, field, expected, got });
}

function invalid(file: string, field: string, expected: string, got: string): UserError {
  const at = `${file} is no valid .npy file: ${field}`;
  return unexpected({ code: 'NPY_INVALID', file, field, expected, got }, at);
}
