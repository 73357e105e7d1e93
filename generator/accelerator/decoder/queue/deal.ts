import type { SparseMatrix } from '../../../network/model.js';
import type { Tiling } from '../../schedule/pass-walk.js';
import { ofGate, WordReader } from '../list/words.js';
import { type Item, Levelled } from './levelled.js';

/** How queues are dealt: the tiles, and who may take which rows. */
type Cut = Pick<Tiling, 'tileRows' | 'tileColumns' | 'rowGroups' | 'queues'>;

/** A matrix in queues. */
export interface Dealt {
  /** By row group of the array, its items in the order in which they are taken: row groups ascending, then gates. */
  readonly queues: readonly (readonly Item[])[];
  /** Tiles of the longest queue. */
  readonly tiles: number;
  /** Tiles of all queues. */
  readonly busy: number;
  /** Items of the queue that has most. */
  readonly depth: number;
}

/** Classes of row groups of the array, by the lanes that take their sums, and row groups in a class. */
export function classesOf({ tileRows, rowGroups, queues }: Cut): {
  readonly classes: number;
  readonly perClass: number;
} {
  const classes = Math.max(1, (queues?.lanes ?? 1) / tileRows);
  return { classes, perClass: rowGroups / classes };
}

const known = new WeakMap<SparseMatrix, Map<string, Dealt>>();
const knownColumns = new WeakMap<SparseMatrix, Map<number, readonly (readonly Int32Array[])[]>>();

/** The queues of a matrix; dealt once for each cut. */
export function dealt(matrix: SparseMatrix, cut: Cut): Dealt {
  const own = known.get(matrix) ?? new Map<string, Dealt>();
  known.set(matrix, own);
  const key = `${cut.tileRows} ${cut.tileColumns} ${cut.rowGroups} ${cut.queues?.lanes ?? 1}`;
  const found = own.get(key) ?? deal(matrix, cut);
  own.set(key, found);
  return found;
}

/** Row groups are dealt in so many windows, one behind the other; what comes out best is taken. */
const WINDOWS = [1, 2, 4, 8, 16, 32, 64];

/** What a cycle of the lanes behind the last tile counts, beside one of the array: others may lie over it. */
const BEHIND = 0.5;

/**
 * Deals in windows of neighbouring row groups. One window levels the queues best; with many of them all queues come to the same row
 * groups at the same time, so that the lanes, which take these in their order, can begin early and end with the array.
 */
function deal(matrix: SparseMatrix, cut: Cut): Dealt {
  const items = itemsOf(matrix, cut);
  const steps = matrix.rows / (cut.queues?.lanes ?? 1);
  let best: Dealt | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const windows of WINDOWS) {
    // a window has a row group of a queue, or more
    if (windows > 1 && items.length < windows * cut.rowGroups) break;
    const one = dealIn(windows, items, Math.ceil(matrix.rows / cut.tileRows), cut);
    const behind = Math.max(0, lanesFrom(one, cut) + steps - one.tiles);
    const cost = one.tiles + BEHIND * behind;
    if (cost < least) [best, least] = [one, cost];
  }
  return best as Dealt;
}

/**
 * In each window the longest first, each to the queue with the fewest tiles of those whose sums reach its lane (Graham's rule for
 * parallel machines, 1969); then the longest queue exchanges items as long as that helps. The gates of a row group lie in different
 * queues, as a step of the lanes takes one sum of a queue.
 */
function dealIn(windows: number, items: readonly Item[], groups: number, cut: Cut): Dealt {
  const { classes, perClass } = classesOf(cut);
  const queues = new Levelled(cut.rowGroups, perClass, (group) =>
    Math.floor((group * windows) / groups),
  );
  const inTurn = [...items].sort(
    (a, b) =>
      queues.windowOf(a.group) - queues.windowOf(b.group) ||
      b.tiles - a.tiles ||
      a.group - b.group ||
      a.gate - b.gate,
  );
  for (const item of inTurn) queues.put(item, (item.group % classes) * perClass);
  queues.level();
  const { loads, own } = queues;
  for (const queue of own) queue.sort((a, b) => a.group - b.group || a.gate - b.gate);
  return {
    queues: own,
    tiles: Math.max(...loads),
    busy: loads.reduce((sum, load) => sum + load, 0),
    depth: Math.max(...own.map(({ length }) => length)),
  };
}

/**
 * Tiles behind which the lanes may begin: a step reads the sums of its rows one cycle behind the one that ended them at the earliest,
 * and steps follow one another without a gap, as tiles do from there on.
 */
export function lanesFrom({ queues }: Dealt, { tileRows, queues: own }: Cut): number {
  const rowsPerStep = own?.lanes ?? 1;
  let latest = 0;
  for (const queue of queues) {
    let end = -1;
    for (const { group, tiles } of queue) {
      end += tiles;
      latest = Math.max(latest, end - Math.floor((group * tileRows) / rowsPerStep));
    }
  }
  return latest + 1;
}

/** Columns that a row group of `tileRows` rows reads, [pattern][row group]; found once. */
function columnsOf(matrix: SparseMatrix, tileRows: number): readonly (readonly Int32Array[])[] {
  const own = knownColumns.get(matrix) ?? new Map<number, readonly (readonly Int32Array[])[]>();
  knownColumns.set(matrix, own);
  const found =
    own.get(tileRows) ??
    matrix.patterns.map((pattern) => {
      const reader = new WordReader(pattern, { tileRows, tileColumns: 1 });
      return Array.from({ length: reader.groups }, (_, group) => reader.words(group));
    });
  own.set(tileRows, found);
  return found;
}

/** Tiles of all rows of a matrix, whatever queues they lie in. */
export function tilesIn(matrix: SparseMatrix, cut: Cut): number {
  return itemsOf(matrix, cut).reduce((sum, { tiles }) => sum + tiles, 0);
}

/** Row groups of all gates that keep anything. */
function itemsOf(matrix: SparseMatrix, { tileRows, tileColumns }: Cut): Item[] {
  const { rows, columns: wide, codes } = matrix;
  const gates = codes.length / (rows * wide);
  const read = columnsOf(matrix, tileRows);
  const items: Item[] = [];
  for (let group = 0; group < Math.ceil(rows / tileRows); group++) {
    for (let gate = 0; gate < gates; gate++) {
      const columns = ofGate(read, gate)[group] as Int32Array;
      const tiles = Math.ceil(columns.length / tileColumns);
      if (tiles > 0) items.push({ gate, group, columns, tiles });
    }
  }
  return items;
}
