import { enginesOf, type Hardware } from '../chain/chain.js';
import { type LoadLayout, loadLayout, loadWords } from './layout.js';
import { HEAD_WORDS } from './records.js';
import { LOAD_WORD } from './rows.js';

/** What it takes to load a model. */
export interface LoadSize {
  /** Bits of a beat of the load port. */
  readonly beatBits: number;
  /** Models that are kept at once. */
  readonly residents: number;
  /** Of one load. */
  readonly bytes: number;
  /** From the first beat to the word that the model is there, beats back to back, in an idle design. */
  readonly cycles: number;
}

/** Cycles of a record beside its beats: a look at each word of the head, and the verdict; and the wait for the place, once. */
const LOOKS = HEAD_WORDS + 1;
const WAIT = 1;

/** What it takes to load a model into such a design; null where it lies in ROMs. */
export function loadSize(hardware: Hardware): LoadSize | null {
  const { weights, loadBits = 32, residents = 1 } = enginesOf(hardware)[0];
  if (weights !== 'loaded') return null;
  return { beatBits: loadBits, residents, ...loadSizeOf(loadLayout(hardware), loadBits) };
}

/** The same of a layout, over a port of `bits` bits. */
export function loadSizeOf(
  { stores }: LoadLayout,
  bits: number,
): Pick<LoadSize, 'bytes' | 'cycles'> {
  const records = stores.length + 1;
  const data = stores.reduce((sum, store) => sum + store.words * loadWords(store), 0);
  const words = data + records * (HEAD_WORDS + 1);
  const beats = (words * LOAD_WORD) / bits;
  return { bytes: 4 * words, cycles: beats + records * LOOKS + WAIT };
}
