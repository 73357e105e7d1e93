/** Bits of the words that a load stream is counted in. */
export const LOAD_WORD = 32;

/** Words from which on narrow ones share a row: a load writes a row in a cycle, and a chip has no use for long thin memories. */
export const PACKED_FROM = 1024;

/** Words that share a row of at most 32 bits. */
export function wordsPerRow(width: number, words: number): number {
  if (words < PACKED_FROM || width > LOAD_WORD / 2) return 1;
  return 2 ** Math.floor(Math.log2(LOAD_WORD / width));
}
