import { ImageWriter } from '../../images/hex.js';
import type { ImageOf } from '../../memory/store.js';
import { addressStreams, type Configuration } from '../../plan/configuration.js';
import { type Job, jobsOf } from '../../schedule/jobs.js';
import { gateOfSlice, type PassWalk, rowOfTile, sideOf } from '../../schedule/pass-walk.js';
import { listIn } from './configuration.js';
import { listColumns } from './walk.js';

/** Image of the list ROM: the words that all address streams read, a ROM word per tile, in the order in which a frame takes them. */
export const listImage: ImageOf = function* (c, { walks }, { width, words }) {
  const image = new ImageWriter(width, words);
  for (const job of jobsOf(walks, c.sumSlots)) {
    yield;
    writeJob(image, c, walks[job.pass] as PassWalk, job);
  }
  return image.finish();
};

/** Streams whose list is at an end, or that nothing of the matrix is for, read its first word: their weights are zero. */
function writeJob(image: ImageWriter, c: Configuration, walk: PassWalk, job: Job): void {
  const { indexBits } = listIn(c);
  const lists = listsOf(c, walk, job);
  for (let tile = 0; tile < job.tiles; tile++) {
    for (const [stream, columns] of lists.entries()) {
      const column = columns?.[tile];
      if (column !== undefined) image.put(stream * indexBits, indexBits, column / c.tileColumns);
    }
    image.next();
  }
}

/** First columns of the tiles of a job, by address stream. */
function listsOf(
  c: Configuration,
  walk: PassWalk,
  { side, set, gate: turn }: Job,
): readonly (Int32Array | undefined)[] {
  const { matrix } = sideOf(walk, side);
  const perSlice = c.rowGroups / c.streamShare;
  return Array.from({ length: addressStreams(c) }, (_, stream) => {
    const slice = Math.floor(stream / perSlice);
    // without masks per gate all gates that a slice may have read the same
    const gate = c.perGate ? gateOfSlice(walk, slice, turn) : 0;
    if (gate === null) return undefined;
    const first = (stream % perSlice) * c.streamShare;
    // of row groups on one stream those that read anything read the same
    for (let rowGroup = first; rowGroup < first + c.streamShare; rowGroup++) {
      const row = rowOfTile(walk, c, { set, rowGroup, slice: 0, row: 0 });
      const columns = listColumns(matrix, walk.tiling, gate, row);
      if (columns.length > 0) return columns;
    }
    return undefined;
  });
}
