import { bitsOf, type Configuration } from '../plan/configuration.js';

/** Bits of an h write address (words of `cellLanes`, both halves). */
export function hWriteBits(c: Configuration): number {
  const wide = Math.max(c.cellLanes, c.tileColumns);
  return bitsOf((2 * c.hRows * wide) / c.cellLanes);
}

/** Words of `cellLanes` values in one h buffer. */
export function hWriteWords(c: Configuration): number {
  return (c.hRows * Math.max(c.cellLanes, c.tileColumns)) / c.cellLanes;
}
