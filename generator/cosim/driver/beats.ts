import type { CorePorts } from '../design.js';

/** Flags of one beat for the harness. */
const TLAST = 1;
const TUSER = 2;
const TUSER_LAST = 4;
/** The stream stands above the flags. */
const STREAM_SHIFT = 3;

/**
 * Packs frames into beats for the harness: for each beat a byte of flags and the bytes of tdata. Value n is in beat
 * n / lanes, lane n mod lanes, sign-extended to whole bytes; unused lanes are zero. The last beat carries tlast, the first
 * one tuser where `start` is set, and its second bit where `end` is. Values may be of any number: frames of the wrong length are packed alike.
 */
export function beatPacker(
  ports: CorePorts,
): (values: ArrayLike<number>, start: boolean, end?: boolean, stream?: number) => Uint8Array {
  const { streamLanes: lanes, xBytes } = ports;
  const stride = 1 + lanes * xBytes;
  return (values, start, end = false, stream = 0) => {
    const beats = Math.ceil(values.length / lanes);
    const bytes = new Uint8Array(beats * stride);
    for (let n = 0; n < values.length; n++) {
      let at = Math.floor(n / lanes) * stride + 1 + (n % lanes) * xBytes;
      const value = values[n] as number;
      for (let shift = 0; shift < 8 * xBytes; shift += 8)
        bytes[at++] = value >> Math.min(shift, 31);
    }
    bytes[0] = (start ? TUSER : 0) | (end ? TUSER_LAST : 0);
    bytes[(beats - 1) * stride] = (bytes[(beats - 1) * stride] as number) | TLAST;
    for (let at = 0; at < bytes.length; at += stride) {
      bytes[at] = (bytes[at] as number) | (stream << STREAM_SHIFT);
    }
    return bytes;
  };
}
