import { encodeElements } from '../../../formats/elements.js';
import { tensorflowError } from '../errors.js';
import type { LoweredConstant } from '../lowered.js';
import type { TensorProto, TensorShape } from './messages.js';

/** Element types by their number: name, and ONNX's number and bytes where this program computes with them. */
const TYPES: Readonly<Record<number, readonly [name: string, onnx: number, bytes: number]>> = {
  1: ['float32', 1, 4],
  2: ['float64', 11, 8],
  3: ['int32', 6, 4],
  4: ['uint8', 2, 1],
  5: ['int16', 5, 2],
  6: ['int8', 3, 1],
  7: ['string', 0, 0],
  9: ['int64', 7, 8],
  10: ['bool', 9, 1],
  14: ['bfloat16', 16, 2],
  19: ['float16', 10, 2],
};

/** ONNX's number of an element type by its number in TensorFlow; 0 where it has none. */
export const onnxTypeOf = (type: number): number => TYPES[type]?.[1] ?? 0;

/** Lengths of a shape, -1 for one that is open; null where not even their number is known. */
export function lengthsOf(shape: TensorShape | null | undefined): readonly number[] | null {
  if (shape == null || shape.unknown_rank) return null;
  return shape.dim.map(({ size }) => size?.toNumber() ?? 0);
}

/** `float32 [4, 3]` */
export function describe({ dtype = 0, tensor_shape }: TensorProto): string {
  return `${TYPES[dtype]?.[0] ?? `type ${dtype}`} [${(lengthsOf(tensor_shape) ?? []).join(', ')}]`;
}

/** How many elements may still be made of few: a tensor can be one number that is repeated. */
export class ElementBudget {
  #left: number;

  constructor(
    bytes: number,
    private readonly file: string,
  ) {
    this.#left = 4 * bytes + 65_536;
  }

  reserve(elements: number, name: string): void {
    this.#left -= elements;
    if (this.#left >= 0) return;
    const expected = 'constants that are not much larger than the file';
    throw tensorflowError(this.file, 'IMPORT_TOO_LARGE', name, expected, `${elements} elements`);
  }
}

/** A tensor as a constant. @throws UserError TENSOR_SHAPE, IMPORT_TOO_LARGE */
export function constantOf(
  proto: TensorProto,
  name: string,
  file: string,
  budget: ElementBudget,
): LoweredConstant {
  const { dtype = 0, tensor_content = new Uint8Array() } = proto;
  const shape = lengthsOf(proto.tensor_shape) ?? [];
  const [, type = 0, bytes = 0] = TYPES[dtype] ?? [];
  if (type === 0) return { type, shape, raw: new Uint8Array(), of: [name] };
  const size = shape.reduce((a, b) => a * b, 1);
  const fail = (expected: string, got: string) =>
    tensorflowError(file, 'TENSOR_SHAPE', name, expected, got);
  if (shape.some((length) => length < 0)) throw fail('lengths', `[${shape.join(', ')}]`);
  if (tensor_content.length > 0) {
    if (tensor_content.length !== size * bytes) {
      throw fail(`${size * bytes} bytes`, `${tensor_content.length}`);
    }
    return { type, shape, raw: tensor_content, of: [name] };
  }
  const values = valuesOf(proto);
  if (values.length > size) throw fail(`${size} elements`, `${values.length}`);
  budget.reserve(size, name);
  const filled = new Float64Array(size);
  // the last number stands for all that are not there
  const last = values.at(-1) ?? 0;
  for (let i = 0; i < size; i++) filled[i] = values[i] ?? last;
  return { type, shape, raw: encoded(type, filled), of: [name] };
}

function valuesOf(proto: TensorProto): readonly number[] {
  switch (proto.dtype) {
    case 1:
      return proto.float_val;
    case 2:
      return proto.double_val;
    case 9:
      return proto.int64_val.map((value) => value.toNumber());
    case 10:
      return proto.bool_val.map(Number);
    case 14:
    case 19:
      return proto.half_val;
    default:
      return proto.int_val;
  }
}

function encoded(type: number, values: Float64Array): Uint8Array {
  switch (type) {
    case 1:
      return encodeElements('float32', values);
    case 11:
      return encodeElements('float64', values);
    case 7:
      return encodeElements('int64', values);
    case 6:
      return encodeElements('int32', values);
    case 5:
    case 10:
    case 16:
      // bit patterns
      return encodeElements(
        'uint16',
        values.map((value) => ((value % 65536) + 65536) % 65536),
      );
    default:
      return encodeElements(
        'uint8',
        values.map((value) => ((value % 256) + 256) % 256),
      );
  }
}
