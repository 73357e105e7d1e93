import { activationRows, addressStreams, type Configuration } from '../plan/configuration.js';
import { type RamStore, ramStore } from './store.js';

/** x and h with both buffers, a copy for each address stream; a word is as wide as the wider port. */
export function activationStores(c: Configuration): {
  readonly x: RamStore;
  readonly h: RamStore;
} {
  const store = (role: 'x' | 'h', lanes: number, rows: number): RamStore =>
    ramStore({
      role,
      title: `${role}, two buffers`,
      block: 'u_activations',
      width: Math.max(lanes, c.tileColumns) * c.words.activation,
      words: activationRows(rows),
      copies: addressStreams(c),
    });
  return { x: store('x', c.streamLanes, c.xRows), h: store('h', c.cellLanes, c.hRows) };
}
