import { clog2, type Int, type IntLike, int } from '../../hdl/index.js';
import type { Protection } from '../plan/configuration.js';

// Parity: one bit, so that a stored word has an even number of ones (R. W. Hamming, Error Detecting and Error Correcting Codes, BSTJ 29,
// 1950, section 2). SECDED: the extended Hamming code of section 4 there. Data bits have the numbers 3, 5, 6, 7, 9, ..., all that are
// no power of two; check bit i is the sum modulo 2 of the data bits whose number has bit i, and one parity bit counts all others.
// Stored words have the data low, then the check bits, then the parity. A word of zeros is stored as zeros.

/** Check bits of the Hamming code of a word of `width` bits, without the parity of all: the least r with 2^r > width + r. */
export function hammingBits(width: IntLike): Int {
  return clog2(
    int(width)
      .plus(1)
      .plus(clog2(int(width).plus(1))),
  );
}

/** Bits that a word of `width` bits is stored with beside its own. */
export function checkBits(kind: Protection, width: IntLike): Int {
  return kind === 'parity' ? int(1) : hammingBits(width).plus(1);
}

/** Number of data bit `bit` in the Hamming code: the one number `bit` of those that are no power of two, from 3 on. */
export function positionOf(bit: IntLike): Int {
  const past = int(bit).plus(2);
  return int(bit)
    .plus(1)
    .plus(clog2(past.plus(clog2(past))));
}

/** The same as numbers. */
export function checkBitsOf(kind: Protection, width: number): number {
  return checkBits(kind, width).constant as number;
}
