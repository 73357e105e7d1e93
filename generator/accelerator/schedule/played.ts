import type { Program } from '../../network/program.js';
import type { Job } from './jobs.js';
import type { PassWalk } from './pass-walk.js';
import type { FrameTimes } from './timeline.js';
import type { ScheduleShape, Timing } from './timing.js';

/** What two jobs would do to each other. */
export type HazardKind =
  | 'vector read before it is written'
  | 'vector overwritten before it is read'
  | 'state read before it is written'
  | 'slot overwritten before it is fetched'
  | 'slot fetched before it is stored'
  | 'lanes busy'
  | 'input overwritten before it is read'
  | 'output overwritten before it is sent'
  | 'too many sets in flight';

/** A job of a frame. */
export interface JobRef {
  readonly frame: number;
  readonly job: Job;
}

/** Two jobs that the order, as it runs, does not keep apart. */
export interface Hazard {
  readonly kind: HazardKind;
  readonly pass: number;
  /** The vector, state or memory. */
  readonly what: string;
  readonly earlier: JobRef;
  readonly later: JobRef;
}

/** What a design does with the jobs, for proofs about their order. */
export interface Order {
  readonly walks: readonly PassWalk[];
  /** Sets that may be under way when a pass goes on, by pass. */
  readonly allowances: readonly number[];
  readonly jobs: readonly Job[];
  readonly program: Program;
  readonly shape: ScheduleShape;
  /** Exact sums leave, not values. */
  readonly sums: boolean;
}

/** Issue of the first and of the last tile of a job. */
export interface Timed extends JobRef {
  readonly begin: number;
  readonly end: number;
}

export interface Frame {
  readonly jobs: readonly Timed[];
  /** Jobs that go to the lanes, and so write the vector of their pass, by pass. */
  readonly writes: ReadonlyMap<number, readonly Timed[]>;
  readonly times: FrameTimes;
}

/** Frames as they were played. */
export interface Played {
  readonly order: Order;
  readonly timing: Timing;
  readonly frames: readonly Frame[];
  /** Buffers of each vector. */
  readonly vectors: number;
}
