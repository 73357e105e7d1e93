import type { DecoderKind } from '../decoder.js';
import { queueIn } from './configuration.js';
import { configureQueue } from './configure.js';
import { queueDecoder } from './decoder.js';
import { listStore, stepStore } from './stores.js';
import { queueTable } from './table.js';
import { queueColumns, queueLanesFrom, queueTiles } from './walk.js';

/**
 * Queues of rows: each row group of the array has rows of any gate, one behind the other, and the ROM says which columns they
 * read and where they end. Any pattern goes, and no row group waits for another one before the operand is through.
 */
export const queue: DecoderKind = {
  counts: 'jobs',
  walksAny: true,
  units: () => [],
  tiles: queueTiles,
  lanesFrom: queueLanesFrom,
  columns: queueColumns,
  configure: configureQueue,
  limits: (decoder) => {
    const { indexBits, depth, steps } = queueIn({ decoder });
    return { queueIndexBits: indexBits, queueDepth: depth, queueSteps: steps };
  },
  demands: (has, need) => {
    const [own, needs] = [queueIn(has), queueIn(need)];
    const demand = (limit: string, of: (c: typeof own) => number) => ({
      ...{ limit, has: of(own), needs: of(needs), ok: of(needs) <= of(own) },
    });
    return [
      demand('queueIndexBits', ({ indexBits }) => indexBits),
      demand('queueDepth', ({ depth }) => depth),
      demand('queueSteps', ({ steps }) => steps),
    ];
  },
  table: queueTable,
  record: () => ({}),
  stores: (c) => [listStore(c), stepStore(c)],
  module: queueDecoder,
};
