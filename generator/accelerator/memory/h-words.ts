import { type Configuration, wordColumns } from '../plan/configuration.js';
import { frameAddressBits, hFrames, rowsOfFrame } from '../plan/frames-in-memory.js';

/** Bits of an h write address (words of `cellLanes`, all frames). */
export function hWriteBits(c: Configuration): number {
  return frameAddressBits(c, hFrames(c), hWriteWords(c));
}

/** Words of `cellLanes` values of one frame in the h memory. */
export function hWriteWords(c: Configuration): number {
  return (rowsOfFrame(c, c.hRows) * Math.max(c.cellLanes, wordColumns(c))) / c.cellLanes;
}
