import { hasState } from '../cell/kinds.js';
import { hWriteWords } from '../memory/h-words.js';
import { bitsOf, type Configuration } from '../plan/configuration.js';
import { stateWords } from '../plan/frames-in-memory.js';

/** Bits of an index of a value or state of one stream, and of a stream, on the bus: fields of STATE_ADDRESS. */
export const STATE_INDEX_BITS = 20;
export const STATE_STREAM_BITS = 8;

/** Why an access of states is refused; 0: it is not. */
export const STATE_CAUSES = [
  { code: 1, name: 'BUSY', means: 'a frame is in the core, or no model is there' },
  { code: 2, name: 'NONE', means: 'there is no such state' },
  { code: 3, name: 'ORDER', means: 'a word of states was not written from its first one on' },
  { code: 4, name: 'BEYOND', means: 'a number that a state has not the bits for' },
] as const;
export const STATE_CAUSE_BITS = 3;

/** Values and states of a design as a bus sees them. */
export interface StateSizes {
  /** Numbers in a word of the memories, a power of two: a word is written at once. */
  readonly lanes: number;
  readonly streams: number;
  /** Values h of one frame of one stream, with places that no layer has. */
  readonly values: number;
  /** States c of one stream; 0 where cells keep none. */
  readonly kept: number;
  /** Bits of an index, which can stand behind the last one. */
  readonly indexBits: number;
  /** Bits of a value, and of a state. */
  readonly valueBits: number;
  readonly keptBits: number;
}

/** Sizes of the values and states of a configuration in the order of frames. */
export function stateSizes(c: Configuration): StateSizes {
  const values = hWriteWords(c) * c.cellLanes;
  const kept = hasState(c) ? stateWords(c, c.cellDepth) * c.cellLanes : 0;
  return {
    ...{ lanes: c.cellLanes, streams: c.streams ?? 1, values, kept },
    indexBits: bitsOf(Math.max(values, kept) + 1),
    ...{ valueBits: c.words.activation, keptBits: c.words.cell },
  };
}
