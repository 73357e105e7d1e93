import type { DecoderKind } from '../decoder.js';
import { listIn } from './configuration.js';
import { configureList } from './configure.js';
import { listDecoder } from './decoder.js';
import { listStore } from './stores.js';
import { listTable } from './table.js';
import { listColumns, listTiles } from './walk.js';

/**
 * Lists of words: the ROM says for each tile which word of the activations each row group reads. Any pattern goes, and patterns
 * of several kinds in one network; rows of a group read what any of them keeps.
 */
export const list: DecoderKind = {
  counts: 'jobs',
  walksAny: true,
  units: () => [],
  tiles: listTiles,
  columns: listColumns,
  configure: configureList,
  limits: (decoder) => ({ listIndexBits: listIn({ decoder }).indexBits }),
  demands: (has, need) => {
    const [own, needs] = [listIn(has).indexBits, listIn(need).indexBits];
    return [{ limit: 'listIndexBits', has: own, needs, ok: needs <= own }];
  },
  table: listTable,
  record: () => ({}),
  stores: (c) => [listStore(c)],
  module: listDecoder,
};
