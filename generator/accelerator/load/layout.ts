import { createHash } from 'node:crypto';
import { enginesOf, type Hardware, isChain } from '../chain/chain.js';
import { romsOf } from '../memory/stores.js';
import { bitsOf } from '../plan/configuration.js';
import { shapeContract } from '../plan/contract.js';
import { LOAD_WORD, wordsPerRow } from './rows.js';

/** A memory that a load fills. */
export interface LoadedStore {
  /** In the order of a load, from 0. */
  readonly number: number;
  /** Of its image, without the name of the design: `weights_0`, in a chain `e1_weights_0`. */
  readonly name: string;
  /** Path of its image in a design directory. */
  readonly image: string;
  /** Bits of a row, and rows. */
  readonly width: number;
  readonly words: number;
  /** Words of the memory in a row, side by side from the low end: of deep and narrow memories several. */
  readonly perRow: number;
}

/** What a load of a design consists of. */
export interface LoadLayout {
  readonly stores: readonly LoadedStore[];
  /** SHA-256 of the shape contract and of the memories, in hex: a load says for what it was made. */
  readonly hash: string;
}

/** What a load of such a design consists of: the memories with an image, engine after engine. */
export function loadLayout(hardware: Hardware): LoadLayout {
  const stores = enginesOf(hardware)
    .flatMap((engine, n) =>
      romsOf(engine).map((store) => ({
        ...store,
        name: isChain(hardware) ? `e${n}_${store.name}` : store.name,
      })),
    )
    .map(({ name, image, width, words }, number) => {
      const perRow = wordsPerRow(width, words);
      const row = { width: width * perRow, words: Math.ceil(words / perRow), perRow };
      return { number, name, image, ...row };
    });
  const described = {
    shape: enginesOf(hardware).map(shapeContract),
    stores: stores.map(({ name, width, words, perRow }) => [name, width, words, perRow]),
  };
  const hash = createHash('sha256').update(JSON.stringify(described)).digest('hex');
  return { stores, hash };
}

/** Words of 32 bits that a row of a memory takes in a load. */
export function loadWords({ width }: Pick<LoadedStore, 'width'>): number {
  return Math.ceil(width / LOAD_WORD);
}

/** Widths of the wires that lead from the loader to the memories. */
export interface LoadBusWidths {
  /** Of the number of a store, and of the one behind the last. */
  readonly number: number;
  readonly address: number;
  readonly data: number;
}

/** Widths of the wires of a load. */
export function loadBusWidths({ stores }: LoadLayout): LoadBusWidths {
  return {
    number: bitsOf(stores.length + 1),
    address: bitsOf(Math.max(...stores.map(({ words, perRow }) => words * perRow))),
    data: LOAD_WORD * Math.max(...stores.map(loadWords)),
  };
}

/** The 64 bits of the hash that a load carries: its first 16 digits, as two words of 32 bits, the first bytes first. */
export function hashWords({ hash }: Pick<LoadLayout, 'hash'>): readonly number[] {
  const bytes = Buffer.from(hash, 'hex');
  return [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at));
}
