import { crc32 } from 'node:zlib';
import { unexpected } from '../../base/errors.js';
import { hashWords, type LoadedStore, type LoadLayout, loadWords } from './layout.js';

/** `HCGS`, the first byte lowest. */
export const MAGIC = 0x53_47_43_48;
export const LOAD_FORMAT = 1;
/** Store number of the record that ends a load. */
export const COMMIT = 0xff_ff_ff_ff;
/** Words of the head of a record. */
export const HEAD_WORDS = 8;

/** What stands at the head of a record, behind magic, format and hash. */
interface RecordHead {
  /** Store, or COMMIT. */
  readonly store: number;
  /** Resident place. */
  readonly place: number;
  /** First word of the memory, and words; of the commit 0 and the number of stores. */
  readonly first: number;
  readonly words: number;
}

/**
 * The byte stream that loads a model into place `place` of a design: little-endian words of 32 bits, for each store a record with its
 * data, the rows of the memory padded to whole 32 bits, and its CRC-32; last a record that commits.
 * `images`: $readmemh text by path, as `hardwareImages` makes it.
 * @throws UserError LOAD_IMAGE for an image that has other words than its store
 */
export function loadStream(
  layout: LoadLayout,
  images: ReadonlyMap<string, string>,
  place = 0,
): Uint8Array {
  const records = layout.stores.map((store) => {
    const head = { store: store.number, place, first: 0, words: store.words };
    return record(layout, head, storeBytes(store, images.get(store.image) ?? ''));
  });
  const commit = { store: COMMIT, place, first: 0, words: layout.stores.length };
  return Buffer.concat([...records, record(layout, commit, new Uint8Array(0))]);
}

/** One record: head, data, CRC-32 of both. */
export function record(layout: LoadLayout, head: RecordHead, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(4 * HEAD_WORDS + data.length + 4);
  const [low = 0, high = 0] = hashWords(layout);
  const words = [MAGIC, LOAD_FORMAT, low, high, head.store, head.place, head.first, head.words];
  for (const [n, word] of words.entries()) bytes.writeUInt32LE(word, 4 * n);
  bytes.set(data, 4 * HEAD_WORDS);
  const end = bytes.length - 4;
  bytes.writeUInt32LE(crc32(bytes.subarray(0, end)), end);
  return bytes;
}

/** The rows of a memory, each in whole 32 bits, the least significant byte first. */
function storeBytes(store: LoadedStore, text: string): Uint8Array {
  const lines = text.split('\n').filter((line) => /^[0-9a-fA-F]+$/.test(line));
  const { perRow } = store;
  const rows = Math.ceil(lines.length / perRow);
  if (rows !== store.words) {
    throw unexpected({
      code: 'LOAD_IMAGE',
      file: store.image,
      field: store.name,
      expected: `${store.words * perRow} words of ${store.width / perRow} bits`,
      got: `${lines.length} words`,
    });
  }
  const stride = 4 * loadWords(store);
  const bytes = new Uint8Array(stride * rows);
  if (perRow > 1) {
    const view = new DataView(bytes.buffer);
    const bits = store.width / perRow;
    for (const [n, line] of lines.entries()) {
      const at = stride * Math.floor(n / perRow);
      const placed = Number.parseInt(line, 16) << (bits * (n % perRow));
      view.setUint32(at, (view.getUint32(at, true) | placed) >>> 0, true);
    }
    return bytes;
  }
  for (const [n, line] of lines.entries()) {
    const digits = line.padStart(2 * stride, '0').slice(-2 * stride);
    bytes.set(Buffer.from(digits, 'hex').reverse(), n * stride);
  }
  return bytes;
}
