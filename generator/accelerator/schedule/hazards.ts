import { UserError } from '../../base/errors.js';
import {
  heldHazards,
  laneHazards,
  queueHazards,
  slotHazards,
  stateHazards,
  streamHazards,
  vectorHazards,
} from './hazard-rules.js';
import type { Frame, Hazard, JobRef, Order, Played, Timed } from './played.js';
import { BUFFERS, type StreamBuffers, Timeline } from './timeline.js';
import { timingOf } from './timing.js';
import { visitHazards } from './visit-hazards.js';

export type { Hazard, HazardKind, JobRef, Order } from './played.js';

/** Frames that are played: the order of frames with two buffers repeats long before. */
const FRAMES = 8;

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
  if (order.shape.order === 'sequence') return visitHazards(order);
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
    ...queueHazards(played),
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
