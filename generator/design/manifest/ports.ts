import {
  byteBits,
  enginesOf,
  type Hardware,
  lastEngine,
  outputBits,
} from '../../accelerator/index.js';

/** Widths of the streams, as `ports` of design.json has them. */
export interface StreamPorts {
  readonly streamLanes: number;
  /** Bytes of a value on the input and on the output stream. */
  readonly xBytes: number;
  readonly outBytes: number;
  readonly outBits: number;
}

export function streamPorts(hardware: Hardware): StreamPorts {
  const [first, last] = [enginesOf(hardware)[0], lastEngine(hardware)];
  return {
    streamLanes: last.streamLanes,
    xBytes: byteBits(first.words.activation) / 8,
    outBytes: byteBits(outputBits(last)) / 8,
    outBits: outputBits(last),
  };
}
