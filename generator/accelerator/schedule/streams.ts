import { outputFrames } from '../plan/frames-in-memory.js';
import { JobClock, type Waits } from './job-clock.js';
import type { Job } from './jobs.js';
import { BUFFERS } from './timeline.js';
import { lastWrite, type ScheduleShape, type Timing, timingOf } from './timing.js';

/** A frame as it comes in. */
export interface StreamFrame {
  readonly stream: number;
  /** Its outputs leave. */
  readonly emits: boolean;
}

/** When a frame of a stream is read, computed and sent, in cycles. */
export interface StreamFrameTimes {
  /** Its first and its last input beat. */
  readonly firstBeat: number;
  readonly committed: number;
  /** Last read of its input. */
  readonly released: number;
  /** First and last write of its output, also of one that is dropped. */
  readonly written: readonly [first: number, last: number];
  /** Last beat sent; of a frame without outputs the last write. */
  readonly sent: number;
  /** The round in which it is computed. */
  readonly round: number;
}

/** A pass of a frame: the frame, by number in the order of the input, and where its jobs were issued. */
export type StreamObserver = (
  frame: number,
  job: Job,
  begin: number,
  end: number,
  waits: Waits,
) => void;

/** Frames of a stream, from the acceptance on. */
interface Accepted {
  readonly frame: number;
  readonly committed: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const EVER = Number.NEGATIVE_INFINITY;

/**
 * Cycle-exact model of several streams: a round computes a frame of every stream that has one when the round begins, layer by
 * layer, stream by stream. Frames come one behind the other as their buffers are free.
 */
export class StreamTimeline {
  readonly #timing: Timing;
  readonly #passes: readonly (readonly Job[])[];

  /** `jobs`: of all passes of a frame; `sums`: exact sums leave, not values; `taken`: outputs are always taken, or never. */
  constructor(
    jobs: readonly Job[],
    passes: number,
    private readonly shape: ScheduleShape,
    private readonly sums: boolean,
    private readonly taken = true,
  ) {
    this.#timing = timingOf(shape);
    this.#passes = Array.from({ length: passes }, (_, pass) =>
      jobs.filter((job) => job.pass === pass),
    );
  }

  /** Frames in the order of the input. Those that never end have no times; `accepted`: frames that are taken at all. */
  run(
    frames: readonly StreamFrame[],
    observe: StreamObserver = () => undefined,
  ): { readonly times: readonly StreamFrameTimes[]; readonly accepted: number } {
    const { inputBeats, streams = 1 } = this.shape;
    const waiting: Accepted[][] = Array.from({ length: streams }, () => []);
    /** Of each stream, of its frames so far. */
    const releases: number[][] = Array.from({ length: streams }, () => []);
    const counts: number[] = Array.from({ length: streams }, () => 0);
    const retired = new Array<number>(streams).fill(EVER);
    const times: StreamFrameTimes[] = [];
    const first: number[] = [];
    const state: RoundState = { retired, sent: [], outputDone: EVER };
    const clock = new JobClock(this.#timing);
    let [next, committed] = [0, -1];
    /** Takes frames as far as it is known when their buffers are free. */
    const accept = (): void => {
      for (; next < frames.length; next++) {
        const { stream } = frames[next] as StreamFrame;
        const own = counts[stream] as number;
        const older = own - BUFFERS;
        const free = older < 0 ? EVER : releases[stream]?.[older];
        if (free === undefined || free === NEVER) return;
        first[next] = Math.max(committed + 1, free + 1);
        committed = (first[next] as number) + inputBeats - 1;
        counts[stream] = own + 1;
        waiting[stream]?.push({ frame: next, committed });
      }
    };
    for (let round = 0; ; round++) {
      accept();
      const heads = waiting.flatMap((own) => own[0] ?? []);
      if (heads.length === 0) break;
      const earliest = Math.min(...heads.map((head) => head.committed));
      // a frame that waits when the last tile of the round before is issued follows at once
      clock.now = Math.max(earliest + 1, clock.now);
      const start = clock.now;
      const active = waiting.flatMap((own, stream) => {
        const [head] = own;
        if (head === undefined || head.committed >= start) return [];
        own.shift();
        const { emits } = frames[head.frame] as StreamFrame;
        return [{ ...head, stream, emits }];
      });
      const done = this.#round(clock, active, state, observe);
      for (const { stream, frame, committed: came } of active) {
        const own = done.get(frame);
        releases[stream]?.push(own?.released ?? NEVER);
        if (own?.written === undefined) continue;
        const { released, written, sent } = own as Done;
        times[frame] = {
          ...{ firstBeat: first[frame] as number, committed: came },
          ...{ released, written, sent, round },
        };
      }
      if (clock.now !== NEVER) continue;
      accept();
      break;
    }
    return { times, accepted: next };
  }

  /** One round; a frame that finds the output buffers full for ever has no written output, and nothing follows it. */
  #round(
    clock: JobClock,
    active: readonly { readonly frame: number; readonly stream: number; readonly emits: boolean }[],
    state: RoundState,
    observe: StreamObserver,
  ): ReadonlyMap<number, Partial<Done>> {
    const { read, feed, cells } = this.#timing;
    const done = new Map<number, Partial<Done>>(active.map(({ frame }) => [frame, {}]));
    const outputStage = feed + (this.sums ? cells.sum : cells.hidden);
    const last = this.#passes.length - 1;
    for (const [pass, jobs] of this.#passes.entries()) {
      for (const { frame, stream, emits } of active) {
        const loaded = clock.now;
        let written = NEVER;
        let retired = EVER;
        for (const job of jobs) {
          const { needs } = job;
          const values = needs.drained ? (state.retired[stream] as number) + 1 : EVER;
          const output = needs.output && emits ? this.#outputFree(state) : EVER;
          const issued = clock.run(job, { values, output }, loaded);
          if (clock.now === NEVER) return done;
          observe(frame, job, issued.begin, issued.end, issued.waits);
          if (job.ends === 'lanes') retired = issued.retired;
          if (job.ends === 'lanes' && pass === last) {
            written = Math.min(written, issued.end + outputStage);
          }
          if (job.releases) {
            done.set(frame, { ...done.get(frame), released: issued.end + read });
          }
        }
        state.retired[stream] = retired;
        if (pass < last) continue;
        const end = lastWrite(this.#timing, jobs.at(-1) as Job, clock.now, this.sums);
        const sent = emits ? this.#send(state, end) : end;
        done.set(frame, { ...done.get(frame), written: [written, end], sent });
      }
    }
    return done;
  }

  #outputFree({ sent }: RoundState): number {
    const older = sent.at(-outputFrames(this.shape));
    if (older === undefined) return EVER;
    return this.taken ? older + 1 : NEVER;
  }

  #send(state: RoundState, last: number): number {
    // write, ask, read, queue: the first beat is at the port three cycles after the last write
    const from = Math.max(last + 3, state.outputDone + 1);
    state.outputDone = from + this.shape.outputBeats - 1;
    state.sent.push(state.outputDone);
    return state.outputDone;
  }
}

interface Done {
  readonly released: number;
  readonly written: readonly [first: number, last: number];
  readonly sent: number;
}

/** What goes on from one round to the next. */
interface RoundState {
  /** Of each stream: its last visit has retired at the end of this cycle. */
  readonly retired: number[];
  /** Of frames whose outputs leave. */
  readonly sent: number[];
  outputDone: number;
}
