import { activationRows, addressStreams, type Configuration } from '../plan/configuration.js';
import { type RamStore, ramStore } from './store.js';

/** x and h with both buffers, a copy for each address stream; a word is as wide as the wider port. */
export function activationStores(c: Configuration): readonly RamStore[] {
  const store = (role: 'x' | 'h', lanes: number, rows: number): RamStore =>
    ramStore({
      role,
      title: `${role}, two buffers`,
      block: 'u_activations',
      width: Math.max(lanes, c.tileColumns) * c.words.activation,
      words: activationRows(rows),
      copies: addressStreams(c),
    });
  return [store('x', c.streamLanes, c.xRows), store('h', c.cellLanes, c.hRows)];
}
