import { outputFrames } from '../plan/frames-in-memory.js';
import { type Bounds, JobClock, type Waits } from './job-clock.js';
import type { Job } from './jobs.js';
import type { VisitPlace } from './segments.js';
import { BUFFERS } from './timeline.js';
import { lastWrite, type ScheduleShape, type Timing, timingOf } from './timing.js';

/** One pass of one step of an utterance. */
export interface Visit {
  readonly pass: number;
  /** Step of its segment, from 0 on. */
  readonly step: number;
  /** Frame whose input it gets. */
  readonly frame: number;
}

/** When an utterance is read, computed and sent, in cycles. */
export interface UtteranceTimes {
  /** Its first and its last input beat. */
  readonly firstBeat: number;
  readonly committed: number;
  /** Last read of its input. */
  readonly released: number;
  /** Last beat of the outputs of each frame whose outputs leave, in order. */
  readonly sent: readonly number[];
  /** Cycles of each pass in which no tile is issued. */
  readonly stalls: readonly number[];
}

/** Gets the issue of the first and the last tile of each job, and what was waited for. */
export type VisitObserver = (
  visit: Visit,
  job: Job,
  begin: number,
  end: number,
  waits: Waits,
) => void;

/** The passes of a segment, each with its jobs of a step. */
interface SegmentPass {
  readonly pass: number;
  readonly place: VisitPlace;
  readonly backward: boolean;
  readonly jobs: readonly Job[];
}

/**
 * Cycle-exact model of the order of sequences: an utterance is computed segment by segment, a segment step by step. Input is
 * always there, output always taken.
 */
export class UtteranceTimeline {
  readonly #timing: Timing;
  readonly #clock: JobClock;
  readonly #segments: readonly (readonly SegmentPass[])[];
  readonly #releases: number[] = [];
  /** Of frames whose outputs leave. */
  readonly #sent: number[] = [];
  /** Of the visits so far: the last set has retired at the end of this cycle. */
  readonly #retired: number[] = [];
  #committed = -1;
  #outputDone = Number.NEGATIVE_INFINITY;

  /** `jobs`: of all passes, as in a frame; `sums`: exact sums leave, not values. */
  constructor(
    jobs: readonly Job[],
    private readonly passes: readonly {
      readonly place: VisitPlace;
      readonly backward: boolean;
    }[],
    private readonly shape: ScheduleShape,
    private readonly sums: boolean,
  ) {
    this.#timing = timingOf(shape);
    this.#clock = new JobClock(this.#timing);
    const segments: SegmentPass[][] = [];
    for (const [pass, { place, backward }] of passes.entries()) {
      if (place.first) segments.push([]);
      const own = jobs.filter((job) => job.pass === pass);
      segments.at(-1)?.push({ pass, place, backward, jobs: own });
    }
    this.#segments = segments;
  }

  /** The next utterance, of so many frames. */
  next(frames: number, observe: VisitObserver = () => undefined): UtteranceTimes {
    const { inputBeats } = this.shape;
    const utterance = this.#releases.length;
    const bufferFree = (this.#releases[utterance - BUFFERS] ?? Number.NEGATIVE_INFINITY) + 1;
    const firstBeat = Math.max(this.#committed + 1, bufferFree);
    this.#committed = firstBeat + frames * inputBeats - 1;
    const clock = this.#clock;
    clock.now = Math.max(this.#committed + 1, clock.now);
    const stalls = new Array<number>(this.passes.length).fill(0);
    const sent: number[] = [];
    let released = clock.now;
    for (const segment of this.#segments) {
      for (let step = 0; step < frames; step++) {
        for (const own of segment) {
          const { pass, backward, jobs } = own;
          const visit = { pass, step, frame: backward ? frames - 1 - step : step };
          const loaded = clock.now;
          const leaves = this.#leaves(pass, step === frames - 1);
          for (const [n, job] of jobs.entries()) {
            const bounds = this.#bounds(own, job, n === 0 && step === 0, leaves);
            const { begin, end, waited, waits, retired } = clock.run(job, bounds, loaded);
            stalls[pass] = (stalls[pass] as number) + waited;
            observe(visit, job, begin, end, waits);
            if (job.releases) released = end;
            if (n === jobs.length - 1) this.#retired.push(retired);
          }
          if (leaves) sent.push(this.#send(jobs.at(-1) as Job));
        }
      }
    }
    this.#releases.push(released + this.#timing.read);
    return {
      ...{ firstBeat, committed: this.#committed, released: released + this.#timing.read },
      ...{ sent, stalls },
    };
  }

  /** Whether the outputs of a visit leave. */
  #leaves(pass: number, lastStep: boolean): boolean {
    if (pass !== this.passes.length - 1) return false;
    return this.shape.emit !== 'last' || lastStep;
  }

  /** First cycle in which a job may begin, for what it reads and for its output buffer. */
  #bounds({ place }: SegmentPass, { needs }: Job, starts: boolean, leaves: boolean): Bounds {
    const after = (retired: number | undefined) => (retired ?? Number.NEGATIVE_INFINITY) + 1;
    let values = Number.NEGATIVE_INFINITY;
    if (starts && place.first && place.after) values = after(this.#retired.at(-1));
    if (needs.drained) {
      values = Math.max(values, after(this.#retired.at(-1 - (place.behind ?? 0))));
    }
    const output =
      needs.output && leaves
        ? after(this.#sent.at(-outputFrames(this.shape)))
        : Number.NEGATIVE_INFINITY;
    return { values, output };
  }

  /** Outputs that were written by the visit whose last job has just been issued. */
  #send(job: Job): number {
    const last = lastWrite(this.#timing, job, this.#clock.now, this.sums);
    // write, ask, read, queue: the first beat is at the port three cycles after the last write
    this.#outputDone = Math.max(last + 3, this.#outputDone + 1) + this.shape.outputBeats - 1;
    this.#sent.push(this.#outputDone);
    return this.#outputDone;
  }
}
