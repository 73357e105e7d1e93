import type { Random } from '../../generator/base/random.js';

/** A random bit pattern of `width` bits; now and then all zeros or all ones. */
export function randomWord(random: Random, width: number): bigint {
  if (random.below(8) === 0) return BigInt.asUintN(width, -BigInt(random.below(2)));
  let word = 0n;
  for (let bits = 0; bits < width; bits += 32) word = (word << 32n) | BigInt(random.uint32());
  return BigInt.asUintN(width, word);
}

/** Values side by side in words of `width` bits, the first one low; negative ones in two's complement. */
export function pack(values: readonly (number | bigint)[], width: number): bigint {
  return values.reduceRight<bigint>(
    (word, v) => (word << BigInt(width)) | BigInt.asUintN(width, BigInt(v)),
    0n,
  );
}

/** The `index`-th word of `width` bits, unsigned. */
export function slice(word: bigint | undefined, index: number, width: number): bigint {
  if (word === undefined) throw new Error('no such output');
  return BigInt.asUintN(width, word >> BigInt(index * width));
}

/** The same as a number in two's complement. */
export function signedSlice(word: bigint | undefined, index: number, width: number): number {
  return Number(BigInt.asIntN(width, slice(word, index, width)));
}

/** Words as the text of a $readmemh image. */
export function image(words: readonly bigint[]): string {
  return `${words.map((w) => w.toString(16)).join('\n')}\n`;
}
