import { writeQueueWeights } from '../decoder/queue/images.js';
import type { ImageOf } from '../memory/store.js';
import type { Configuration, WeightRom } from '../plan/configuration.js';
import { type Job, jobsOf } from '../schedule/jobs.js';
import { gateOfSlice, type PassWalk, rowOfTile, sideOf } from '../schedule/pass-walk.js';
import { ImageWriter } from './hex.js';

/** Image of one ROM of a weight bank: one word per tile, in the order in which a frame reads them. */
export function weightImage({ bank, part }: WeightRom): ImageOf {
  return function* (c, { walks }, { width, words }) {
    const image = new ImageWriter(width, words);
    const start = part * c.bankWords;
    let place = 0;
    for (const job of jobsOf(walks, c.sumSlots)) {
      yield;
      const first = Math.max(0, start - place);
      const end = Math.min(job.tiles, start + words - place);
      if (first < end) {
        const write = c.queues === undefined ? writeJob : writeQueueWeights;
        write(image, c, walks[job.pass] as PassWalk, job, bank, [first, end]);
      }
      place += job.tiles;
    }
    if (place > c.weightDepth) {
      throw new RangeError(`${place} tiles in banks of ${c.weightDepth} words`);
    }
    return image.finish();
  };
}

/** Tiles `first` to before `end` of a job. */
function writeJob(
  image: ImageWriter,
  c: Configuration,
  walk: PassWalk,
  { side, set, gate: turn }: Job,
  rowGroup: number,
  [first, end]: readonly [number, number],
): void {
  const { matrix, columns: columnsOf } = sideOf(walk, side);
  const slices = Array.from({ length: c.slices }, (_, slice) => {
    const gate = gateOfSlice(walk, slice, turn);
    if (gate === null) return null;
    const row = rowOfTile(walk, c, { set, rowGroup, slice, row: 0 });
    return { slice, gate, columns: columnsOf(gate, row) };
  }).filter((slice) => slice !== null);
  const bits = c.words.weight;
  for (let tile = first; tile < end; tile++) {
    for (const { slice, gate, columns } of slices) {
      const column = columns[tile];
      if (column === undefined) continue; // the one tile of a set without any
      for (let r = 0; r < c.tileRows; r++) {
        const row = rowOfTile(walk, c, { set, rowGroup, slice, row: r });
        if (row >= matrix.rows) continue;
        const start = (gate * matrix.rows + row) * matrix.columns;
        const place = (slice * c.tileRows + r) * c.tileColumns;
        for (let k = 0; k < c.tileColumns && column + k < matrix.columns; k++) {
          image.put((place + k) * bits, bits, matrix.codes[start + column + k] as number);
        }
      }
    }
    image.next();
  }
}
