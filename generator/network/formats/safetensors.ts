import { z } from 'zod';
import { UserError, unexpected } from '../../base/errors.js';
import type { ElementType } from './elements.js';
import { refuseForeign } from './foreign.js';

/**
 * Bytes per element, less than one where elements share a byte. Names as in the safetensors format,
 * https://github.com/huggingface/safetensors; whether one can compute with the numbers is for the caller to say.
 */
export const DTYPE_BYTES = {
  F4: 0.5,
  F6_E2M3: 0.75,
  F6_E3M2: 0.75,
  F8_E5M2: 1,
  F8_E4M3: 1,
  F8_E5M2FNUZ: 1,
  F8_E4M3FNUZ: 1,
  F8_E8M0: 1,
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
  C64: 8,
} as const;
export type Dtype = keyof typeof DTYPE_BYTES;

/** What the numbers of other formats are called here. */
export const ELEMENT_DTYPES: Readonly<Record<ElementType, Dtype>> = {
  int8: 'I8',
  uint8: 'U8',
  int16: 'I16',
  uint16: 'U16',
  int32: 'I32',
  uint32: 'U32',
  int64: 'I64',
  uint64: 'U64',
  float16: 'F16',
  bfloat16: 'BF16',
  float32: 'F32',
  float64: 'F64',
};

export interface Tensor {
  /** A `Dtype`, or a type that a newer version of the format names: its bytes mean nothing here. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Little-endian, C order; length = product of the shape x bytes per element. */
  readonly bytes: Uint8Array;
}

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The limit of the reference implementation. */
const MAX_HEADER_BYTES = 100_000_000;
const PREFIX_BYTES = 8;

const count = z.number().int().nonnegative();
const tensorSchema = z.strictObject({
  dtype: z.string().min(1),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Reads a safetensors file and checks all of it: lengths, JSON, types, and that the tensors tile the data
 * without gap or overlap. `file` is the name used in errors. Tensors share the memory of `bytes`.
 * @throws UserError FOREIGN_FORMAT, SAFETENSORS_TRUNCATED or SAFETENSORS_INVALID, with field, expected and got.
 */
export function readSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  refuseForeign(bytes, file, 'safetensors');
  const { header, data } = splitFile(bytes, file);
  const { __metadata__: metadata = {}, ...entries } = parseHeader(header, file);
  const tensors = Object.entries(entries).map(([name, entry]) => {
    const parsed = tensorSchema.safeParse(entry);
    if (!parsed.success) throw badEntry(file, name, parsed.error);
    return { name, ...parsed.data };
  });
  checkLayout(tensors, data.length, file);
  const checkedMetadata = metadataSchema.safeParse(metadata);
  if (!checkedMetadata.success) throw badEntry(file, '__metadata__', checkedMetadata.error);
  return {
    metadata: checkedMetadata.data,
    tensors: new Map(
      tensors.map(({ name, dtype, shape, data_offsets: [begin, end] }) => [
        name,
        { dtype, shape, bytes: data.subarray(begin, end) },
      ]),
    ),
  };
}

/**
 * The bytes of a safetensors file: widest elements first, then by name, so that every tensor is aligned and
 * equal content gives equal bytes. The header is padded with spaces to a multiple of 8 bytes.
 */
export function writeSafetensors(content: SafetensorsFile): Uint8Array {
  const tensors = [...content.tensors].sort(
    ([nameA, a], [nameB, b]) =>
      (bytesOf(b.dtype) ?? 0) - (bytesOf(a.dtype) ?? 0) || compareNames(nameA, nameB),
  );
  const header: Record<string, unknown> = {
    __metadata__: Object.fromEntries(
      Object.entries(content.metadata).sort(([a], [b]) => compareNames(a, b)),
    ),
  };
  let offset = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const out = new Uint8Array(PREFIX_BYTES + headerLength + offset).fill(0x20);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerLength), true);
  out.set(text, PREFIX_BYTES);
  let position = PREFIX_BYTES + headerLength;
  for (const [, { bytes }] of tensors) {
    out.set(bytes, position);
    position += bytes.length;
  }
  return out;
}

function splitFile(bytes: Uint8Array, file: string): { header: string; data: Uint8Array } {
  if (bytes.length < PREFIX_BYTES) {
    throw truncated(file, 'header length', `${PREFIX_BYTES} bytes`, `${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const available = bytes.length - PREFIX_BYTES;
  if (headerLength > Math.min(available, MAX_HEADER_BYTES)) {
    if (available > 0 && bytes[PREFIX_BYTES] !== 0x7b) {
      throw invalid(
        file,
        'header',
        'the length of a JSON text, and from byte 8 on that text',
        'other bytes',
      );
    }
    throw truncated(file, 'header', `${headerLength} bytes`, `${available} bytes`);
  }
  const headerBytes = bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + headerLength);
  try {
    const header = new TextDecoder('utf-8', { fatal: true }).decode(headerBytes);
    return { header, data: bytes.subarray(PREFIX_BYTES + headerLength) };
  } catch (cause) {
    throw invalid(file, 'header', 'UTF-8 text', 'other bytes', cause);
  }
}

function parseHeader(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, 'header', 'a JSON object', (cause as SyntaxError).message, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(file, 'header', 'a JSON object', Array.isArray(value) ? 'a list' : `${value}`);
  }
  return value as Record<string, unknown>;
}

type Entry = z.infer<typeof tensorSchema> & { readonly name: string };

/** Bytes of an element; undefined for a type that is not known. */
const bytesOf = (dtype: string): number | undefined =>
  Object.hasOwn(DTYPE_BYTES, dtype) ? DTYPE_BYTES[dtype as Dtype] : undefined;

/**
 * Every tensor has the bytes its shape asks for, and together they tile the data exactly. Of a type that is not known
 * it has some for its elements, and none for none.
 */
function checkLayout(tensors: readonly Entry[], dataLength: number, file: string): void {
  for (const {
    name,
    dtype,
    shape,
    data_offsets: [begin, end],
  } of tensors) {
    const own = bytesOf(dtype);
    const elements = shape.reduce((product, n) => product * n, 1);
    const needed = elements * (own ?? 1);
    const there = end - begin;
    if (own === undefined ? there > 0 !== elements > 0 || there < 0 : there !== needed) {
      const expected = `${needed} bytes for ${dtype} [${shape.join(', ')}]`;
      throw invalid(file, name, expected, `${there} bytes`);
    }
    if (end > dataLength) {
      throw truncated(file, name, `data up to byte ${end}`, `${dataLength} bytes of data`);
    }
  }
  const ordered = [...tensors].sort(
    (a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  let position = 0;
  for (const {
    name,
    data_offsets: [begin, end],
  } of ordered) {
    if (begin !== position) {
      const what = begin < position ? 'overlaps the tensor before' : 'leaves a gap';
      throw invalid(file, name, `data from byte ${position}`, `byte ${begin}, which ${what}`);
    }
    position = end;
  }
  if (position !== dataLength) {
    throw invalid(file, 'data', `${position} bytes`, `${dataLength} bytes`);
  }
}

function badEntry(file: string, name: string, error: z.ZodError): UserError {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  return invalid(file, name, 'dtype, shape and data_offsets', `${path}: ${issue?.message}`);
}

function truncated(file: string, field: string, expected: string, got: string): UserError {
  return new UserError({
    code: 'SAFETENSORS_TRUNCATED',
    message: `${file} is cut short: ${field} needs ${expected}, there are ${got}`,
    file,
    field,
    expected,
    got,
  });
}

function invalid(
  file: string,
  field: string,
  expected: string,
  got: string,
  cause?: unknown,
): UserError {
  const at = `${file} is no valid safetensors file: ${field}`;
  return unexpected({ code: 'SAFETENSORS_INVALID', file, field, expected, got }, at, { cause });
}

/** Order of UTF-16 code units, the same everywhere. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
