import { cellOf } from '../../network/cells/registry.js';
import { hasSingles } from '../cell/kinds.js';
import { IN_FLIGHT_BITS } from '../control/in-flight.js';
import { lastColumns } from './columns.js';
import { type Job, jobsOf } from './jobs.js';
import type { PassWalk } from './pass-walk.js';
import { queueAllowances } from './queue-allowances.js';
import { placeOf } from './side-by-side.js';
import { type ScheduleShape, type Timing, timingOf } from './timing.js';

/** Streams do not matter here. */
type Shape = Omit<ScheduleShape, 'inputBeats' | 'outputBeats'>;

/** What is known of the jobs before a pass in its frame. */
interface Before {
  readonly job: Job;
  /** Tiles that are issued between the last tile of the job and the pass at least, and sets that go to the lanes. */
  readonly tiles: number;
  readonly sets: number;
}

/**
 * By pass: row group sets that may be under way when the operand that waits begins. What its first tiles read was written
 * before, or will be when they come to it: tiles are issued one in a cycle at most, so that a set is read by so many cycles later
 * than it was issued as there are tiles between. Zero where the pass has to wait for all of them, and in designs without layers
 * of one operand, whose other operand fills the time.
 */
export function allowancesOf(walks: readonly PassWalk[], shape: Shape): readonly number[] {
  if (shape.queues !== undefined) {
    return queueAllowances(walks, jobsOf(walks, shape.sumSlots), shape);
  }
  // of several streams each waits for its own visits
  if (!hasSingles(shape) || shape.streams !== undefined) return walks.map(() => 0);
  const jobs = jobsOf(walks, shape.sumSlots);
  const timing = timingOf(shape);
  return walks.map((walk) => (walk.waits ? allowance(walks, walk, jobs, shape, timing) : 0));
}

function allowance(
  walks: readonly PassWalk[],
  walk: PassWalk,
  jobs: readonly Job[],
  shape: Shape,
  timing: Timing,
): number {
  const operand = walk.pass.operands[walk.second === 'x' ? 0 : 1];
  if (operand === undefined || operand.age !== 0 || operand.vectors[0].id === 0) return 0;
  // what the pass before holds for it lies beside the vector, and is read by rows of its own
  if (cellOf(walk.pass.cell).behind !== undefined) return 0;
  const own = jobs.filter(({ pass }) => pass === walk.index);
  const waiting = own.slice(own.findIndex(({ needs }) => needs.drained));
  const before = jobsBefore(jobs, walk.index);
  // from the last tile of a set to the first tile that may read it
  const toRead = (job: Job) => timing.feed + timing.cells.retire + timing.lastStep(job);
  const slowest = Math.max(...before.map(({ job }) => toRead(job)));
  // whoever comes behind the pass finds everything before it written
  if (waiting.reduce((sum, { tiles }) => sum + tiles, 0) < slowest) return 0;
  let most = 2 ** IN_FLIGHT_BITS - 1;
  let offset = 0;
  for (const job of waiting) {
    if (offset >= slowest) break;
    if (job.side === walk.second) {
      const columns = lastColumns(walk, shape, job);
      for (let i = 0; i < columns.length && offset + i < slowest; i++) {
        const { vector, row } = placeOf(operand, columns[i] as number);
        const writer = walks[vector.id - 1] as PassWalk;
        const set = Math.floor(row / writer.rowsPerGroup);
        const written = before.findLast(
          ({ job: one }) => one.pass === writer.index && one.set <= set,
        );
        if (written === undefined) return 0;
        // empty sets follow the one before through the lanes
        if (written.job.empty > 0) return 0;
        if (offset + i + written.tiles < toRead(written.job)) most = Math.min(most, written.sets);
      }
    }
    offset += job.tiles;
  }
  return most;
}

/** The sets of the passes before one in the order of the frame, with what comes between. */
function jobsBefore(jobs: readonly Job[], pass: number): readonly Before[] {
  const earlier = jobs.filter((job) => job.pass < pass);
  const found: Before[] = [];
  let [tiles, sets] = [0, 0];
  for (const job of [...earlier].reverse()) {
    if (job.ends === 'lanes') found.push({ job, tiles, sets: sets++ });
    tiles += job.tiles;
  }
  return found.reverse();
}
