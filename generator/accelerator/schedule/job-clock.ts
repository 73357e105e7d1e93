import type { Job } from './jobs.js';
import type { Timing } from './timing.js';

/** A job as it was issued, in cycles. */
export interface Issued {
  /** Issue of its first and of its last tile. */
  readonly begin: number;
  readonly end: number;
  /** Cycles before and among its tiles in which none was issued. */
  readonly waited: number;
  readonly waits: Waits;
  /** Of a job that goes to the lanes: its set has retired at the end of this cycle. */
  readonly retired: number;
}

/** Cycles in which no tile was issued, by what was waited for: the first two before the first tile, the others before the last. */
export interface Waits {
  /** What it reads was not written yet. */
  readonly values: number;
  /** No output buffer was free. */
  readonly output: number;
  /** The cell lanes could not take its set yet. */
  readonly lanes: number;
  /** The table word of the next pass was not there. */
  readonly table: number;
}

/** First cycles in which the first tile of a job may be issued, by what it waits for. */
export interface Bounds {
  readonly values: number;
  readonly output: number;
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

  /** `loaded`: the cycle in which the pass of the job was loaded. */
  run(job: Job, { values, output }: Bounds, loaded: number): Issued {
    const { feed, cells, lastStep, busy } = this.timing;
    const { needs, tiles } = job;
    const begin = Math.max(this.now + 1, values, output);
    const before = begin - this.now - 1;
    const issued = begin + tiles - 1;
    const taken = needs.lanes ? Math.max(issued, this.#lanesFree) : issued;
    // the next word of the table takes two cycles to come
    const end = needs.fetch ? Math.max(taken, loaded + 2) : taken;
    const waited = end - this.now - tiles;
    const waits = {
      values: values >= output ? before : 0,
      output: values >= output ? 0 : before,
      ...{ lanes: taken - issued, table: end - taken },
    };
    this.now = end;
    const more = job.empty * busy(job);
    if (job.ends === 'lanes') this.#lanesFree = end + busy(job) + more;
    const retired = end + feed + cells.retire + lastStep(job) + more;
    return { begin, end, waited, waits, retired };
  }
}
