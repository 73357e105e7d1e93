import { bitsOf, type Configuration } from './configuration.js';

type Kept = Pick<Configuration, 'order' | 'maxFrames' | 'streams'>;

/** Whether the memories hold more than two frames, so that a frame has a number. */
export function hasPlaces({ order, streams }: Pick<Kept, 'order' | 'streams'>): boolean {
  return order === 'sequence' || streams !== undefined;
}

/** Frames that the memory of x has room for: two of each stream, or all of two utterances in the order of sequences. */
export function xFrames({ order, maxFrames = 1, streams = 1 }: Kept): number {
  return order === 'sequence' ? 2 * maxFrames : 2 * streams;
}

/** Frames that the memory of h has room for: two of each stream, or all of an utterance in the order of sequences. */
export function hFrames({ order, maxFrames = 1, streams = 1 }: Kept): number {
  return order === 'sequence' ? maxFrames : 2 * streams;
}

/** Bits of the number of a stream. */
export function streamBits({ streams = 1 }: Pick<Kept, 'streams'>): number {
  return bitsOf(streams);
}

/** Output frames that may wait to be sent: short visits of several streams, or of several frames, end behind each other. */
export function outputFrames(c: Pick<Kept, 'order' | 'streams'>): number {
  return hasPlaces(c) ? 4 : 2;
}

/** Words of the states of all streams. */
export function stateDepth(c: Pick<Configuration, 'streams' | 'cellDepth'>): number {
  return (c.streams ?? 1) * stateWords(c, c.cellDepth);
}

/** Words of the states of one stream: with several a power of two, so that the stream is the high end of an address. */
export function stateWords({ streams }: Pick<Kept, 'streams'>, words: number): number {
  return streams === undefined ? words : 2 ** Math.ceil(Math.log2(words));
}

/** Bits of the number of a frame in either memory, where they have one. */
export function placeBits(c: Kept): number {
  return bitsOf(xFrames(c));
}

/** Bits of the number of a frame of an utterance, in the order of sequences. */
export function frameBits({ maxFrames = 1 }: Kept): number {
  return bitsOf(maxFrames);
}

/** Bits of the number of a frame in the memory of h, where they have one. */
export function hPlaceBits(c: Kept): number {
  return bitsOf(hFrames(c));
}

/**
 * Wide words from one frame to the next, of `rows` that a frame needs: as many; where frames have a number a power of two, so that
 * it is the high end of an address.
 */
export function rowsOfFrame(c: Kept, rows: number): number {
  return hasPlaces(c) ? 2 ** Math.ceil(Math.log2(rows)) : rows;
}

/** Bits of an address of words in frames: `words` of one frame. */
export function frameAddressBits(c: Kept, frames: number, words: number): number {
  return hasPlaces(c) ? bitsOf(frames) + Math.log2(words) : bitsOf(frames * words);
}

/**
 * Rows of an activation memory with all its frames. With two buffers, rounded up to a power of two: padding columns are read
 * beyond the last buffer (their weights are zero), and every address they can have must be a word. Numbered frames have no words
 * beyond: whatever a read finds there, it is masked.
 */
export function activationRows(c: Kept, frames: number, rows: number): number {
  const all = frames * rowsOfFrame(c, rows);
  // a memory has two rows at least
  return hasPlaces(c) ? Math.max(2, all) : 2 ** Math.ceil(Math.log2(all));
}
