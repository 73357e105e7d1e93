import { bitsOf, type Configuration } from './configuration.js';

type Kept = Pick<Configuration, 'order' | 'maxFrames'>;

/** Frames that the memory of x has room for: two, or all of two utterances in the order of sequences. */
export function xFrames({ order, maxFrames = 1 }: Kept): number {
  return order === 'sequence' ? 2 * maxFrames : 2;
}

/** Frames that the memory of h has room for: two, or all of an utterance in the order of sequences. */
export function hFrames({ order, maxFrames = 1 }: Kept): number {
  return order === 'sequence' ? maxFrames : 2;
}

/** Bits of the number of a frame in either memory, in the order of sequences. */
export function placeBits(c: Kept): number {
  return bitsOf(xFrames(c));
}

/** Bits of the number of a frame of an utterance, in the order of sequences. */
export function frameBits({ maxFrames = 1 }: Kept): number {
  return bitsOf(maxFrames);
}

/**
 * Wide words from one frame to the next, of `rows` that a frame needs: as many; in the order of sequences a power of two, so that
 * the number of a frame is the high end of an address.
 */
export function rowsOfFrame({ order }: Kept, rows: number): number {
  return order === 'sequence' ? 2 ** Math.ceil(Math.log2(rows)) : rows;
}

/** Bits of an address of words in frames: `words` of one frame. */
export function frameAddressBits(c: Kept, frames: number, words: number): number {
  return c.order === 'sequence' ? bitsOf(frames) + Math.log2(words) : bitsOf(frames * words);
}

/**
 * Rows of an activation memory with all its frames. With two buffers, rounded up to a power of two: padding columns are read
 * beyond the last buffer (their weights are zero), and every address they can have must be a word. Utterances have no words
 * beyond: whatever a read finds there, it is masked.
 */
export function activationRows(c: Kept, frames: number, rows: number): number {
  const all = frames * rowsOfFrame(c, rows);
  return c.order === 'sequence' ? all : 2 ** Math.ceil(Math.log2(all));
}
