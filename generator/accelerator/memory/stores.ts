import { cellStores } from '../cell/cell-stores.js';
import { jobTableStore } from '../control/job-table.js';
import { layerTableStore } from '../control/layer-store.js';
import { slotStore } from '../datapath/sum-slots.js';
import { weightStores } from '../datapath/weight-stores.js';
import { sumStore } from '../decoder/queue/stores.js';
import { decoderIn } from '../decoder/registry.js';
import type { Configuration } from '../plan/configuration.js';
import { outputStore, shapeStore } from '../stream/stream-stores.js';
import { activationStores } from './activation-stores.js';
import { FRAME_ROLES, MODEL_ROLES, type ModelRole, type RomStore, type Store } from './store.js';
import { storedSize } from './stored-size.js';

/** Every memory of a design, by role: what its blocks say of theirs. */
export function storesOf(c: Configuration): readonly Store[] {
  const stores = [
    ...weightStores(c),
    ...decoderIn(c).stores(c),
    layerTableStore(c),
    ...(c.jobs === undefined ? [] : [jobTableStore(c)]),
    ...cellStores(c),
    shapeStore(c),
    ...Object.values(activationStores(c)),
    c.queues === undefined ? slotStore(c) : sumStore(c),
    outputStore(c),
  ];
  const inOrder = [...MODEL_ROLES, ...FRAME_ROLES];
  return inOrder.flatMap((role) => stores.filter((store) => store.role === role));
}

/** Those with an image. */
export function romsOf(c: Configuration): readonly RomStore[] {
  return storesOf(c).filter((store) => store.kind === 'rom');
}

/** One memory of a design in its documents. */
export interface MemoryUse {
  readonly name: string;
  readonly kind: ModelRole | 'ram';
  /** Bits of a word, check bits among them, and words of one copy. */
  readonly width: number;
  readonly depth: number;
  readonly copies: number;
  /** Image file, or null for a RAM. */
  readonly image: string | null;
}

/** Every memory of a design, for its documents: RAMs are of one kind. */
export function memories(c: Configuration): readonly MemoryUse[] {
  return storesOf(c).map((store) => {
    const { title, kind, role, copies, image } = store;
    const { width, words } = storedSize(c, store);
    return { name: title, kind: kind === 'ram' ? kind : role, width, depth: words, copies, image };
  });
}
