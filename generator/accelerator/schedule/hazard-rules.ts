import { cellOf } from '../../network/cells/registry.js';
import type { Operand } from '../../network/program.js';
import { IN_FLIGHT_BITS } from '../control/in-flight.js';
import { lastColumns } from './columns.js';
import type { Job } from './jobs.js';
import type { PassWalk } from './pass-walk.js';
import type { Frame, Hazard, Played, Timed } from './played.js';
import { placeOf } from './side-by-side.js';
import { BUFFERS } from './timeline.js';

/** Jobs that write the vector of a pass, in the order in which they do. */
function writes({ frames }: Played, pass: number, frame: number): readonly Timed[] {
  return frames[frame]?.writes.get(pass) ?? [];
}

/** Every tile reads behind the last write of its vector, and before the first write of the frame that takes its buffer. */
export function* vectorHazards(played: Played): Generator<Hazard> {
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
export function* stateHazards(played: Played): Generator<Hazard> {
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
export function* heldHazards(played: Played): Generator<Hazard> {
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

/** The jobs of frames, or of whatever begins with all slots free. */
interface JobLists {
  readonly frames: readonly Pick<Frame, 'jobs'>[];
}

/** Slots are used in a ring: each is fetched for the set that it was stored for, and stored again after that. */
export function* slotHazards({
  order,
  frames,
}: Pick<Played, 'order'> & JobLists): Generator<Hazard> {
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
      } else if (!one.job.alone && one.job.ends !== 'rest') {
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

/**
 * Sums of queues: behind what the lanes begin with, the rest of an operand comes without a gap; and memories have room for two
 * passes, so that one begins when the lanes are through with the one before the last.
 */
export function* queueHazards({ order: { shape }, timing, frames }: Played): Generator<Hazard> {
  if (shape.queues === undefined) return;
  const { lastStep, busy } = timing;
  const passes: Timed[] = [];
  let before: Timed | null = null;
  for (const one of frames.flatMap(({ jobs }) => jobs)) {
    const { pass, ends, tiles } = one.job;
    const what = 'sums of queues';
    if (ends === 'rest' && before !== null) {
      const gap = one.begin !== before.end + 1 || one.end !== one.begin + tiles - 1;
      if (gap)
        yield { kind: 'slot fetched before it is stored', pass, what, earlier: before, later: one };
    }
    const starts = before === null || before.job.pass !== pass || before.frame !== one.frame;
    const earlier = passes.at(-2);
    if (starts && earlier !== undefined) {
      const read = earlier.end + lastStep(earlier.job) + earlier.job.empty * busy(earlier.job) + 1;
      if (one.begin < read) {
        yield { kind: 'slot overwritten before it is fetched', pass, what, earlier, later: one };
      }
    }
    if (ends === 'lanes') passes.push(one);
    before = one;
  }
}

/** Whether what waits in a slot is the other half of a job. */
function isFor(waiting: Job | undefined, { pass, set, gate }: Job): boolean {
  return waiting?.pass === pass && waiting.set === set && waiting.gate === gate;
}

/** A set comes to the lanes when the one before has been through, and no more of them are under way than are counted. */
export function* laneHazards({
  timing,
  frames,
}: Pick<Played, 'timing'> & JobLists): Generator<Hazard> {
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
export function* streamHazards({ order, frames }: Played, emits: boolean): Generator<Hazard> {
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
