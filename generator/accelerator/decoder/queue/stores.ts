import { type RamStore, type RomStore, ramStore, romStore } from '../../memory/store.js';
import { addressStreams, type Configuration } from '../../plan/configuration.js';
import { queueIn } from './configuration.js';
import { queueImage, stepImage } from './images.js';
import { OPERANDS, stepWord } from './step-words.js';

/** The list ROM: columns and ends of rows, as many words as of weights. */
export function listStore(c: Configuration): RomStore {
  const described = { role: 'index', name: 'index_queue', block: 'u_decoder' } as const;
  const size = {
    width: queueIn(c).indexBits * addressStreams(c) + c.rowGroups,
    words: c.weightDepth,
  };
  return romStore(c, { ...described, title: 'columns that tiles read', ...size }, queueImage);
}

/** The step ROM: the queues in which the sums of a step of the lanes lie. */
export function stepStore(c: Configuration): RomStore {
  const described = { role: 'index', name: 'index_step', block: 'u_queues' } as const;
  const size = { width: stepWord(c).width, words: queueIn(c).steps };
  return romStore(c, { ...described, title: 'queues that steps read', ...size }, stepImage);
}

/** Sums of queues: of both operands, for two passes. */
export function sumStore(c: Configuration): RamStore {
  return ramStore({
    role: 'slots',
    title: 'sums of queues',
    block: 'u_queues',
    width: c.tileRows * c.accumulatorBits,
    words: 2 * queueIn(c).depth,
    copies: OPERANDS.length * c.rowGroups,
  });
}
