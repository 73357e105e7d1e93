import type { Side } from '../../control/layer-table.js';
import { ImageWriter } from '../../images/hex.js';
import type { ImageOf } from '../../memory/store.js';
import { type Configuration, weightBankCount } from '../../plan/configuration.js';
import { type Job, jobsOf } from '../../schedule/jobs.js';
import { type PassWalk, sideOf } from '../../schedule/pass-walk.js';
import { queueIn } from './configuration.js';
import { dealt } from './deal.js';
import type { Item } from './levelled.js';
import { stepPlace, stepWord } from './step-words.js';

/** What a row group of the array does in a tile of a job. */
interface Place {
  readonly item: Item;
  /** First of the columns of the item that it takes. */
  readonly from: number;
  /** It is the last tile of the item. */
  readonly ends: boolean;
}

/** By row group, the tiles of its queue in their order. */
function placesOf({ x, h, tiling }: PassWalk, side: Side): readonly (readonly Place[])[] {
  const { matrix } = side === 'x' ? x : (h as typeof x);
  return dealt(matrix, tiling).queues.map((queue) =>
    queue.flatMap((item) =>
      Array.from({ length: item.tiles }, (_, n) => ({
        ...{ item, from: n * tiling.tileColumns, ends: n === item.tiles - 1 },
      })),
    ),
  );
}

/**
 * Image of the list ROM, a word per tile: for each row group and column of a tile the number of the column of the matrix, and above
 * them a bit for each row group: the tile is the last of its rows.
 */
export const queueImage: ImageOf = function* (c, { walks }, { width, words }) {
  const image = new ImageWriter(width, words);
  const { indexBits } = queueIn(c);
  const ends = c.rowGroups * c.tileColumns * indexBits;
  for (const job of jobsOf(walks, c.sumSlots)) {
    const places = placesOf(walks[job.pass] as PassWalk, job.side);
    for (let tile = job.from; tile < job.from + job.tiles; tile++) {
      for (const [group, queue] of places.entries()) {
        const place = queue[tile];
        if (place === undefined) continue;
        for (let k = 0; k < c.tileColumns; k++) {
          const column = place.item.columns[place.from + k];
          const at = (group * c.tileColumns + k) * indexBits;
          if (column !== undefined) image.put(at, indexBits, column);
        }
        if (place.ends) image.put(ends + group, 1, 1);
      }
      image.next();
    }
    yield;
  }
  return image.finish();
};

/** Puts tiles `first` to before `end` of a job into the image of a weight bank. */
export function writeQueueWeights(
  image: ImageWriter,
  c: Configuration,
  walk: PassWalk,
  { side, from }: Job,
  bank: number,
  [first, end]: readonly [number, number],
): void {
  const { matrix } = sideOf(walk, side);
  const perBank = c.rowGroups / weightBankCount(c);
  const queues = placesOf(walk, side).slice(bank * perBank, (bank + 1) * perBank);
  const bits = c.words.weight;
  for (let tile = from + first; tile < from + end; tile++) {
    for (const [n, queue] of queues.entries()) {
      const place = queue[tile];
      if (place === undefined) continue;
      const { gate, group, columns } = place.item;
      for (let r = 0; r < c.tileRows; r++) {
        const row = group * c.tileRows + r;
        if (row >= matrix.rows) continue;
        const start = (gate * matrix.rows + row) * matrix.columns;
        for (let k = 0; k < c.tileColumns; k++) {
          const column = columns[place.from + k];
          if (column === undefined) continue;
          const at = ((n * c.tileRows + r) * c.tileColumns + k) * bits;
          image.put(at, bits, matrix.codes[start + column] as number);
        }
      }
    }
    image.next();
  }
}

/** Image of the step ROM: where the sums of each step of the lanes lie, pass by pass. */
export const stepImage: ImageOf = function* (c, { walks }, { width, words }) {
  const image = new ImageWriter(width, words);
  const word = stepWord(c);
  for (const walk of walks) {
    const jobs = jobsOf(walks, c.sumSlots).filter(({ pass }) => pass === walk.index);
    const operands = jobs.map((job) => ({
      operand: job.ends === 'slot' ? ('ready' as const) : ('complete' as const),
      queues: queuesOf(walk, job.side),
    }));
    for (let step = 0; step < walk.groups; step++) {
      for (let n = 0; n < word.classes; n++) {
        const group = Math.floor((step * c.cellLanes) / c.tileRows) + n;
        for (const { operand, queues } of operands) {
          for (const [gate, queue] of queues.get(group) ?? []) {
            const at = stepPlace(word, { operand, group: n, gate });
            image.put(at, 1, 1);
            image.put(at + 1, word.queueBits, queue % word.perClass);
          }
        }
      }
      if (word.parts > 1) image.put(width - word.partBits, word.partBits, step % word.parts);
      image.next();
    }
    yield;
  }
  return image.finish();
};

/** By row group of a matrix: its gates with the queues in which they lie. */
function queuesOf(walk: PassWalk, side: Side): ReadonlyMap<number, readonly [number, number][]> {
  const found = new Map<number, [number, number][]>();
  const { queues } = dealt(sideOf(walk, side).matrix, walk.tiling);
  for (const [queue, items] of queues.entries()) {
    for (const { group, gate } of items) {
      const own = found.get(group) ?? [];
      found.set(group, own);
      own.push([gate, queue]);
    }
  }
  return found;
}
