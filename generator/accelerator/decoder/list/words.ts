import type { SparseMatrix } from '../../../network/model.js';
import { patternKind } from '../../../sparsity/kind-of.js';
import type { Pattern } from '../../../sparsity/registry.js';
import type { Tiling } from '../../schedule/pass-walk.js';

/** How a matrix is cut into tiles: it decides which words a row group reads. */
type Cut = Pick<Tiling, 'tileRows' | 'tileColumns'>;

/** What the row groups of a matrix read: words of `tileColumns` columns that one of their rows keeps a column of. */
interface GroupWords {
  /** How many, [pattern][row group]. */
  readonly counts: readonly Int32Array[];
  /** Neighbouring row groups, a power of two from the first one on, that read the same words, or none. */
  readonly share: number;
}

/** As many row groups as no design has side by side. */
const MOST_SHARE = 64;

const known = new WeakMap<SparseMatrix, Map<string, GroupWords>>();

/** What the row groups of a matrix read; found once for each cut. */
export function groupWords(matrix: SparseMatrix, cut: Cut): GroupWords {
  const own = known.get(matrix) ?? new Map<string, GroupWords>();
  known.set(matrix, own);
  const key = `${cut.tileRows} ${cut.tileColumns}`;
  const found = own.get(key) ?? find(matrix, cut);
  own.set(key, found);
  return found;
}

function find({ patterns }: SparseMatrix, cut: Cut): GroupWords {
  const readers = patterns.map((pattern) => new WordReader(pattern, cut));
  return {
    counts: readers.map((reader) =>
      Int32Array.from({ length: reader.groups }, (_, group) => reader.words(group).length),
    ),
    share: readers.reduce(shared, MOST_SHARE),
  };
}

/** Row groups of which all windows of a matrix agree, at most `most`. */
function shared(most: number, reader: WordReader): number {
  let share = most;
  for (let first = 0; first < reader.groups && share > 1; ) {
    // narrower windows of what has been looked through agree as well
    if (agrees(reader, first, Math.min(reader.groups, first + share))) first += share;
    else share /= 2;
  }
  return share;
}

function agrees(reader: WordReader, first: number, end: number): boolean {
  let read: Int32Array | null = null;
  for (let group = first; group < end; group++) {
    const words = reader.words(group);
    if (words.length === 0) continue;
    if (read !== null && !equal(read, words)) return false;
    read ??= words;
  }
  return true;
}

function equal(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((word, i) => word === other[i]);
}

/** What is of a gate, of what the gates of a matrix have each or share. */
export function ofGate<T>(each: readonly T[], gate: number): T {
  return (each.length === 1 ? each[0] : each[gate]) as T;
}

/** Finds the words that row groups of one pattern read. */
export class WordReader {
  /** Row groups, the last one possibly of fewer rows. */
  readonly groups: number;
  readonly #marked: Uint8Array;

  constructor(
    private readonly pattern: Pattern,
    private readonly cut: Cut,
  ) {
    this.groups = Math.ceil(pattern.rows / cut.tileRows);
    this.#marked = new Uint8Array(Math.ceil(pattern.columns / cut.tileColumns));
  }

  /** Numbers of the words of a row group, ascending; none behind the last one. */
  words(group: number): Int32Array {
    const { tileRows, tileColumns } = this.cut;
    const { rows, columns } = this.pattern;
    const { runsOfRow } = patternKind(this.pattern);
    this.#marked.fill(0);
    let count = 0;
    const end = Math.min(rows, (group + 1) * tileRows);
    for (let row = group * tileRows; row < end; row++) {
      for (const [first, width] of runsOfRow(this.pattern, row)) {
        const past = Math.min(first + width, columns);
        for (let word = Math.floor(first / tileColumns); word * tileColumns < past; word++) {
          if (this.#marked[word] !== 0) continue;
          this.#marked[word] = 1;
          count++;
        }
      }
    }
    const words = new Int32Array(count);
    let at = 0;
    for (let word = 0; at < count; word++) if (this.#marked[word] !== 0) words[at++] = word;
    return words;
  }
}
