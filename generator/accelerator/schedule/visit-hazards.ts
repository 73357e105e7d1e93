import { cellOf } from '../../network/cells/registry.js';
import { partsOf } from '../../network/loops.js';
import type { Pass } from '../../network/program.js';
import { outputFrames } from '../plan/frames-in-memory.js';
import { laneHazards, slotHazards } from './hazard-rules.js';
import type { Frame, Hazard, Order, Timed } from './played.js';
import { utteranceTimelineOf } from './schedule.js';
import { readsInput } from './side-by-side.js';
import { BUFFERS } from './timeline.js';
import { timingOf } from './timing.js';
import type { UtteranceTimes, Visit } from './utterances.js';

/** Frames of the utterances that are played: one that ends where it begins, and others behind and before it. */
const LENGTHS = [1, 2, 1, 1, 3, 4, 2, 1];

/** A visit as it was played. */
interface PlayedVisit extends Visit {
  /** In the order of issue. */
  readonly number: number;
  readonly utterance: number;
  readonly jobs: readonly Timed[];
  /** Jobs that go to the lanes, and so write what the pass writes. */
  readonly writes: readonly Timed[];
}

interface PlayedUtterances {
  readonly order: Order;
  /** Frames of each utterance. */
  readonly lengths: readonly number[];
  readonly visits: readonly PlayedVisit[];
  readonly times: readonly UtteranceTimes[];
}

/** As `hazards`, of an order of sequences. */
export function visitHazards(order: Order): readonly Hazard[] {
  const played = play(order);
  const frames = played.visits.map(
    ({ jobs, pass, writes }): Pick<Frame, 'jobs' | 'writes'> => ({
      jobs,
      writes: new Map([[pass, writes]]),
    }),
  );
  const ofJobs = { order, timing: timingOf(order.shape), frames };
  return [
    ...vectorHazards(played),
    ...stateHazards(played),
    ...heldHazards(played),
    ...slotHazards(ofJobs),
    ...laneHazards(ofJobs),
    ...streamHazards(played),
  ];
}

function play(order: Order): PlayedUtterances {
  const { shape, walks } = order;
  const timeline = utteranceTimelineOf(walks, shape, order.jobs);
  const visits: { visit: Visit; utterance: number; jobs: Timed[] }[] = [];
  const lengths = LENGTHS.map((length) => Math.min(length, shape.maxFrames ?? 1));
  const times = lengths.map((length, utterance) =>
    timeline.next(length, (visit, job, begin, end) => {
      const last = visits.at(-1);
      const one = { frame: visit.frame, job, begin, end };
      if (last?.visit === visit) last.jobs.push(one);
      else visits.push({ visit, utterance, jobs: [one] });
    }),
  );
  return {
    order,
    lengths,
    times,
    visits: visits.map(({ visit, utterance, jobs }, number) => ({
      ...visit,
      ...{ number, utterance, jobs, writes: jobs.filter(({ job }) => job.ends === 'lanes') },
    })),
  };
}

/** The frame at which the values of a visit stand. */
function placeOf({ order }: PlayedUtterances, { pass, step, frame }: Visit): number {
  return order.program.passes[pass]?.aligned === false ? step : frame;
}

/** Every tile reads behind the last write of its vector at its place, and before the first write of the utterance that takes it. */
function* vectorHazards(played: PlayedUtterances): Generator<Hazard> {
  const { order, visits } = played;
  const { read, feed, cells, lastStep, busy } = timingOf(order.shape);
  const parts = partsOf(order.program.passes);
  const inLoop = (one: number, other: number): boolean =>
    parts.some(({ first, last }) => [one, other].every((pass) => pass >= first && pass <= last));
  for (const reader of visits) {
    for (const one of reader.jobs) {
      const operand = order.program.passes[reader.pass]?.operands[one.job.side === 'x' ? 0 : 1];
      if (operand === undefined) throw new Error(`pass ${reader.pass} has no such operand`);
      for (const vector of operand.vectors) {
        if (vector.id === 0 || (operand.age === 1 && reader.step === 0)) continue;
        const own = visits.filter(({ pass }) => pass === vector.id - 1);
        const writer = own.find(
          (visit) =>
            visit.utterance === reader.utterance &&
            (inLoop(reader.pass, visit.pass)
              ? visit.step === reader.step - operand.age
              : placeOf(played, visit) === reader.frame),
        );
        const late = writer?.writes.at(-1);
        if (writer === undefined || late === undefined) {
          throw new Error(`nothing writes ${vector.name} for pass ${reader.pass}`);
        }
        const hazard = { pass: reader.pass, what: vector.name };
        const more = lastStep(late.job) + late.job.empty * busy(late.job);
        const written = late.end + feed + cells.hidden + more;
        if (writer.number >= reader.number || written >= one.begin + read) {
          const kind = 'vector read before it is written';
          yield { ...hazard, kind, earlier: late, later: one };
        }
        const place = placeOf(played, writer);
        const again = own.find(
          (visit) => visit.number > writer.number && placeOf(played, visit) === place,
        )?.writes[0];
        if (again !== undefined && again.end + feed + cells.hidden <= one.end + read) {
          const kind = 'vector overwritten before it is read';
          yield { ...hazard, kind, earlier: one, later: again };
        }
      }
    }
  }
}

/** The visit of a pass one step before, in the same utterance. */
function before(
  { visits }: PlayedUtterances,
  pass: number,
  { utterance, step }: PlayedVisit,
): PlayedVisit | undefined {
  return visits.find(
    (visit) => visit.pass === pass && visit.utterance === utterance && visit.step === step - 1,
  );
}

/** The steps of a set read the state behind the write of the step before. */
function* stateHazards(played: PlayedUtterances): Generator<Hazard> {
  const { order, visits } = played;
  const { cells } = timingOf(order.shape);
  for (const visit of visits) {
    const { pass } = visit;
    if (order.program.passes[pass]?.stateFraction === null) continue;
    for (const earlier of before(played, pass, visit)?.writes ?? []) {
      const later = visit.writes.find(({ job }) => job.set === earlier.job.set);
      if (later === undefined || earlier.end + cells.cell < later.end + cells.cellRead) continue;
      const what = `state of pass ${pass}`;
      yield { kind: 'state read before it is written', pass, what, earlier, later };
    }
  }
}

/** Of two passes that share a state, as `heldHazards` of frames. */
function* heldHazards(played: PlayedUtterances): Generator<Hazard> {
  const { order, visits } = played;
  const { cells, lastStep, busy } = timingOf(order.shape);
  for (const visit of visits) {
    const { pass } = visit;
    const cell = order.program.passes[pass]?.cell;
    if (cell === undefined || cellOf(cell).behind === undefined) continue;
    const reset = visits.find(
      (one) =>
        one.pass === pass - 1 && one.utterance === visit.utterance && one.step === visit.step,
    );
    const pairs = [
      [before(played, pass, visit)?.writes.at(-1), reset?.writes[0]],
      [reset?.writes.at(-1), visit.writes[0]],
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

/** An utterance comes into a buffer whose utterance has been read, an output frame into one that has been sent. */
function* streamHazards({ order, lengths, visits, times }: PlayedUtterances): Generator<Hazard> {
  const { program, shape, sums } = order;
  const { feed, cells, read } = timingOf(shape);
  const pass = program.passes.length - 1;
  const ofInput = (utterance: number) =>
    visits
      .filter((visit) => visit.utterance === utterance)
      .filter((visit) => readsInput(program.passes[visit.pass] as Pass))
      .flatMap(({ jobs }) => jobs.filter(({ job }) => job.side === 'x'));
  for (const [utterance, { firstBeat }] of times.entries()) {
    const [earlier, later] = [ofInput(utterance - BUFFERS).at(-1), ofInput(utterance)[0]];
    if (earlier === undefined || later === undefined || firstBeat > earlier.end + read) continue;
    const kind = 'input overwritten before it is read';
    yield { kind, pass: earlier.job.pass, what: program.input.name, earlier, later };
  }
  const sent = times.flatMap((time) => time.sent);
  const outputs = outputFrames(shape);
  const leave = visits.filter((visit) => {
    if (visit.pass !== pass) return false;
    return shape.emit !== 'last' || visit.step === (lengths[visit.utterance] as number) - 1;
  });
  for (const [n, { writes }] of leave.entries()) {
    const [earlier, later] = [leave[n - outputs]?.writes.at(-1), writes[0]];
    if (earlier === undefined || later === undefined) continue;
    const written = later.end + feed + (sums ? cells.sum : cells.hidden);
    if (written > (sent[n - outputs] as number)) continue;
    const kind = 'output overwritten before it is sent';
    yield { kind, pass, what: program.output.name, earlier, later };
  }
}
