import { type PyArray, reversed } from '../../formats/pickle/numpy.js';
import { type Dtype, ELEMENT_DTYPES, type Tensor } from '../../formats/safetensors.js';
import type { TorchErrors } from './errors.js';
import type { TorchStorage } from './storage.js';
import type { TorchTensor } from './tensor.js';

/** The bytes of a storage from its first element on, at least as many as it has. @throws UserError TORCH_INVALID */
export type StorageBytes = (storage: TorchStorage) => Uint8Array;

const ARRAYS: Readonly<Record<NonNullable<PyArray['type']>, Dtype>> = {
  ...ELEMENT_DTYPES,
  bool: 'BOOL',
};

/** Bytes that tensors may need which are not as they lie in the file: this many, and `COPY_RATIO` times the file. */
export const COPY_FREE = 2 ** 26;
export const COPY_RATIO = 3;

/** Makes tensors of a file, whose views lie in any order, into arrays in C order, little-endian. */
export class ValueReader {
  #left: number;

  constructor(
    private readonly bytesOf: StorageBytes,
    private readonly bigEndian: boolean,
    fileBytes: number,
    private readonly errors: TorchErrors,
  ) {
    this.#left = COPY_FREE + COPY_RATIO * fileBytes;
  }

  /** @throws UserError TORCH_INVALID, TORCH_UNSUPPORTED (numbers that safetensors has no name for) or TORCH_LIMIT */
  read(name: string, tensor: TorchTensor): Tensor {
    const { storage, kind, offset, shape, strides } = tensor;
    const { dtype, bytes: size } = kind;
    if (dtype === null) {
      throw this.errors.unsupported(name, 'real or whole numbers', kind.name);
    }
    const count = shape.reduce((product, n) => product * n, 1);
    if (count === 0) return { dtype, shape, bytes: new Uint8Array() };
    const last = shape.reduce((at, n, axis) => at + (n - 1) * (strides[axis] as number), offset);
    const room = (storage.length * storage.kind.bytes) / size;
    if (last >= room) {
      const expected = `elements of its storage, which has ${Math.floor(room)}`;
      throw this.errors.invalid(name, expected, `element ${last}`);
    }
    const base = storage.offset * storage.kind.bytes;
    const own = this.bytesOf(storage).subarray(base);
    if (own.length < (last + 1) * size) {
      const expected = `${(last + 1) * size} bytes of storage ${storage.key}`;
      throw this.errors.invalid(name, expected, `${own.length}`);
    }
    const plain = isContiguous(shape, strides);
    if (!plain || this.bigEndian) this.#charge(name, count * size);
    const bytes = plain
      ? own.subarray(offset * size, (offset + count) * size)
      : gathered(own, tensor, count);
    // a complex number is two numbers
    return {
      dtype,
      shape,
      bytes: this.bigEndian ? reversed(bytes, dtype === 'C64' ? 4 : size) : bytes,
    };
  }

  /** An array of NumPy that has a `type`. @throws UserError TORCH_LIMIT */
  readArray(name: string, array: PyArray): Tensor {
    this.#charge(name, 2 * (array.data?.length ?? 0));
    const dtype = ARRAYS[array.type as keyof typeof ARRAYS];
    return { dtype, shape: array.shape ?? [], bytes: array.elements() };
  }

  #charge(name: string, bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) {
      const expected = `tensors of at most 64 MiB and ${COPY_RATIO} times the file beside what lies in it as it is`;
      throw this.errors.limit(name, expected);
    }
  }
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const n = shape[axis] as number;
    if (n !== 1 && strides[axis] !== step) return false;
    step *= n;
  }
  return true;
}

function gathered(own: Uint8Array, tensor: TorchTensor, count: number): Uint8Array {
  const { shape, strides, offset, kind } = tensor;
  const size = kind.bytes;
  const out = new Uint8Array(count * size);
  const index = shape.map(() => 0);
  for (let to = 0, from = offset; to < out.length; to += size) {
    for (let byte = 0; byte < size; byte++) out[to + byte] = own[from * size + byte] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      from += strides[axis] as number;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      from -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}
