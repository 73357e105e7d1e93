import { type CellStages, cellStages } from '../cell/stages.js';
import { IN_FLIGHT_BITS } from '../control/in-flight.js';
import { DECODER_LATENCY } from '../decoder/latency.js';
import { type Configuration, stepsPerGroup } from '../plan/configuration.js';
import type { Job } from './jobs.js';
import { stagesOf } from './stages.js';

export type ScheduleShape = Pick<
  Configuration,
  | 'sumSlots'
  | 'cells'
  | 'cellLanes'
  | 'cellCycles'
  | 'slices'
  | 'tileRows'
  | 'tileColumns'
  | 'rowGroups'
  | 'emit'
> & { readonly inputBeats: number; readonly outputBeats: number };

/** Cycles from one stage of the hardware to another, for a shape. */
export interface Timing {
  readonly cells: CellStages;
  /** From the issue of a tile: its reads, its finished sums, the first step of its set at the lanes. */
  readonly read: number;
  readonly sums: number;
  readonly feed: number;
  /** From the first step of a set of a job to its last, and those in which the lanes take no other set. */
  readonly lastStep: (job: Pick<Job, 'turns'>) => number;
  readonly busy: (job: Pick<Job, 'turns'>) => number;
}

export function timingOf(shape: Omit<ScheduleShape, 'inputBeats' | 'outputBeats'>): Timing {
  const { read, sums, feed } = stagesOf(shape);
  const steps = ({ turns }: Pick<Job, 'turns'>) => stepsPerGroup(shape, turns);
  return {
    cells: cellStages(shape),
    read,
    sums,
    feed,
    lastStep: (job) => (steps(job) - 1) * shape.cellCycles,
    busy: (job) => steps(job) * shape.cellCycles,
  };
}

/** When a frame is read, computed and sent, in cycles. */
export interface FrameTimes {
  /** Its first and its last input beat. */
  readonly firstBeat: number;
  readonly committed: number;
  /** Last read of its input. */
  readonly released: number;
  /** First and last write of its output, also of one that is dropped. */
  readonly written: readonly [first: number, last: number];
  /** Last beat sent; of a frame without outputs the last write. */
  readonly sent: number;
  /** Cycles of each pass in which no tile is issued. */
  readonly stalls: readonly number[];
}

/** Gets the issue of the first and the last tile of each job. */
export type Observer = (job: Job, begin: number, end: number) => void;

/** Sets that are counted between issue and retirement at most. */
const MOST_IN_FLIGHT = 2 ** IN_FLIGHT_BITS;

/** Frames that either stream and the vectors have room for. */
export const BUFFERS = 2;

/** Frames that the streams have room for, as the run that is played believes. */
export interface StreamBuffers {
  readonly input: number;
  readonly output: number;
}

/**
 * Cycle-exact model: a recurrence over the jobs of one frame after another, input always there, output always taken.
 * The issue of a tile is the cycle in which the sequencer presents it; every constant is a stage count of the hardware.
 */
export class Timeline {
  readonly #timing: Timing;
  readonly #releases: number[] = [];
  /** Of frames whose outputs leave. */
  readonly #sent: number[] = [];
  #issued = -1;
  /** Of the last sets that went to the lanes: they have retired at the end of this cycle. */
  readonly #retired: number[] = [];
  /** First cycle in which the lanes take another set. */
  #lanesFree = Number.NEGATIVE_INFINITY;
  #committed = -1;
  #outputDone = Number.NEGATIVE_INFINITY;

  /** `sums`: exact sums leave, not values; `allowances`: sets that may be under way when a pass goes on, by pass. */
  constructor(
    private readonly jobs: readonly Job[],
    private readonly passes: number,
    private readonly shape: ScheduleShape,
    private readonly sums: boolean,
    private readonly allowances: readonly number[],
    private readonly buffers: StreamBuffers = { input: BUFFERS, output: BUFFERS },
  ) {
    this.#timing = timingOf(shape);
  }

  /** The next frame. `emits`: its outputs leave; otherwise it waits for no output buffer. */
  next(observe: Observer = () => undefined, emits = true): FrameTimes {
    const { inputBeats, outputBeats } = this.shape;
    const frame = this.#releases.length;
    const { cells, feed, lastStep, busy } = this.#timing;
    // the buffer of the frame two before is free one cycle after its last read
    const bufferFree = (this.#releases[frame - this.buffers.input] ?? Number.NEGATIVE_INFINITY) + 1;
    const firstBeat = Math.max(this.#committed + 1, bufferFree);
    this.#committed = firstBeat + inputBeats - 1;
    const outputFree = (this.#sent.at(-this.buffers.output) ?? Number.NEGATIVE_INFINITY) + 1;
    // a frame that waits when the last tile of the one before is issued follows at once
    let now = Math.max(this.#committed + 1, this.#issued);
    const stalls = new Array<number>(this.passes).fill(0);
    const outputStage = feed + (this.sums ? cells.sum : cells.hidden);
    let pass = -1;
    let loaded = now;
    let released = now;
    let written = Number.POSITIVE_INFINITY;
    for (const job of this.jobs) {
      if (job.pass !== pass) {
        pass = job.pass;
        loaded = now;
      }
      const { needs, tiles } = job;
      let begin = now + 1;
      if (needs.drained) {
        const allowed = this.allowances[pass] ?? 0;
        begin = Math.max(begin, (this.#retired.at(-1 - allowed) ?? Number.NEGATIVE_INFINITY) + 1);
      }
      if (needs.output && emits) begin = Math.max(begin, outputFree);
      let end = begin + tiles - 1;
      if (needs.lanes) end = Math.max(end, this.#lanesFree);
      // the next word of the table takes two cycles to come
      if (needs.fetch) end = Math.max(end, loaded + 2);
      stalls[pass] = (stalls[pass] as number) + (end - now - tiles);
      observe(job, begin, end);
      now = end;
      if (job.ends === 'lanes') {
        const more = job.empty * busy(job);
        this.#lanesFree = end + busy(job) + more;
        this.#retired.push(end + feed + cells.retire + lastStep(job) + more);
        if (this.#retired.length > 2 * MOST_IN_FLIGHT) this.#retired.splice(0, MOST_IN_FLIGHT);
        if (pass === this.passes - 1) written = Math.min(written, end + outputStage);
      }
      if (job.releases) released = end;
    }
    this.#issued = now;
    this.#releases.push(released + DECODER_LATENCY);
    const final = this.jobs.at(-1) as Job;
    const trailing = lastStep(final) + final.empty * busy(final);
    const last = now + feed + (this.sums ? cells.lastSum : cells.hidden) + trailing;
    if (emits) {
      // write, ask, read, queue: the first beat is at the port three cycles after the last write
      this.#outputDone = Math.max(last + 3, this.#outputDone + 1) + outputBeats - 1;
      this.#sent.push(this.#outputDone);
    }
    return {
      ...{ firstBeat, committed: this.#committed, released: released + DECODER_LATENCY },
      ...{ written: [written, last], sent: emits ? this.#outputDone : last, stalls },
    };
  }
}
