import { wordsPerRow } from '../load/rows.js';
import type { Configuration } from '../plan/configuration.js';
import { checkBitsOf } from '../protect/code.js';
import type { Store, StoreSize } from './store.js';

/** Words of a memory as they lie in it. */
export interface StoredSize extends StoreSize {
  /** Bits of each that are no data. */
  readonly checkBits: number;
}

/**
 * Size of one copy of a store with its check bits, where the words of a design have some: of what a model puts on it. Loaded words that
 * share a row have them once for the row, which is what the memory reads and writes.
 */
export function storedSize(
  { protect, weights }: Pick<Configuration, 'protect' | 'weights'>,
  { kind, width, words }: Pick<Store, 'kind' | 'width' | 'words'>,
): StoredSize {
  if (protect === undefined || kind === 'ram') return { width, words, checkBits: 0 };
  const perRow = weights === 'loaded' ? wordsPerRow(width, words) : 1;
  const data = width * perRow;
  const checkBits = checkBitsOf(protect, data);
  return { width: data + checkBits, words: Math.ceil(words / perRow), checkBits };
}
