import { ELEMENT_BYTES, type ElementType } from '../elements.js';
import type { Constructor, Constructors } from './constructors.js';
import { PyBytes, PyForeign, PyTuple, type PyValue, sequence, sizes } from './values.js';

const TYPES: Readonly<Record<string, ElementType | 'bool'>> = {
  b1: 'bool',
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

/** A type of elements of NumPy. */
export class PyDtype extends PyForeign {
  bigEndian = false;

  constructor(readonly code: string) {
    super();
  }

  /** Undefined where there are other things than numbers. */
  get type(): ElementType | 'bool' | undefined {
    return TYPES[this.code.replace(/^[<>=|]/, '')];
  }

  override build(state: PyValue): void {
    const [, order] = sequence(state) ?? [];
    this.bigEndian = order === '>';
  }
}

/** An array or a scalar (no axes) of NumPy. */
export class PyArray extends PyForeign {
  shape: readonly number[] | null = null;
  dtype: PyDtype | null = null;
  /** The first axis is the fastest. */
  fortran = false;
  data: PyBytes | null = null;

  override build(state: PyValue): void {
    const [, shape, dtype, fortran, data] = sequence(state) ?? [];
    this.#set(shape, dtype, fortran === true, data);
  }

  static of(
    shape: PyValue | undefined,
    dtype: PyValue | undefined,
    fortran: boolean,
    data: PyValue | undefined,
  ) {
    const array = new PyArray();
    array.#set(shape, dtype, fortran, data);
    return array;
  }

  #set(
    shape: PyValue | undefined,
    dtype: PyValue | undefined,
    fortran: boolean,
    data: PyValue | undefined,
  ): void {
    this.shape = sizes(shape);
    this.dtype = dtype instanceof PyDtype ? dtype : null;
    this.fortran = fortran;
    this.data = data instanceof PyBytes ? data : null;
  }

  /** What its numbers are; null where it has none, or not as many as its shape says. */
  get type(): ElementType | 'bool' | null {
    const { shape, data } = this;
    const type = this.dtype?.type;
    if (shape === null || data === null || type === undefined) return null;
    return data.length === shape.reduce((product, n) => product * n, sizeOf(type)) ? type : null;
  }

  /** Little-endian bytes in C order; only where there is a `type`. */
  elements(): Uint8Array {
    const { shape, data, type } = this;
    if (shape === null || data === null || type === null) return new Uint8Array();
    const size = sizeOf(type);
    const ordered = this.fortran ? transposed(data.bytes, shape, size) : data.bytes;
    return this.dtype?.bigEndian ? reversed(ordered, size) : ordered;
  }
}

const sizeOf = (type: ElementType | 'bool'): number => (type === 'bool' ? 1 : ELEMENT_BYTES[type]);

const scalar: Constructor = ([dtype, data]) => PyArray.of(new PyTuple([]), dtype, false, data);
const fromBuffer: Constructor = ([data, dtype, shape, order]) =>
  PyArray.of(shape, dtype, order === 'F', data);

/** Arrays, scalars and types of NumPy 1 and 2. */
export const NUMPY: Constructors = new Map<string, Constructor>([
  ['numpy.dtype', ([code]) => (typeof code === 'string' ? new PyDtype(code) : undefined)],
  ['numpy.core.multiarray._reconstruct', () => new PyArray()],
  ['numpy._core.multiarray._reconstruct', () => new PyArray()],
  ['numpy.core.multiarray.scalar', scalar],
  ['numpy._core.multiarray.scalar', scalar],
  ['numpy.core.numeric._frombuffer', fromBuffer],
  ['numpy._core.numeric._frombuffer', fromBuffer],
]);

/** From the first axis being the fastest to the last one. */
function transposed(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const index = shape.map(() => 0);
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, size));
  for (let to = 0, from = 0; to < out.length; to += size) {
    out.set(bytes.subarray(from, from + size), to);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = steps[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      from += step;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      from -= step * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}

/** Every element of `size` bytes the other way round. */
export function reversed(bytes: Uint8Array, size: number): Uint8Array {
  const out = Uint8Array.from(bytes);
  if (size > 1) for (let at = 0; at < out.length; at += size) out.subarray(at, at + size).reverse();
  return out;
}
