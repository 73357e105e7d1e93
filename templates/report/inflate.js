/**
 * Raw DEFLATE (RFC 1951) without the streams of the browser: those answer later, and a page that is printed has to be drawn
 * before the event that says so returns.
 */

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const LENGTH_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** Order in which the lengths of the code of code lengths stand (RFC 1951, 3.2.7). */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MOST_BITS = 15;

/**
 * A canonical Huffman code from the lengths of its words.
 * @param {ArrayLike<number>} lengths of the word of each symbol, in bits; 0 = it has none
 * @returns {{counts: Uint16Array, symbols: Uint16Array}} words of each length, and the symbols in the order of their words
 */
function huffmanCode(lengths) {
  const counts = new Uint16Array(MOST_BITS + 1);
  for (let s = 0; s < lengths.length; s++) counts[lengths[s]]++;
  counts[0] = 0;
  const next = new Uint16Array(MOST_BITS + 2);
  for (let bits = 1; bits <= MOST_BITS; bits++) next[bits + 1] = next[bits] + counts[bits];
  const symbols = new Uint16Array(lengths.length);
  for (let s = 0; s < lengths.length; s++) if (lengths[s] > 0) symbols[next[lengths[s]]++] = s;
  return { counts, symbols };
}

/**
 * @param {Uint8Array} bytes raw DEFLATE
 * @returns {Uint8Array} what was packed
 * @throws {RangeError} when the bytes are no DEFLATE
 */
export function inflate(bytes) {
  let out = new Uint8Array(Math.max(1024, 8 * bytes.length));
  let size = 0;
  let at = 0;
  let held = 0;
  let heldBits = 0;

  const room = (more) => {
    if (size + more <= out.length) return;
    const larger = new Uint8Array(2 * (size + more));
    larger.set(out.subarray(0, size));
    out = larger;
  };
  /** The next bits of the stream as a number, the first one least significant; at most 16. */
  const take = (bits) => {
    while (heldBits < bits) {
      if (at >= bytes.length) throw new RangeError('the data of a map end too early');
      held |= bytes[at++] << heldBits;
      heldBits += 8;
    }
    const value = held & ((1 << bits) - 1);
    held >>>= bits;
    heldBits -= bits;
    return value;
  };
  /** The next symbol: words of a length are consecutive numbers, which follow on those of the lengths before. */
  const symbolOf = ({ counts, symbols }) => {
    let word = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits <= MOST_BITS; bits++) {
      word |= take(1);
      const count = counts[bits];
      if (word - count < first) return symbols[index + word - first];
      index += count;
      first = (first + count) << 1;
      word <<= 1;
    }
    throw new RangeError('the data of a map hold a word that is of no code');
  };
  const stored = () => {
    held = 0;
    heldBits = 0;
    const length = bytes[at] | (bytes[at + 1] << 8);
    at += 4;
    room(length);
    out.set(bytes.subarray(at, at + length), size);
    at += length;
    size += length;
  };
  const codes = () => {
    const literals = take(5) + 257;
    const distances = take(5) + 1;
    const own = new Uint8Array(19);
    const count = take(4) + 4;
    for (let i = 0; i < count; i++) own[LENGTH_ORDER[i]] = take(3);
    const code = huffmanCode(own);
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length; ) {
      const symbol = symbolOf(code);
      if (symbol < 16) lengths[i++] = symbol;
      else {
        const value = symbol === 16 ? lengths[i - 1] : 0;
        const times = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
        lengths.fill(value, i, i + times);
        i += times;
      }
    }
    return [huffmanCode(lengths.subarray(0, literals)), huffmanCode(lengths.subarray(literals))];
  };
  const fixedCodes = () => {
    const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
    return [huffmanCode(lengths), huffmanCode(new Uint8Array(30).fill(5))];
  };
  const packed = ([literal, distance]) => {
    for (;;) {
      const symbol = symbolOf(literal);
      if (symbol === 256) return;
      if (symbol < 256) {
        room(1);
        out[size++] = symbol;
        continue;
      }
      const length = LENGTH_BASE[symbol - 257] + take(LENGTH_BITS[symbol - 257]);
      const far = symbolOf(distance);
      const from = size - DISTANCE_BASE[far] - take(DISTANCE_BITS[far]);
      if (!(from >= 0)) throw new RangeError('the data of a map point before their beginning');
      room(length);
      for (let i = 0; i < length; i++) out[size + i] = out[from + i];
      size += length;
    }
  };

  for (let last = 0; last === 0; ) {
    last = take(1);
    const kind = take(2);
    if (kind === 0) stored();
    else if (kind === 1) packed(fixedCodes());
    else if (kind === 2) packed(codes());
    else throw new RangeError('the data of a map hold a block of no kind');
  }
  return out.subarray(0, size);
}
