import { type UserError, unexpected } from '../../../base/errors.js';
import type { FloatMatrix, FloatTensor } from '../../float/model.js';
import type { Reals } from '../../float/reals.js';
import { decodeElements, type ElementType, floatsIn } from '../../formats/elements.js';
import type { SafetensorsFile, Tensor } from '../../formats/safetensors.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';

type RealType = Parameters<typeof floatsIn>[0];

const REAL: ReadonlyMap<string, RealType> = new Map<string, RealType>([
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['F32', 'float32'],
  ['F64', 'float64'],
]);

/** How the numbers of a tensor are stored; undefined where they are no real numbers. */
export const realType = ({ dtype }: Tensor): ElementType | undefined => REAL.get(dtype);

export const isReal = (tensor: Tensor): boolean => realType(tensor) !== undefined;

/** The values of a tensor of real numbers, bytes or truth values; null for other types. */
export function valuesOf(tensor: Tensor): Float64Array | null {
  const { dtype, bytes } = tensor;
  const type = dtype === 'BOOL' || dtype === 'U8' ? 'uint8' : realType(tensor);
  return type === undefined ? null : decodeElements(type, bytes);
}

/** Type and shape, as texts show a tensor. */
export const shapeText = ({ dtype, shape }: Tensor): string => `${dtype} [${shape.join(', ')}]`;

/** Names in the order in which people count: `layers.10` after `layers.9`. */
export const byNumber = (a: string, b: string): number =>
  a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : 1);

/** Names of a file in an error: all of them where they are few. */
export function namesText(names: Iterable<string>): string {
  const sorted = [...names].sort(byNumber);
  const most = 20;
  const rest = sorted.length > most ? [`and ${sorted.length - most} more`] : [];
  return [...sorted.slice(0, most), ...rest].join(', ') || 'no tensors';
}

/** The first element that is no finite number; -1 where all are. */
function firstNotFinite(values: Reals): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

/** Reads tensors of a file, remembers which, and says what is wrong with one. */
export class TensorReader {
  readonly #taken = new Set<string>();

  constructor(
    readonly source: SafetensorsFile,
    private readonly file: string,
  ) {}

  /** Names of the tensors read so far. */
  get taken(): ReadonlySet<string> {
    return this.#taken;
  }

  /** Counts a tensor as read that has nothing to say, e.g. how many batches a norm has seen. */
  take(name: string): void {
    this.#taken.add(name);
  }

  has(name: string): boolean {
    return this.source.tensors.has(name);
  }

  /**
   * The shape of a matrix that must exist, no axis of it empty or too long.
   * @throws UserError TENSOR_MISSING or TENSOR_SHAPE.
   */
  matrix(name: string): readonly [number, number] {
    const { shape } = this.tensor(name);
    const sizes = shape.every((n, axis) => n >= 1 && n <= (axis === 0 ? 4 : 1) * MAX_SIZE);
    const [rows = 0, columns = 0] = shape;
    if (shape.length !== 2 || !sizes || rows * columns > MAX_CODES) {
      throw this.badShape(name, '2 axes of sensible length', `[${shape.join(', ')}]`);
    }
    return [rows, columns];
  }

  /**
   * All values of a float tensor of the given shape.
   * @throws UserError TENSOR_MISSING, TENSOR_DTYPE, TENSOR_SHAPE or TENSOR_NOT_FINITE.
   */
  read(name: string, expected: readonly number[]): FloatTensor {
    return this.#read(name, expected, decodeElements);
  }

  /** The same of the weights of a matrix, in the words of the file. */
  weights(name: string, expected: readonly [number, number]): FloatMatrix {
    return this.#read(name, expected, floatsIn);
  }

  #read<V extends Reals>(
    name: string,
    expected: readonly number[],
    decode: (type: RealType, bytes: Uint8Array) => V,
  ): { readonly name: string; readonly values: V } {
    const { dtype, shape, bytes } = this.tensor(name);
    const type = REAL.get(dtype);
    if (type === undefined) {
      throw this.fail('TENSOR_DTYPE', name, [...REAL.keys()].join(' or '), dtype);
    }
    if (shape.join() !== expected.join()) {
      throw this.badShape(name, `[${expected.join(', ')}]`, `[${shape.join(', ')}]`);
    }
    const values = decode(type, bytes);
    const bad = firstNotFinite(values);
    if (bad >= 0) {
      const got = `${values[bad]} at element ${bad}`;
      throw this.fail('TENSOR_NOT_FINITE', name, 'finite numbers', got);
    }
    this.#taken.add(name);
    return { name, values };
  }

  badShape(name: string, expected: string, got: string): UserError {
    return this.fail('TENSOR_SHAPE', name, expected, got);
  }

  fail(code: string, field: string, expected: string, got: string): UserError {
    return unexpected({ code, file: this.file, field, expected, got });
  }

  /** @throws UserError TENSOR_MISSING. */
  tensor(name: string): Tensor {
    const tensor = this.source.tensors.get(name);
    if (tensor !== undefined) return tensor;
    const got = `only ${namesText(this.source.tensors.keys())}`;
    throw this.fail('TENSOR_MISSING', name, 'a tensor of that name', got);
  }
}
