import { ByteBuffer } from 'flatbuffers';
import { type UserError, unexpected } from '../../base/errors.js';

/** Elements of vectors that may be read: tables can be shared, so that a small file could name one without end. */
const ELEMENTS_FOR_ALL = 65_536;

/** Bytes of a table that are read at once, for each kind of scalar. */
const SIZES = { int8: 1, uint8: 1, int32: 4, uint32: 4, float32: 4, int64: 8, uint64: 8 } as const;
type Scalar = keyof typeof SIZES;

/**
 * A table of a FlatBuffers file (https://flatbuffers.dev/internals), whose fields are known by their place in the schema.
 * Every offset is held against the file.
 */
export class FlatTable {
  private constructor(
    private readonly source: Source,
    private readonly at: number,
  ) {}

  /** The table that a file begins with. @throws UserError FLATBUFFER_INVALID, as every method */
  static root(bytes: Uint8Array, file: string): FlatTable {
    const source = new Source(bytes, file);
    return new FlatTable(source, source.follow(0));
  }

  /** A number, or `absent` where the file leaves the field out. */
  number(field: number, type: Scalar, absent = 0): number {
    const at = this.#field(field);
    return at === null ? absent : this.source.scalar(at, type);
  }

  boolean(field: number): boolean {
    return this.number(field, 'uint8') !== 0;
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field) ?? new Uint8Array());
  }

  /** The bytes of a vector of bytes or of a text; null where there is none. */
  bytes(field: number): Uint8Array | null {
    const vector = this.#vector(field, 1);
    return vector && this.source.bytes.subarray(vector.start, vector.start + vector.length);
  }

  /** A vector of numbers; null where there is none. */
  numbers(field: number, type: Scalar): readonly number[] | null {
    const size = SIZES[type];
    const vector = this.#vector(field, size);
    if (vector === null) return null;
    this.source.count(vector.length);
    const { start, length } = vector;
    return Array.from({ length }, (_, i) => this.source.scalar(start + i * size, type));
  }

  table(field: number): FlatTable | null {
    const at = this.#field(field);
    return at === null ? null : new FlatTable(this.source, this.source.follow(at));
  }

  tables(field: number): readonly FlatTable[] {
    const vector = this.#vector(field, 4);
    if (vector === null) return [];
    this.source.count(vector.length);
    const { start, length } = vector;
    return Array.from(
      { length },
      (_, i) => new FlatTable(this.source, this.source.follow(start + i * 4)),
    );
  }

  /** Where a field is; null where the file leaves it out. */
  #field(field: number): number | null {
    const { source, at } = this;
    const vtable = at - source.scalar(at, 'int32');
    source.within(vtable, 4);
    const slot = 4 + 2 * field;
    if (slot + 2 > source.buffer.readUint16(vtable)) return null;
    source.within(vtable + slot, 2);
    const offset = source.buffer.readUint16(vtable + slot);
    return offset === 0 ? null : at + offset;
  }

  #vector(field: number, size: number): { readonly start: number; readonly length: number } | null {
    const at = this.#field(field);
    if (at === null) return null;
    const { source } = this;
    const vector = source.follow(at);
    const length = source.scalar(vector, 'uint32');
    source.within(vector + 4, length * size);
    return { start: vector + 4, length };
  }
}

/** The bytes of a file, and how much of it may still be read. */
class Source {
  readonly buffer: ByteBuffer;
  #left: number;

  constructor(
    readonly bytes: Uint8Array,
    private readonly file: string,
  ) {
    this.buffer = new ByteBuffer(bytes);
    this.#left = bytes.length + ELEMENTS_FOR_ALL;
  }

  /** The place that the offset at `at` leads to. */
  follow(at: number): number {
    const target = at + this.scalar(at, 'uint32');
    this.within(target, 4);
    return target;
  }

  scalar(at: number, type: Scalar): number {
    this.within(at, SIZES[type]);
    switch (type) {
      case 'int8':
        return this.buffer.readInt8(at);
      case 'uint8':
        return this.buffer.readUint8(at);
      case 'int32':
        return this.buffer.readInt32(at);
      case 'uint32':
        return this.buffer.readUint32(at);
      case 'float32':
        return this.buffer.readFloat32(at);
      case 'int64':
        return Number(this.buffer.readInt64(at));
      case 'uint64':
        return Number(this.buffer.readUint64(at));
    }
  }

  within(at: number, length: number): void {
    if (at >= 0 && at + length <= this.bytes.length) return;
    const expected = `offsets within its ${this.bytes.length} bytes`;
    throw this.#fail(expected, `${length} bytes at ${at}`);
  }

  count(elements: number): void {
    this.#left -= elements;
    if (this.#left >= 0) return;
    throw this.#fail('vectors that are not read again and again', 'more elements than bytes');
  }

  #fail(expected: string, got: string): UserError {
    return unexpected({
      code: 'FLATBUFFER_INVALID',
      file: this.file,
      field: 'file',
      expected,
      got,
    });
  }
}
