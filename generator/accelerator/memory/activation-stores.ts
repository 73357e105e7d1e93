import { addressStreams, type Configuration, wordColumns } from '../plan/configuration.js';
import { activationRows, hFrames, xFrames } from '../plan/frames-in-memory.js';
import { type RamStore, ramStore } from './store.js';

/** x and h with both buffers, or all frames of utterances, a copy for each address stream; a word is as wide as the wider port. */
export function activationStores(c: Configuration): {
  readonly x: RamStore;
  readonly h: RamStore;
} {
  const rooms = c.order === 'sequence' ? { x: 'two utterances', h: 'an utterance' } : null;
  const store = (role: 'x' | 'h', lanes: number, frames: number, rows: number): RamStore =>
    ramStore({
      role,
      title: `${role}, ${rooms?.[role] ?? 'two buffers'}`,
      block: 'u_activations',
      width: Math.max(lanes, wordColumns(c)) * c.words.activation,
      words: activationRows(c, frames, rows),
      copies: addressStreams(c),
    });
  return {
    x: store('x', c.streamLanes, xFrames(c), c.xRows),
    h: store('h', c.cellLanes, hFrames(c), c.hRows),
  };
}
