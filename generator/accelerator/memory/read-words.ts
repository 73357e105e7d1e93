import { type Configuration, wordColumns } from '../plan/configuration.js';
import { frameAddressBits, hFrames, rowsOfFrame, xFrames } from '../plan/frames-in-memory.js';

/** Read words of one frame in the x memory. */
export function xReadWords(c: Configuration): number {
  return (rowsOfFrame(c, c.xRows) * Math.max(c.streamLanes, wordColumns(c))) / wordColumns(c);
}

/** Read words of one frame in the h memory. */
export function hReadWords(c: Configuration): number {
  return (rowsOfFrame(c, c.hRows) * Math.max(c.cellLanes, wordColumns(c))) / wordColumns(c);
}

/** Bits of a read address of the x memory. */
export function xReadBits(c: Configuration): number {
  return frameAddressBits(c, xFrames(c), xReadWords(c));
}

/** Bits of a read address of the h memory. */
export function hReadBits(c: Configuration): number {
  return frameAddressBits(c, hFrames(c), hReadWords(c));
}

/** Words of `streamLanes` values of one frame in the x memory. */
export function xWriteWords(c: Configuration): number {
  return (rowsOfFrame(c, c.xRows) * Math.max(c.streamLanes, wordColumns(c))) / c.streamLanes;
}

/** Bits of an x write address: words of `streamLanes`, all frames. */
export function xWriteBits(c: Configuration): number {
  return frameAddressBits(c, xFrames(c), xWriteWords(c));
}
