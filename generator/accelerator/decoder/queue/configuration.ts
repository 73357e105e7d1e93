import type { Configuration, DecoderConfiguration } from '../../plan/configuration.js';

/** What the decoder of an array with queues can walk. */
export interface QueueConfiguration extends DecoderConfiguration {
  readonly kind: 'queue';
  /** Bits of the number of a column of a matrix. */
  readonly indexBits: number;
  /** Sums of one operand that a queue can hold: a power of two, at least 2. */
  readonly depth: number;
  /** Steps of the lanes in a frame: words of the table that says where the sums of a step lie. */
  readonly steps: number;
}

/** The part of a configuration that is the decoder's of queues. */
export function queueIn({ decoder }: Pick<Configuration, 'decoder'>): QueueConfiguration {
  if (decoder.kind !== 'queue') throw new Error(`a decoder of kind ${decoder.kind}, not queue`);
  return decoder as QueueConfiguration;
}
