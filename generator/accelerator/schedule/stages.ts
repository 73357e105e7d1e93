import { FEED_LATENCY } from '../cell/lane-feed.js';
import { macLatency } from '../datapath/mac-array.js';
import { SLOT_LATENCY } from '../datapath/sum-slots.js';
import { QUEUE_FEED_LATENCY } from '../decoder/queue/latency.js';
import { decoderLatency, memoryLatency } from '../pipeline/tracks.js';
import type { Configuration } from '../plan/configuration.js';

/** Stages of the datapath, in cycles from the issue of a tile. */
export interface Stages {
  /** Addresses are at the activation memories. */
  readonly read: number;
  /** Operands are at the MAC array. */
  readonly operands: number;
  /** Its sums are finished. */
  readonly sums: number;
  /** Both halves of a row group set are side by side. */
  readonly pair: number;
  /** First step of a row group set is at the cell lanes. */
  readonly feed: number;
}

/** The stages of a configuration: its pipeline, and the depth of its adder trees. */
export function stagesOf(c: Pick<Configuration, 'tileColumns' | 'pipeline' | 'queues'>): Stages {
  const read = decoderLatency(c);
  const operands = read + memoryLatency(c);
  const sums = operands + macLatency(c);
  const pair = sums + SLOT_LATENCY;
  const toFeed = c.queues === undefined ? FEED_LATENCY : QUEUE_FEED_LATENCY;
  return { read, operands, sums, pair, feed: pair + toFeed };
}
