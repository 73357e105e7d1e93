import type { StoreSize } from '../memory/store.js';

/** Builds the words of a $readmemh image, most significant digit first, one word per line. */
export class ImageWriter {
  private readonly lines: string[] = [];
  private readonly bytes: Uint8Array;

  /** `bits` per word, `depth` words in all. */
  constructor(
    private readonly bits: number,
    private readonly depth: number,
  ) {
    this.bytes = new Uint8Array(Math.ceil(bits / 8) + 8);
  }

  /** Puts the low `width` bits (at most 32) of `value` at bit `at` of the word in hand. */
  put(at: number, width: number, value: number): void {
    const { bytes, bits } = this;
    if (at + width > bits) throw new RangeError(`bit ${at + width - 1} of a word of ${bits} bits`);
    let rest = width === 32 ? value >>> 0 : value & (2 ** width - 1);
    let left = width;
    let place = at;
    while (left > 0) {
      const shift = place & 7;
      const take = Math.min(8 - shift, left);
      const index = place >> 3;
      bytes[index] = (bytes[index] as number) | ((rest & ((1 << take) - 1)) << shift);
      rest = rest >>> take;
      left -= take;
      place += take;
    }
  }

  /** Ends the word in hand. */
  next(): void {
    const used = Math.ceil(this.bits / 8);
    const digits = Math.ceil(this.bits / 4);
    let text = '';
    for (let i = used - 1; i >= 0; i--) text += HEX[this.bytes[i] as number];
    this.lines.push(text.slice(text.length - digits));
    this.bytes.fill(0);
  }

  /** The whole image; words that were not written are zero. */
  finish(): string {
    if (this.lines.length > this.depth) {
      throw new RangeError(`image of ${this.lines.length} words in a memory of ${this.depth}`);
    }
    const zero = '0'.repeat(Math.ceil(this.bits / 4));
    while (this.lines.length < this.depth) this.lines.push(zero);
    return `${this.lines.join('\n')}\n`;
  }
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** An image from words as integers; those that are not given are zero. */
export function imageOfWords(given: readonly bigint[], { width, words }: StoreSize): string {
  const digits = Math.ceil(width / 4);
  if (given.length > words) throw new RangeError(`image of ${given.length} words in ${words}`);
  const wide = given.find((word) => word >> BigInt(width) !== 0n);
  if (wide !== undefined) throw new RangeError(`0x${wide.toString(16)} in a word of ${width} bits`);
  const lines = given.map((word) => word.toString(16).padStart(digits, '0'));
  while (lines.length < words) lines.push('0'.repeat(digits));
  return `${lines.join('\n')}\n`;
}
