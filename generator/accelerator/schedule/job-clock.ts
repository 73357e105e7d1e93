import type { Job } from './jobs.js';
import type { Timing } from './timing.js';

/** A job as it was issued, in cycles. */
export interface Issued {
  /** Issue of its first and of its last tile. */
  readonly begin: number;
  readonly end: number;
  /** Cycles before and among its tiles in which none was issued. */
  readonly waited: number;
  /** Of a job that goes to the lanes: its set has retired at the end of this cycle. */
  readonly retired: number;
}

/** Issues jobs one behind the other, a tile in a cycle, and knows when the cell lanes can take the next set. */
export class JobClock {
  /** Cycle of the last tile issued. */
  now = -1;
  /** First cycle in which the lanes take another set. */
  #lanesFree = Number.NEGATIVE_INFINITY;

  get lanesFree(): number {
    return this.#lanesFree;
  }

  constructor(private readonly timing: Timing) {}

  /** `earliest`: the first cycle in which its first tile may be issued; `loaded`: the one in which the pass of the job was loaded. */
  run(job: Job, earliest: number, loaded: number): Issued {
    const { feed, cells, lastStep, busy } = this.timing;
    const { needs, tiles } = job;
    const begin = Math.max(this.now + 1, earliest);
    let end = begin + tiles - 1;
    if (needs.lanes) end = Math.max(end, this.#lanesFree);
    // the next word of the table takes two cycles to come
    if (needs.fetch) end = Math.max(end, loaded + 2);
    const waited = end - this.now - tiles;
    this.now = end;
    const more = job.empty * busy(job);
    if (job.ends === 'lanes') this.#lanesFree = end + busy(job) + more;
    return { begin, end, waited, retired: end + feed + cells.retire + lastStep(job) + more };
  }
}
