import { recordBits } from '../build/record.js';
import { decoderIn } from '../decoder/registry.js';
import { layerImage } from '../images/layers.js';
import { type RomStore, romStore } from '../memory/store.js';
import type { Configuration } from '../plan/configuration.js';
import { layerTable } from './layer-table.js';

/** What the sequencer and the decoder know of each layer, a word each. */
export function layerTableStore(c: Configuration): RomStore {
  const width = recordBits(layerTable(c, decoderIn(c).table));
  const described = { role: 'control', title: 'layer table', block: 'u_sequencer' } as const;
  return romStore(c, { name: 'layers', ...described, width, words: c.layers }, layerImage);
}
