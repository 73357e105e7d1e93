import { type UserError, unexpected } from '../../../base/errors.js';

/** Longest number in text or bytes: beyond it, arithmetic on it would take long. */
const MAX_DIGITS = 1000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

/** Reads what stands behind the opcodes of a pickle. */
export class PickleReader {
  readonly #view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
    private readonly file: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  invalid(expected: string, got: string): UserError {
    const field = `pickle, byte ${this.at}`;
    return unexpected({ code: 'PICKLE_INVALID', file: this.file, field, expected, got });
  }

  limit(expected: string): UserError {
    const field = `pickle, byte ${this.at}`;
    return unexpected({ code: 'PICKLE_LIMIT', file: this.file, field, expected, got: 'more' });
  }

  /** The next `length` bytes, which share the memory of the file. */
  take(length: number): Uint8Array {
    const left = this.bytes.length - this.at;
    if (length < 0 || length > left) throw this.invalid(`${length} more bytes`, `${left}`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  #skip(size: number): number {
    this.take(size);
    return this.at - size;
  }

  uint8 = (): number => this.#view.getUint8(this.#skip(1));
  uint16 = (): number => this.#view.getUint16(this.#skip(2), true);
  uint32 = (): number => this.#view.getUint32(this.#skip(4), true);
  int32 = (): number => this.#view.getInt32(this.#skip(4), true);
  uint64 = (): number => Number(this.#view.getBigUint64(this.#skip(8), true));
  float64 = (): number => this.#view.getFloat64(this.#skip(8), false);

  /** Text up to the end of the line, a letter for each byte. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.invalid('a line', 'no end of it');
    const text = latin1.decode(this.take(end - this.at));
    this.at++;
    return text;
  }

  utf8(length: number): string {
    const bytes = this.take(length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw this.invalid('text in UTF-8', 'other bytes');
    }
  }

  /** A whole number in two's complement, the lowest byte first. */
  long(length: number): number | bigint {
    if (length > MAX_DIGITS) throw this.limit(`numbers of at most ${MAX_DIGITS} bytes`);
    const bytes = this.take(length);
    const value = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return small(BigInt.asIntN(8 * length, value));
  }

  /** A whole number in decimal digits. */
  decimal(text: string): number | bigint {
    if (!/^\s*[+-]?\d+\s*$/.test(text)) throw this.invalid('a whole number', text.slice(0, 40));
    if (text.length > MAX_DIGITS) throw this.limit(`numbers of at most ${MAX_DIGITS} digits`);
    return small(BigInt(text.trim().replace(/^\+/, '')));
  }
}

const small = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

/** Bytes that Python 2 wrote as a string: text where they are one. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
};

/** The text between the quotes of a Python string; null where it is none. */
export function unquoted(line: string): string | null {
  const quote = line[0];
  if (line.length < 2 || (quote !== "'" && quote !== '"') || line.at(-1) !== quote) return null;
  return line.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return ESCAPES[code] ?? code;
  });
}

/** Text with `\u1234` and `\U00012345` for letters beyond the first 256. */
export function unescaped(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short, long) => {
    const code = Number.parseInt(short ?? long, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
