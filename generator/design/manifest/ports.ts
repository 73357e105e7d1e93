import { byteBits, type Configuration, outputBits } from '../../accelerator/index.js';

/** Widths of the streams, as `ports` of design.json has them. */
export interface StreamPorts {
  readonly streamLanes: number;
  /** Bytes of a value on the input and on the output stream. */
  readonly xBytes: number;
  readonly outBytes: number;
  readonly outBits: number;
}

export function streamPorts(c: Configuration): StreamPorts {
  return {
    streamLanes: c.streamLanes,
    xBytes: byteBits(c.words.activation) / 8,
    outBytes: byteBits(outputBits(c)) / 8,
    outBits: outputBits(c),
  };
}
