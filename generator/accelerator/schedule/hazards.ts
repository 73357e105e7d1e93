import { UserError } from '../../base/errors.js';
import { cellOf } from '../../network/cells/registry.js';
import type { Operand, Program } from '../../network/program.js';
import { IN_FLIGHT_BITS } from '../control/in-flight.js';
import { lastColumns } from './columns.js';
import type { Job } from './jobs.js';
import type { PassWalk } from './pass-walk.js';
import { placeOf } from './side-by-side.js';
import {
  BUFFERS,
  type FrameTimes,
  type ScheduleShape,
  type StreamBuffers,
  Timeline,
  type Timing,
  timingOf,
} from './timeline.js';

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

/** Frames that are played: the order of frames with two buffers repeats long before. */
const FRAMES = 8;

/** Issue of the first and of the last tile of a job. */
interface Timed extends JobRef {
  readonly begin: number;
  readonly end: number;
}

interface Frame {
  readonly jobs: readonly Timed[];
  /** Jobs that go to the lanes, and so write the vector of their pass, by pass. */
  readonly writes: ReadonlyMap<number, readonly Timed[]>;
  readonly times: FrameTimes;
}

/** Frames as they were played. */
interface Played {
  readonly order: Order;
  readonly timing: Timing;
  readonly frames: readonly Frame[];
  /** Buffers of each vector. */
  readonly vectors: number;
}

/**
 * Plays the jobs as fast as the sequencer issues them, and looks whether every read comes after the last write of what it
 * reads and every slot, buffer and lane is free. Waiting for input or output only moves later jobs, so that no other run
 * brings two of them closer. Empty for an order that is safe. `streams`: what the streams do; `vectors`: buffers of each
 * vector; both as in hardware unless a test asks what else would be found.
 */
export function hazards(
  order: Order,
  streams?: StreamBuffers,
  vectors = BUFFERS,
): readonly Hazard[] {
  return order.shape.emit === 'last'
    ? // a frame without outputs waits for less than any other
      [...hazardsOf(order, true, streams, vectors), ...hazardsOf(order, false, streams, vectors)]
    : hazardsOf(order, true, streams, vectors);
}

/** `emits`: the outputs of all frames leave, or those of none. */
function hazardsOf(
  order: Order,
  emits: boolean,
  streams: StreamBuffers | undefined,
  vectors: number,
): readonly Hazard[] {
  const { jobs, program, shape, sums, allowances } = order;
  const timeline = new Timeline(jobs, program.passes.length, shape, sums, allowances, streams);
  const frames = Array.from({ length: FRAMES }, (_, frame): Frame => {
    const timed: Timed[] = [];
    const times = timeline.next((job, begin, end) => timed.push({ frame, job, begin, end }), emits);
    const lanes = timed.filter(({ job }) => job.ends === 'lanes');
    return { jobs: timed, writes: byPass(lanes), times };
  });
  const played: Played = { order, timing: timingOf(shape), frames, vectors };
  return [
    ...vectorHazards(played),
    ...stateHazards(played),
    ...heldHazards(played),
    ...slotHazards(played),
    ...laneHazards(played),
    ...streamHazards(played, emits),
  ];
}

/** Jobs by pass, in the order in which they run: the last one of a frame writes last. */
function byPass(jobs: readonly Timed[]): ReadonlyMap<number, readonly Timed[]> {
  const passes = new Map<number, Timed[]>();
  for (const one of jobs) {
    const own = passes.get(one.job.pass);
    if (own === undefined) passes.set(one.job.pass, [one]);
    else own.push(one);
  }
  return passes;
}

/** Jobs that write the vector of a pass, in the order in which they do. */
function writes({ frames }: Played, pass: number, frame: number): readonly Timed[] {
  return frames[frame]?.writes.get(pass) ?? [];
}

/** Every tile reads behind the last write of its vector, and before the first write of the frame that takes its buffer. */
function* vectorHazards(played: Played): Generator<Hazard> {
  const { order, timing, frames, vectors } = played;
  const { read, feed, cells, lastStep, busy } = timing;
  const { passes } = order.program;
  for (const [frame, { jobs }] of frames.entries()) {
    for (const one of jobs) {
      const { pass, side } = one.job;
      const operand = passes[pass]?.operands[side === 'x' ? 0 : 1];
      if (operand === undefined) throw new Error(`pass ${pass} has no operand ${side}`);
      for (const vector of operand.vectors) {
        if (vector.id === 0) continue;
        const writer = vector.id - 1;
        const late = writes(played, writer, frame - operand.age).at(-1);
        const more = late === undefined ? 0 : lastStep(late.job) + late.job.empty * busy(late.job);
        const hazard = { pass, what: vector.name };
        if (
          late !== undefined &&
          late.end + feed + cells.hidden + more >= one.begin + read &&
          !inTime(played, one, frame - operand.age)
        ) {
          yield { ...hazard, kind: 'vector read before it is written', earlier: late, later: one };
        }
        const [again] = writes(played, writer, frame - operand.age + vectors);
        if (again !== undefined && again.end + feed + cells.hidden <= one.end + read) {
          yield {
            ...hazard,
            kind: 'vector overwritten before it is read',
            earlier: one,
            later: again,
          };
        }
      }
    }
  }
}

/** Whether each tile of a job comes behind the write of the last column that it reads, of what `frame` wrote, set by set. */
function inTime(played: Played, { job, begin }: Timed, frame: number): boolean {
  const { order, timing } = played;
  const { read, feed, cells, lastStep, busy } = timing;
  const walk = order.walks[job.pass] as PassWalk;
  const operand = walk.pass.operands[job.side === 'x' ? 0 : 1] as Operand;
  return lastColumns(walk, order.shape, job).every((column, tile) => {
    const { vector, row } = placeOf(operand, column);
    const writer = order.walks[vector.id - 1] as PassWalk;
    const set = Math.floor(row / writer.rowsPerGroup);
    const own = writes(played, writer.index, frame).findLast((one) => one.job.set <= set);
    if (own === undefined) return false;
    const more = lastStep(own.job) + own.job.empty * busy(own.job);
    return own.end + feed + cells.hidden + more < begin + tile + read;
  });
}

/** The steps of a set read the state behind the write of the frame before. */
function* stateHazards(played: Played): Generator<Hazard> {
  const { order, timing, frames } = played;
  const { cells } = timing;
  for (const { index: pass, stateFraction } of order.program.passes) {
    if (stateFraction === null) continue;
    for (const frame of frames.keys()) {
      const before = writes(played, pass, frame - 1);
      for (const later of writes(played, pass, frame)) {
        const earlier = before.find(({ job }) => job.set === later.job.set);
        if (earlier === undefined || earlier.end + cells.cell < later.end + cells.cellRead)
          continue;
        const what = `state of pass ${pass}`;
        yield { kind: 'state read before it is written', pass, what, earlier, later };
      }
    }
  }
}

/**
 * Of two passes that share a state: the first one reads it behind the last write of the frame before, and the second one reads
 * what the first one holds for it behind its last write. Their sets may have other rows, so all of them are looked at.
 */
function* heldHazards(played: Played): Generator<Hazard> {
  const { order, timing, frames } = played;
  const { cells, lastStep, busy } = timing;
  for (const { index: pass, cell } of order.program.passes) {
    if (cellOf(cell).behind === undefined) continue;
    for (const frame of frames.keys()) {
      const pairs = [
        [writes(played, pass, frame - 1).at(-1), writes(played, pass - 1, frame)[0]],
        [writes(played, pass - 1, frame).at(-1), writes(played, pass, frame)[0]],
      ];
      for (const [earlier, later] of pairs) {
        if (earlier === undefined || later === undefined) continue;
        const { job } = earlier;
        const written = earlier.end + cells.cell + lastStep(job) + job.empty * busy(job);
        if (written < later.end + cells.cellRead) continue;
        const what = `state of pass ${pass}`;
        yield { kind: 'state read before it is written', pass, what, earlier, later };
      }
    }
  }
}

/** Slots are used in a ring: each is fetched for the set that it was stored for, and stored again after that. */
function* slotHazards({ order, frames }: Played): Generator<Hazard> {
  const { shape } = order;
  for (const { jobs } of frames) {
    const slots: Timed[] = [];
    let [pass, stored, fetched] = [-1, 0, 0];
    for (const one of jobs) {
      if (one.job.pass !== pass) [pass, stored, fetched] = [one.job.pass, 0, 0];
      const waiting = stored - fetched;
      if (one.job.ends === 'slot') {
        const place = stored++ % shape.sumSlots;
        const earlier = slots[place];
        if (waiting >= shape.sumSlots && earlier !== undefined) {
          const what = `sum slot ${place}`;
          yield { kind: 'slot overwritten before it is fetched', pass, what, earlier, later: one };
        }
        slots[place] = one;
      } else if (!one.job.alone) {
        const place = fetched++ % shape.sumSlots;
        const own = slots[place];
        if (waiting > 0 && isFor(own?.job, one.job)) continue;
        const what = `sum slot ${place}`;
        yield {
          kind: 'slot fetched before it is stored',
          pass,
          what,
          earlier: own ?? one,
          later: one,
        };
      }
    }
  }
}

/** Whether what waits in a slot is the other half of a job. */
function isFor(waiting: Job | undefined, { pass, set, gate }: Job): boolean {
  return waiting?.pass === pass && waiting.set === set && waiting.gate === gate;
}

/** A set comes to the lanes when the one before has been through, and no more of them are under way than are counted. */
function* laneHazards({ timing, frames }: Played): Generator<Hazard> {
  const { feed, cells, lastStep, busy } = timing;
  const flight: Timed[] = [];
  const retired = ({ end, job }: Timed) =>
    end + feed + cells.retire + lastStep(job) + job.empty * busy(job);
  let before: Timed | null = null;
  for (const one of frames.flatMap(({ jobs }) => jobs)) {
    if (one.job.ends !== 'lanes') continue;
    const { pass } = one.job;
    if (before !== null && one.end - before.end < busy(before.job) * (1 + before.job.empty)) {
      yield { kind: 'lanes busy', pass, what: 'the cell lanes', earlier: before, later: one };
    }
    before = one;
    while (flight[0] !== undefined && retired(flight[0]) < one.end) flight.shift();
    flight.push(one);
    const [earlier] = flight;
    if (flight.length >= 2 ** IN_FLIGHT_BITS && earlier !== undefined) {
      yield { kind: 'too many sets in flight', pass, what: 'in_flight', earlier, later: one };
    }
  }
}

/** A frame comes into a buffer whose frame has been read, and goes into one whose frame has been sent; one without outputs into none. */
function* streamHazards({ order, frames }: Played, emits: boolean): Generator<Hazard> {
  const { input, output, passes } = order.program;
  for (const [frame, { jobs, times }] of frames.entries()) {
    const older = frames[frame - BUFFERS];
    if (older === undefined) continue;
    const earlier = older.jobs.at(-1) as Timed;
    const later = jobs[0] as Timed;
    if (times.firstBeat <= older.times.released) {
      const kind = 'input overwritten before it is read';
      yield { kind, pass: 0, what: input.name, earlier, later };
    }
    if (emits && times.written[0] <= older.times.sent) {
      const kind = 'output overwritten before it is sent';
      yield { kind, pass: passes.length - 1, what: output.name, earlier, later };
    }
  }
}

/** A hazard in words. */
export function hazardText({ kind, pass, what, earlier, later }: Hazard): string {
  const job = ({ frame, job: { pass: own, side, set } }: JobRef) =>
    `operand ${side} of set ${set} of pass ${own} in frame ${frame}`;
  return `pass ${pass}: ${what}: ${kind}: ${job(earlier)}, and ${job(later)}`;
}

/**
 * Refuses an order that is not safe. No design of this program has one: the check stands between a fault in it and hardware.
 * @throws UserError HAZARD
 */
export function checkHazards(order: Order): void {
  const [first] = hazards(order);
  if (first === undefined) return;
  throw new UserError({
    code: 'HAZARD',
    message: `the order of this design is not safe, which is a fault of hcgs: ${hazardText(first)}`,
    field: `pass ${first.pass}`,
    expected: 'every read behind its write, every buffer free',
    got: first.kind,
  });
}
