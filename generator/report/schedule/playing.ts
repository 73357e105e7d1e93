import { engineParts } from '../../accelerator/chain/placed.js';
import { hardwareTimeline } from '../../accelerator/chain/timeline.js';
import {
  engineLabel,
  enginesOf,
  type Hardware,
  isChain,
  orderOf,
  streamTimelineOf,
  utteranceTimelineOf,
} from '../../accelerator/index.js';
import type { Order } from '../../accelerator/schedule/played.js';
import type { Model } from '../../network/model.js';
import { type Beats, type EngineRows, engineSpans } from './engine-spans.js';
import { CAUSES, type Cause, type IssuedJob, type Span, within } from './spans.js';

/** What a design does over a few frames in the steady state. */
export interface PlayedSchedule {
  /** What is shown, in words. */
  readonly shown: string;
  readonly rows: readonly string[];
  readonly cycles: number;
  readonly spans: readonly Span[];
  /** What a number of a frame in `spans` counts. */
  readonly counts: 'frame' | 'stream' | 'frame of the utterance';
  /** Cycles of these in which the array, of a chain the arrays together, waits. */
  readonly waits: Readonly<Record<Cause, number>>;
}

/** Frames before the ones that are shown, and frames that are. */
const SETTLED = 16;
const SHOWN = 2;
/** Frames of an utterance that is shown, at most. */
const UTTERANCE = 3;

/** Plays the schedule that co-simulation holds the hardware against: input always there, output always taken. */
export function playSchedule(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
): PlayedSchedule {
  const [c] = enginesOf(hardware);
  if (isChain(hardware) || c === undefined) return ofFrames(hardware, model, cuts);
  const order = orderOf(c, model);
  if (c.order === 'sequence') return ofUtterance(order);
  return c.streams === undefined ? ofFrames(hardware, model, cuts) : ofStreams(order);
}

function ofFrames(hardware: Hardware, model: Model, cuts: readonly number[]): PlayedSchedule {
  const orders = engineParts(hardware, model, cuts).map((part) => orderOf(part.c, part.model));
  const timeline = hardwareTimeline(hardware, model, cuts);
  const issued = orders.map((): IssuedJob[] => []);
  const beats = orders.map((): Beats[] => []);
  for (let frame = 0; frame < SETTLED + 2 * SHOWN; frame++) {
    const times = timeline.nextOfEngines(true, (engine) => (job, begin, end, waits) => {
      issued[engine]?.push({ job, begin, end, frame, waits });
    });
    for (const [engine, { firstBeat, committed, offered, sent }] of times.entries()) {
      beats[engine]?.push({ frame, input: [firstBeat, committed], output: [offered, sent] });
    }
  }
  const begins = (frame: number) => issued[0]?.find((one) => one.frame === frame)?.begin ?? 0;
  const engines = orders.map((order, n) =>
    engineSpans(order, issued[n] as IssuedJob[], beats[n] as Beats[], labelOf(hardware, n)),
  );
  const window = [begins(SETTLED), begins(SETTLED + SHOWN)] as const;
  return shownOf(engines, window, `${SHOWN} frames in the steady state`, 'frame');
}

function labelOf(hardware: Hardware, engine: number): string {
  return isChain(hardware) ? `${engineLabel(engine)}: ` : '';
}

function ofStreams(order: Order): PlayedSchedule {
  const { walks, shape } = order;
  const { streams = 1, outputBeats } = shape;
  const frames = Array.from({ length: (SETTLED + 2 * SHOWN) * streams }, (_, n) => ({
    ...{ stream: n % streams, emits: true },
  }));
  const issued: IssuedJob[] = [];
  const rounds = new Map<number, number>();
  const { times } = streamTimelineOf(walks, shape).run(frames, (n, job, begin, end, waits) => {
    issued.push({ job, begin, end, frame: n % streams, waits });
    if (!rounds.has(n)) rounds.set(n, begin);
  });
  const beats = times.map(
    ({ firstBeat, committed, sent }, n): Beats => ({
      frame: n % streams,
      input: [firstBeat, committed],
      output: [sent - outputBeats + 1, sent],
    }),
  );
  const starts = (round: number) =>
    Math.min(
      ...times.flatMap((time, n) => (time.round === round ? (rounds.get(n) as number) : [])),
    );
  const window = [starts(SETTLED), starts(SETTLED + SHOWN)] as const;
  const engine = engineSpans(order, issued, beats, '');
  const shown = `${SHOWN} rounds of ${streams} streams in the steady state`;
  return shownOf([engine], window, shown, 'stream');
}

function ofUtterance(order: Order): PlayedSchedule {
  const { walks, shape } = order;
  const frames = Math.min(UTTERANCE, shape.maxFrames ?? UTTERANCE);
  const timeline = utteranceTimelineOf(walks, shape);
  const issued: IssuedJob[] = [];
  const beats: Beats[] = [];
  const starts: number[] = [];
  for (let n = 0; n < 4; n++) {
    const before = issued.length;
    const { firstBeat, committed, sent } = timeline.next(
      frames,
      ({ frame }, job, begin, end, waits) => issued.push({ job, begin, end, frame, waits }),
    );
    starts.push((issued[before] as IssuedJob).begin);
    beats.push({ frame: 0, input: [firstBeat, committed], output: null });
    const leaving =
      shape.emit === 'last' ? [frames - 1] : Array.from({ length: frames }, (_, i) => i);
    for (const [i, last] of sent.entries()) {
      const output = [last - shape.outputBeats + 1, last] as const;
      beats.push({ frame: leaving[i] ?? i, input: null, output });
    }
  }
  const window = [starts[2] as number, starts[3] as number] as const;
  const shown = `an utterance of ${frames} ${frames === 1 ? 'frame' : 'frames'} among others`;
  return shownOf([engineSpans(order, issued, beats, '')], window, shown, 'frame of the utterance');
}

function shownOf(
  engines: readonly EngineRows[],
  [first, end]: readonly [number, number],
  shown: string,
  counts: PlayedSchedule['counts'],
): PlayedSchedule {
  const cycles = end - first;
  const spans = within(
    engines.flatMap((engine) => engine.spans),
    first,
    cycles,
  );
  const waits = Object.fromEntries(
    CAUSES.map((cause) => [
      cause,
      spans
        .filter(({ kind }) => kind === cause)
        .reduce((sum, { from, to }) => sum + to - from + 1, 0),
    ]),
  ) as Record<Cause, number>;
  return { shown, rows: engines.flatMap(({ rows }) => rows), cycles, spans, counts, waits };
}
