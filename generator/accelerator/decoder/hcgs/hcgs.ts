import type { DecoderKind } from '../decoder.js';
import { DECODER_LATENCY } from '../latency.js';
import { configureHcgs } from './configure.js';
import { type HcgsDecoder, hcgsDecoder } from './decoder.js';
import { hcgsRecord } from './record.js';
import { indexStores } from './stores.js';
import { hcgsColumns, hcgsTiles } from './walk.js';

/** Square blocks on any number of levels: counters, and a small ROM for each level. */
export const hcgs: DecoderKind<HcgsDecoder> = {
  latency: DECODER_LATENCY,
  walk: hcgsTiles,
  columns: hcgsColumns,
  configure: configureHcgs,
  record: hcgsRecord,
  stores: indexStores,
  module: hcgsDecoder,
};
