import type { HcgsPattern } from '../../../sparsity/hcgs/pattern.js';
import type { DecoderKind } from '../decoder.js';
import { configureHcgs } from './configure.js';
import { hcgsDemands, hcgsLimits } from './contract.js';
import { hcgsDecoder } from './decoder.js';
import { hcgsRecord } from './record.js';
import { indexStores } from './stores.js';
import { hcgsTable } from './table.js';
import { hcgsColumns, hcgsTiles } from './walk.js';

/** Square blocks on any number of levels: counters, and a small ROM for each level. */
export const hcgs: DecoderKind = {
  counts: 'decoder',
  units: ({ patterns }) => (patterns[0] as HcgsPattern).blocks,
  tiles: hcgsTiles,
  columns: hcgsColumns,
  configure: configureHcgs,
  limits: hcgsLimits,
  demands: (has, need) => [...hcgsDemands(has, need)],
  table: hcgsTable,
  record: hcgsRecord,
  stores: indexStores,
  module: hcgsDecoder,
};
