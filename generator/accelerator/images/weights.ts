import { decoderOf } from '../decoder/registry.js';
import type { ImageOf } from '../memory/store.js';
import { type Configuration, SLICES, type WeightRom } from '../plan/configuration.js';
import { type Job, jobsOf } from '../schedule/jobs.js';
import { type PassWalk, rowOfTile, sharesSlices, sideOf } from '../schedule/pass-walk.js';
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
      if (first < end) writeJob(image, c, walks[job.pass] as PassWalk, job, bank, [first, end]);
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
  { side, set }: Job,
  rowGroup: number,
  [first, end]: readonly [number, number],
): void {
  const { matrix } = sideOf(walk, side);
  const decoder = decoderOf(matrix);
  const columns = Array.from({ length: SLICES }, (_, gate) =>
    decoder.columns(matrix, c, gate, rowOfTile(walk, c, { set, rowGroup, gate, row: 0 })),
  );
  const bits = c.words.weight;
  for (let tile = first; tile < end; tile++) {
    for (let gate = 0; gate < SLICES; gate++) {
      const matrixOfGate = sharesSlices(walk.pass) ? 0 : gate;
      const column = (columns[gate] as Int32Array)[tile] as number;
      for (let r = 0; r < c.tileRows; r++) {
        const row = rowOfTile(walk, c, { set, rowGroup, gate, row: r });
        if (row >= matrix.rows) continue;
        const start = (matrixOfGate * matrix.rows + row) * matrix.columns;
        const place = (gate * c.tileRows + r) * c.tileColumns;
        for (let k = 0; k < c.tileColumns && column + k < matrix.columns; k++) {
          image.put((place + k) * bits, bits, matrix.codes[start + column + k] as number);
        }
      }
    }
    image.next();
  }
}
