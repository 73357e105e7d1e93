/**
 * Seeded random numbers, the same on every machine: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of
 * state, seeded with the two halves of the seed and 15 rounds of warm-up. Not for cryptography.
 */
export class Random {
  #a: number;
  #b: number;
  #c = 0x9e3779b9;
  #counter = 1;

  /** `seed`: integer, 0 <= seed < 2^53. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`seed must be an integer from 0 to 2^53 - 1, got ${seed}`);
    }
    this.#a = (seed % 2 ** 32) | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    for (let round = 0; round < 15; round++) this.uint32();
  }

  /** Uniform integer, 0 ... 2^32 - 1. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform integer, 0 ... bound - 1, without bias; 1 <= bound <= 2^32. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % bound;
  }

  /** Uniform integer, low ... high, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** Uniform real number in [0, 1), 32 bits of it random. */
  unit(): number {
    return this.uint32() / 2 ** 32;
  }

  /** `count` different integers of 0 ... bound - 1, uniform without replacement, ascending. */
  sample(count: number, bound: number): readonly number[] {
    const pool = Array.from({ length: bound }, (_, i) => i);
    for (let i = 0; i < count; i++) {
      const j = this.between(i, bound - 1);
      [pool[i], pool[j]] = [pool[j] as number, pool[i] as number];
    }
    return pool.slice(0, count).sort((p, q) => p - q);
  }
}
