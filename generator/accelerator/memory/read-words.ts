import type { Configuration } from '../plan/configuration.js';

/** Words of `tileColumns` activations in one x buffer. */
export function xReadWords(c: Configuration): number {
  return (c.xRows * Math.max(c.streamLanes, c.tileColumns)) / c.tileColumns;
}

/** Words of `tileColumns` activations in one h buffer. */
export function hReadWords(c: Configuration): number {
  return (c.hRows * Math.max(c.cellLanes, c.tileColumns)) / c.tileColumns;
}
