import type { Protection } from '../plan/configuration.js';
import { checkBitsOf, positionOf } from './code.js';

/** Adds check bits to words of `width` bits: text of hexadecimal digits in, text of a stored word out. */
export function wordEncoder(kind: Protection, width: number): (word: string) => string {
  const bits = checkBitsOf(kind, width);
  const digits = Math.ceil(width / 4);
  const stored = Math.ceil((width + bits) / 4);
  const numbers = Array.from({ length: 4 * digits }, (_, n) =>
    kind === 'parity' || n >= width ? 0 : (positionOf(n).constant as number),
  );
  return (word) => {
    let check = 0;
    let ones = 0;
    for (let at = 0; at < word.length; at++) {
      const digit = Number.parseInt(word[at] as string, 16);
      for (let bit = 0; bit < 4; bit++) {
        if ((digit & (1 << bit)) === 0) continue;
        check ^= numbers[4 * (word.length - 1 - at) + bit] as number;
        ones ^= 1;
      }
    }
    const parity = ones ^ oddOnes(check);
    const above = BigInt(check) | (BigInt(parity) << BigInt(bits - 1));
    const value = BigInt(`0x${word}`) | (above << BigInt(width));
    return value.toString(16).padStart(stored, '0');
  };
}

/** A $readmemh image of words of `width` bits, one in a line, with the check bits that such a memory stores. */
export function protectedImage(kind: Protection, width: number, image: string): string {
  const encode = wordEncoder(kind, width);
  const words = image.split('\n').filter((line) => line !== '');
  return `${words.map(encode).join('\n')}\n`;
}

/** 1 where an odd number of bits is 1. */
function oddOnes(value: number): number {
  let ones = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) ones ^= 1;
  return ones;
}
