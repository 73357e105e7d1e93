import type { KeptLists, ListPattern } from '../lists/lists.js';

/** Any zeros at all: a bit for each position of the matrix says whether it is kept. Rows may be empty. */
export interface MaskPattern extends ListPattern {
  readonly kind: 'mask';
}

/** The mask that keeps what lists say. */
export function maskOf(lists: KeptLists): MaskPattern {
  return { kind: 'mask', ...lists };
}
