import { crc32, inflateRawSync } from 'node:zlib';
import { type UserError, unexpected } from '../../base/errors.js';

/** A file in a zip archive; nothing is unpacked before it is asked for. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes of the file itself. */
  readonly size: number;
  /**
   * The file's bytes, which share the archive's memory where they are stored as they are.
   * @throws UserError ZIP_INVALID when they do not unpack to `size` bytes with the check sum noted.
   */
  readonly read: () => Uint8Array;
}

/** Bytes that an archive may unpack to: `ZIP_FREE` and `ZIP_RATIO` times its own. */
export const ZIP_FREE = 2 ** 26;
export const ZIP_RATIO = 3;

const END = 0x06054b50;
const END_BYTES = 22;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;
const END_64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA = 1;
const WIDE = 0xffffffff;

const METHODS: Readonly<Record<number, string>> = {
  9: 'deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'zstd',
  95: 'xz',
};

/**
 * The files of a zip archive, in the order of its directory (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT):
 * stored or deflated, zip64 too. Directories are left out.
 * @throws UserError ZIP_INVALID, ZIP_UNSUPPORTED (encrypted, or packed otherwise) or ZIP_LIMIT (it would unpack to
 * more than ZIP_FREE + ZIP_RATIO times its bytes).
 */
export function zipEntries(bytes: Uint8Array, file: string): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, from, to } = directory(view, file);
  const found: Header[] = [];
  let at = from;
  for (let i = 0; i < count; i++) {
    const header = centralHeader(view, at, to, file);
    found.push(header);
    at = header.next;
  }
  const files = found.filter(({ name }) => !name.endsWith('/'));
  const packed = files.reduce((sum, one) => sum + one.packed, 0);
  if (packed > bytes.length) {
    throw invalid(file, 'entries', 'files that lie side by side', 'files that overlap');
  }
  const size = files.reduce((sum, one) => sum + one.size, 0);
  const limit = ZIP_FREE + ZIP_RATIO * bytes.length;
  if (size > limit) {
    const expected = `at most ${limit} bytes when unpacked (64 MiB and ${ZIP_RATIO} times the archive)`;
    throw unexpected({ code: 'ZIP_LIMIT', file, field: 'entries', expected, got: `${size} bytes` });
  }
  const names = new Set<string>();
  for (const { name } of files) {
    if (names.has(name)) throw invalid(file, name, 'one file of that name', 'several');
    names.add(name);
  }
  return files.map((header) => {
    const body = bodyOf(view, bytes, header, from, file);
    return { name: header.name, size: header.size, read: () => unpack(body, header, file) };
  });
}

interface Header {
  readonly name: string;
  readonly method: number;
  readonly check: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
  readonly next: number;
}

/** Where the directory lies, and how many entries it has. */
function directory(
  view: DataView,
  file: string,
): { readonly count: number; readonly from: number; readonly to: number } {
  const end = endOf(view);
  if (end === null) {
    throw invalid(file, 'directory', 'a directory at the end', 'none: the file is cut short');
  }
  const disks = [view.getUint16(end + 4, true), view.getUint16(end + 6, true)];
  if (disks.some((disk) => disk !== 0 && disk !== 0xffff)) {
    throw unsupported(file, 'directory', 'an archive in one part', 'one of several');
  }
  let [count, size, from, to] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
    end,
  ];
  const locator = end - LOCATOR_BYTES;
  if (locator >= 0 && view.getUint32(locator, true) === LOCATOR) {
    to = wide(view, locator + 8);
    if (to + 56 > locator || view.getUint32(to, true) !== END_64) {
      throw invalid(file, 'directory', 'a zip64 directory where its locator says', 'none');
    }
    [count, size, from] = [wide(view, to + 32), wide(view, to + 40), wide(view, to + 48)];
  }
  if (from + size !== to || count * CENTRAL_BYTES > size) {
    throw invalid(file, 'directory', `its ${size} bytes right before its end`, 'something else');
  }
  return { count, from, to };
}

/** The end record is the last thing but a comment of at most 65535 bytes. */
function endOf(view: DataView): number | null {
  const first = view.byteLength - END_BYTES;
  for (let at = first; at >= 0 && first - at <= 0xffff; at--) {
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === first - at) return at;
  }
  return null;
}

function centralHeader(view: DataView, at: number, to: number, file: string): Header {
  const short = () => invalid(file, 'directory', 'an entry', `something else at byte ${at}`);
  if (at + CENTRAL_BYTES > to || view.getUint32(at, true) !== CENTRAL) throw short();
  const [named, extra, comment] = [28, 30, 32].map((one) => view.getUint16(at + one, true));
  const start = at + CENTRAL_BYTES;
  const behind = start + (named as number);
  const next = behind + (extra as number) + (comment as number);
  if (next > to) throw short();
  const name = nameText(view, start, named as number);
  if ((view.getUint16(at + 8, true) & 1) !== 0) {
    throw unsupported(file, name, 'a file that is not encrypted', 'an encrypted one');
  }
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8) {
    const got = METHODS[method] ?? `method ${method}`;
    throw unsupported(file, name, 'a file that is stored or deflated', `one packed with ${got}`);
  }
  // sizes and offset, each of them in the zip64 field where it does not fit here
  const own = [24, 20, 42].map((one) => view.getUint32(at + one, true));
  const wides = own.some((one) => one === WIDE) ? zip64(view, behind, extra as number) : [];
  const [size, packed, local] = own.map((one) => (one === WIDE ? wides.shift() : one));
  if (size === undefined || packed === undefined || local === undefined) throw short();
  const check = view.getUint32(at + 16, true);
  return { name, method, check, packed, size, local, next };
}

/** The 64-bit numbers of the zip64 field of an entry. */
function zip64(view: DataView, from: number, length: number): number[] {
  const end = from + length;
  for (let at = from; at + 4 <= end; ) {
    const size = view.getUint16(at + 2, true);
    const next = at + 4 + size;
    if (next > end) return [];
    if (view.getUint16(at, true) === ZIP64_EXTRA) {
      return Array.from({ length: Math.floor(size / 8) }, (_, i) => wide(view, at + 4 + 8 * i));
    }
    at = next;
  }
  return [];
}

function bodyOf(
  view: DataView,
  bytes: Uint8Array,
  { name, local, packed }: Header,
  end: number,
  file: string,
): Uint8Array {
  const bad = () => invalid(file, name, 'its data before the directory', `byte ${local}`);
  if (local + LOCAL_BYTES > end || view.getUint32(local, true) !== LOCAL) throw bad();
  const skipped = view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const start = local + LOCAL_BYTES + skipped;
  if (start + packed > end) throw bad();
  return bytes.subarray(start, start + packed);
}

function unpack(body: Uint8Array, { name, method, size, check }: Header, file: string): Uint8Array {
  const out = method === 0 || size === 0 ? body : inflated(body, name, size, file);
  if (out.length !== size) {
    throw invalid(file, name, `${size} bytes`, `${out.length} bytes`);
  }
  if (crc32(out) !== check) throw invalid(file, name, 'data with its check sum', 'other data');
  return out;
}

function inflated(body: Uint8Array, name: string, size: number, file: string): Uint8Array {
  try {
    return inflateRawSync(body, { maxOutputLength: size });
  } catch (cause) {
    const long = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw invalid(file, name, `${size} bytes, deflated`, long ? 'more' : 'damaged data');
  }
}

/** UTF-8, or where it is none, a letter for each byte. */
function nameText(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

const wide = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

function unsupported(file: string, field: string, expected: string, got: string): UserError {
  return unexpected({ code: 'ZIP_UNSUPPORTED', file, field, expected, got });
}

function invalid(file: string, field: string, expected: string, got: string): UserError {
  const at = `${file} is no valid zip archive: ${field}`;
  return unexpected({ code: 'ZIP_INVALID', file, field, expected, got }, at);
}
