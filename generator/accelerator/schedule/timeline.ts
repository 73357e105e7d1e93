import { IN_FLIGHT_BITS } from '../control/in-flight.js';
import { JobClock, type Waits } from './job-clock.js';
import type { Job } from './jobs.js';
import { lastWrite, type ScheduleShape, type Timing, timingOf } from './timing.js';

/** When a frame is read, computed and sent, in cycles. */
export interface FrameTimes {
  /** Its first and its last input beat. */
  readonly firstBeat: number;
  readonly committed: number;
  /** Last read of its input. */
  readonly released: number;
  /** First and last write of its output, also of one that is dropped. */
  readonly written: readonly [first: number, last: number];
  /** First beat of its output at the port; of a frame without outputs the last write. */
  readonly offered: number;
  /** Last beat sent, as soon as it can be; of a frame without outputs the last write. */
  readonly sent: number;
  /** Cycles of each pass in which no tile is issued. */
  readonly stalls: readonly number[];
}

/** Gets the issue of the first and the last tile of each job, and what was waited for. */
export type Observer = (job: Job, begin: number, end: number, waits: Waits) => void;

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
  readonly #clock: JobClock;
  /** Of the last sets that went to the lanes: they have retired at the end of this cycle. */
  readonly #retired: number[] = [];
  /** What the next frame depends on, relative to the last tile, after this frame and after the one before. */
  #left: readonly number[] = [];
  #leftBefore: readonly number[] = [];
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
    this.#clock = new JobClock(this.#timing);
  }

  /**
   * The next frame. `emits`: its outputs leave; otherwise it waits for no output buffer. `arrives`: cycle in which its first input
   * beat comes, and the others without a gap behind it; at once where nothing is said.
   */
  next(
    observe: Observer = () => undefined,
    emits = true,
    arrives = Number.NEGATIVE_INFINITY,
  ): FrameTimes {
    const { inputBeats, outputBeats } = this.shape;
    const frame = this.#releases.length;
    const { read, cells, feed } = this.#timing;
    // the buffer of the frame two before is free one cycle after its last read
    const bufferFree = (this.#releases[frame - this.buffers.input] ?? Number.NEGATIVE_INFINITY) + 1;
    const firstBeat = Math.max(this.#committed + 1, bufferFree, arrives);
    this.#committed = firstBeat + inputBeats - 1;
    const outputFree = (this.#sent.at(-this.buffers.output) ?? Number.NEGATIVE_INFINITY) + 1;
    // a frame that waits when the last tile of the one before is issued follows at once
    const clock = this.#clock;
    clock.now = Math.max(this.#committed + 1, clock.now);
    const stalls = new Array<number>(this.passes).fill(0);
    const outputStage = feed + (this.sums ? cells.sum : cells.hidden);
    let pass = -1;
    let loaded = clock.now;
    let released = clock.now;
    let written = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const job of this.jobs) {
      if (job.pass !== pass) {
        pass = job.pass;
        loaded = clock.now;
      }
      const { needs } = job;
      let values = Number.NEGATIVE_INFINITY;
      if (needs.drained) {
        const allowed = this.allowances[pass] ?? 0;
        values = (this.#retired.at(-1 - allowed) ?? Number.NEGATIVE_INFINITY) + 1;
      }
      const output = needs.output && emits ? outputFree : Number.NEGATIVE_INFINITY;
      const { begin, end, waited, waits, retired } = clock.run(job, { values, output }, loaded);
      stalls[pass] = (stalls[pass] as number) + waited;
      observe(job, begin, end, waits);
      if (job.ends === 'lanes') {
        this.#retired.push(retired);
        if (this.#retired.length > 2 * MOST_IN_FLIGHT) this.#retired.splice(0, MOST_IN_FLIGHT);
        if (pass === this.passes - 1) written = Math.min(written, end + outputStage);
        last = lastWrite(this.#timing, job, end, this.sums);
      }
      if (job.releases) released = end;
    }
    this.#releases.push(released + read);
    // write, ask, read, queue: the first beat is at the port three cycles after the last write
    const offered = emits ? Math.max(last + 3, this.#outputDone + 1) : last;
    if (emits) {
      this.#outputDone = offered + outputBeats - 1;
      this.#sent.push(this.#outputDone);
    }
    this.#leftBefore = this.#left;
    this.#left = this.#state();
    return {
      ...{ firstBeat, committed: this.#committed, released: released + read },
      ...{ written: [written, last], offered, sent: emits ? this.#outputDone : last, stalls },
    };
  }

  /** Whether the last frame left everything as the one before it did, only later: all frames behind it are then like it. */
  get repeats(): boolean {
    const before = this.#leftBefore;
    return (
      before.length === this.#left.length && this.#left.every((value, i) => value === before[i])
    );
  }

  /** Of what was kept, as much as a frame looks back at. */
  #state(): readonly number[] {
    const { input, output } = this.buffers;
    const { now, lanesFree } = this.#clock;
    return [
      ...this.#releases.slice(-input),
      ...this.#sent.slice(-output),
      ...this.#retired.slice(-1 - Math.max(0, ...this.allowances)),
      ...[this.#committed, this.#outputDone, lanesFree],
    ].map((cycle) => cycle - now);
  }

  /** What takes the outputs had the last beat of the frame of the last `next` in that cycle, not before. */
  taken(sent: number): void {
    this.#outputDone = sent;
    this.#sent[this.#sent.length - 1] = sent;
  }
}
