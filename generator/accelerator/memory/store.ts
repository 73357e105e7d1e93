import type { Steps } from '../../base/steps.js';
import type { Model } from '../../network/model.js';
import { imagePath } from '../images/names.js';
import type { Configuration } from '../plan/configuration.js';
import type { PassWalk } from '../schedule/pass-walk.js';

/** What a memory holds: of a model, and of its frames. In the order in which a design lists its memories. */
export const MODEL_ROLES = ['weights', 'index', 'bias', 'table', 'control'] as const;
export const FRAME_ROLES = ['x', 'h', 'state', 'slots', 'output'] as const;

export type ModelRole = (typeof MODEL_ROLES)[number];
export type FrameRole = (typeof FRAME_ROLES)[number];

/** Bits of a word, and words of one copy. */
export interface StoreSize {
  readonly width: number;
  readonly words: number;
}

interface Described extends StoreSize {
  /** For a reader: `weight bank 0`. */
  readonly title: string;
  /** Instance below the core that it lies in. */
  readonly block: string;
  /** Memories of this size and content side by side. */
  readonly copies: number;
}

/** A model, cut into the tiles of a configuration. */
export interface PlacedModel {
  readonly model: Model;
  readonly walks: readonly PassWalk[];
  /** Sets that may be under way when a pass goes on, by pass. */
  readonly allowances: readonly number[];
}

/** A memory whose words stand in an image when the design starts. */
export interface RomStore extends Described {
  readonly kind: 'rom';
  readonly role: ModelRole;
  /** The image without folder, ending and the name of the design: `weights_0`. */
  readonly name: string;
  /** Path of the image in a design directory. */
  readonly image: string;
  /** The image that puts a model on the design: `words` lines of `width` bits. */
  readonly contents: (placed: PlacedModel) => Steps<string>;
}

/** A memory that the design writes; all zeros when it starts. */
export interface RamStore extends Described {
  readonly kind: 'ram';
  readonly role: FrameRole;
  readonly image: null;
}

/** One memory of a design: parameters of the blocks, images, estimates and documents follow from it. */
export type Store = RomStore | RamStore;

/** Writes the image of a store, in the size that the store says; a longer one yields on its way. */
export type ImageOf = (
  c: Configuration,
  placed: PlacedModel,
  size: StoreSize,
) => string | Steps<string>;

/** A ROM of a design with the function that writes its image. */
export function romStore(
  c: Configuration,
  store: Omit<RomStore, 'kind' | 'image' | 'contents' | 'copies'> & { readonly copies?: number },
  imageOf: ImageOf,
): RomStore {
  return {
    copies: 1,
    ...store,
    kind: 'rom',
    image: imagePath(c.name, store.name),
    *contents(placed) {
      const made = imageOf(c, placed, store);
      return typeof made === 'string' ? made : yield* made;
    },
  };
}

/** A RAM of a design. */
export function ramStore(
  store: Omit<RamStore, 'kind' | 'image' | 'copies'> & { readonly copies?: number },
): RamStore {
  return { copies: 1, ...store, kind: 'ram', image: null };
}
