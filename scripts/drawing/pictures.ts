import {
  type DesignOptions,
  orderOf,
  planDesign,
  streamTimelineOf,
  timelineOf,
  utteranceTimelineOf,
} from '../../generator/accelerator/index.js';
import type { Job } from '../../generator/accelerator/schedule/jobs.js';
import { timingOf } from '../../generator/accelerator/schedule/timing.js';
import type { Model } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { chain } from './chain.js';
import { MACS, NETWORK } from './network.js';
import { type Bar, type Row, timelineSvg } from './svg.js';
import { together } from './together.js';

/** A job as it was issued. */
interface Issued {
  readonly job: Job;
  readonly begin: number;
  readonly end: number;
  /** Frame or stream, by which bars are coloured. */
  readonly frame: number;
}

/** When a run issued its jobs, and when the last beat of each output frame left. */
interface Run {
  readonly issued: readonly Issued[];
  readonly outputs: readonly { readonly frame: number; readonly sent: number }[];
}

interface Picture {
  readonly path: string;
  readonly title: string;
  readonly network?: Partial<RandomOptions>;
  readonly options: Omit<DesignOptions, 'name' | 'macs'>;
  /** Frames, or frames of an utterance, or frames of each stream. */
  readonly frames: number;
  readonly run: (order: ReturnType<typeof orderOf>, frames: number) => Run;
}

const PICTURES: readonly Picture[] = [
  {
    path: 'docs/time/frames.svg',
    title: 'Order of frames: an LSTM of 20 cells and 2 outputs, frames 0 to 2',
    ...{ options: {}, frames: 3, run: ofFrames },
  },
  {
    path: 'docs/time/short.svg',
    title: 'The same, with a short pipeline',
    ...{ options: { pipeline: 'short' }, frames: 3, run: ofFrames },
  },
  {
    path: 'docs/time/streams.svg',
    title: 'Four streams in turn: frames 0 and 1 of streams 0 to 3, coloured by stream',
    ...{ options: { streams: 4 }, frames: 2, run: ofStreams },
  },
  {
    path: 'docs/time/sequence.svg',
    title: 'Order of sequences: the same network on an utterance of 4 frames',
    ...{ options: { order: 'sequence', maxFrames: 4 }, frames: 4, run: ofUtterance },
  },
  {
    path: 'docs/time/directions.svg',
    title: 'Both directions: forward and backward steps in turn, then the output layer',
    network: { bidirectional: 'concat' },
    ...{ options: { order: 'sequence', maxFrames: 4 }, frames: 4, run: ofUtterance },
  },
];

/** The pictures of docs/time.md by path, drawn from the schedule that the hardware is held against. */
export function pictures(): ReadonlyMap<string, string> {
  return new Map([...PICTURES.map((picture) => [picture.path, draw(picture)] as const), chain()]);
}

function draw({ title, network = {}, options, frames, run }: Picture): string {
  const model = randomModel({ ...NETWORK, ...network });
  const { configuration } = planDesign(model, { name: 'time', macs: MACS, ...options });
  const order = orderOf(configuration, model);
  const { issued, outputs } = run(order, frames);
  // the first tile is in cycle 0
  const start = Math.min(...issued.map(({ begin }) => begin));
  const { feed, busy } = timingOf(order.shape);
  const bars = issued.map((one): Bar & { job: Job } => ({
    ...{ from: one.begin - start, to: one.end - start, frame: one.frame },
    ...{ light: one.job.side === 'x' && !one.job.alone, job: one.job },
  }));
  const rows: Row[] = [
    ...namesOf(model).map((label, pass) => ({
      label,
      bars: together(bars.filter(({ job }) => job.pass === pass)),
    })),
    {
      label: 'cell lanes',
      bars: together(
        bars
          .filter(({ job }) => job.ends === 'lanes')
          .map(({ to, frame, job }) => {
            const from = to + feed;
            return { from, to: from + busy(job) - 1, frame };
          }),
      ),
    },
    {
      label: 'output',
      bars: outputs.map(({ frame, sent }) => {
        const last = sent - start;
        return { from: last - order.shape.outputBeats + 1, to: last, frame };
      }),
    },
  ];
  const cycles = Math.max(...outputs.map(({ sent }) => sent)) - start + 4;
  const arrays = [{ label: 'MAC array', bars: together(bars, false) }];
  return timelineSvg({ title, arrays, rows, cycles });
}

/** A row of the picture for each pass. */
function namesOf(model: Model): readonly string[] {
  const { passes } = programOf(model);
  const both = passes.some(({ direction }) => direction === 'backward');
  return passes.map(({ cell, direction }) => {
    if (cell === 'dense') return 'output layer';
    if (!both) return 'LSTM';
    return direction === 'backward' ? 'LSTM, backward' : 'LSTM, forward';
  });
}

function ofFrames({ walks, shape }: ReturnType<typeof orderOf>, frames: number): Run {
  const timeline = timelineOf(walks, shape);
  const issued: Issued[] = [];
  const outputs = Array.from({ length: frames }, (_, frame) => {
    const { sent } = timeline.next((job, begin, end) => issued.push({ job, begin, end, frame }));
    return { frame, sent };
  });
  return { issued, outputs };
}

function ofStreams({ walks, shape }: ReturnType<typeof orderOf>, frames: number): Run {
  const { streams = 1 } = shape;
  const issued: Issued[] = [];
  const all = Array.from({ length: frames * streams }, (_, n) => ({
    ...{ stream: n % streams, emits: true },
  }));
  const { times } = streamTimelineOf(walks, shape).run(all, (n, job, begin, end) =>
    issued.push({ job, begin, end, frame: n % streams }),
  );
  return { issued, outputs: times.map(({ sent }, n) => ({ frame: n % streams, sent })) };
}

function ofUtterance({ walks, shape }: ReturnType<typeof orderOf>, frames: number): Run {
  const issued: Issued[] = [];
  const { sent } = utteranceTimelineOf(walks, shape).next(frames, ({ frame }, job, begin, end) =>
    issued.push({ job, begin, end, frame }),
  );
  return { issued, outputs: sent.map((cycle, frame) => ({ frame, sent: cycle })) };
}
