/** Rows of one gate in one queue: `tileRows` of them, from a multiple on. */
export interface Item {
  readonly gate: number;
  /** Number of the row group in the matrix: its first row is `group` · `tileRows`. */
  readonly group: number;
  /** Columns that one of its rows keeps, ascending; each takes a column of a tile. */
  readonly columns: Int32Array;
  readonly tiles: number;
}

/** An exchange between two queues: an item for one of fewer tiles, or for none. */
interface Exchange {
  readonly give: Item;
  readonly take: Item | null;
  readonly from: number;
  readonly to: number;
}

/** Exchanges that are made at most, for each queue: each takes a tile from the longest one. */
const MOST_EXCHANGES = 8;

/** Queues in classes of `perClass` neighbours, with the tiles of each. */
export class Levelled {
  readonly loads: Int32Array;
  readonly own: Item[][];
  /** Queues that a gate of a row group lies in. */
  readonly #taken = new Map<number, Set<number>>();

  /** `windowOf`: of a row group; items are exchanged within one. */
  constructor(
    queues: number,
    private readonly perClass: number,
    readonly windowOf: (group: number) => number,
  ) {
    this.loads = new Int32Array(queues);
    this.own = Array.from({ length: queues }, () => []);
  }

  /** Puts an item into the shortest queue of the class that begins with queue `first`. */
  put(item: Item, first: number): void {
    const others = this.#takenBy(item.group);
    let best = -1;
    for (let queue = first; queue < first + this.perClass; queue++) {
      if (others.has(queue)) continue;
      if (best < 0 || this.#load(queue) < this.#load(best)) best = queue;
    }
    if (best < 0) {
      throw new RangeError(`${this.perClass} queues for the gates of row group ${item.group}`);
    }
    this.#add(item, best);
  }

  /** The longest queue gives an item to a shorter one, for a shorter one or none, until that makes none shorter. */
  level(): void {
    const most = MOST_EXCHANGES * this.loads.length;
    for (let n = 0; n < most; n++) {
      const longest = this.loads.indexOf(Math.max(...this.loads));
      const exchange = this.#exchange(longest);
      if (exchange === null) return;
      const { give, take, from, to } = exchange;
      this.#remove(give, from);
      if (take !== null) this.#remove(take, to);
      this.#add(give, to);
      if (take !== null) this.#add(take, from);
    }
  }

  /** What levels a queue and another one of its class best; null: nothing does. */
  #exchange(from: number): Exchange | null {
    const first = from - (from % this.perClass);
    let best: Exchange | null = null;
    let least = this.#load(from);
    for (let to = first; to < first + this.perClass; to++) {
      const gap = this.#load(from) - this.#load(to);
      if (to === from || gap < 2) continue;
      for (const give of this.own[from] as Item[]) {
        if (this.#takenBy(give.group).has(to)) continue;
        for (const take of [null, ...(this.own[to] as Item[])]) {
          const moved = give.tiles - (take?.tiles ?? 0);
          const longer = this.#load(from) - Math.min(moved, gap - moved);
          if (moved <= 0 || moved >= gap || longer >= least) continue;
          if (take !== null && !this.#swaps(give, take, from)) continue;
          best = { give, take, from, to };
          least = longer;
        }
      }
    }
    return best;
  }

  #swaps(give: Item, take: Item, from: number): boolean {
    const sameWindow = this.windowOf(give.group) === this.windowOf(take.group);
    return sameWindow && !this.#takenBy(take.group).has(from);
  }

  #add(item: Item, queue: number): void {
    this.#takenBy(item.group).add(queue);
    this.own[queue]?.push(item);
    this.loads[queue] = this.#load(queue) + item.tiles;
  }

  #remove(item: Item, queue: number): void {
    this.#takenBy(item.group).delete(queue);
    const own = this.own[queue] as Item[];
    own.splice(own.indexOf(item), 1);
    this.loads[queue] = this.#load(queue) - item.tiles;
  }

  #load(queue: number): number {
    return this.loads[queue] as number;
  }

  #takenBy(group: number): Set<number> {
    const taken = this.#taken.get(group) ?? new Set<number>();
    this.#taken.set(group, taken);
    return taken;
  }
}
