import { CELLS } from '../../network/cells/registry.js';
import { allowancesOf } from './allowances.js';
import { type Job, jobsOf } from './jobs.js';
import { type PassWalk, tilesOfPass } from './pass-walk.js';
import type { VisitPlace } from './segments.js';
import { type StreamFrameTimes, StreamTimeline } from './streams.js';
import { type FrameTimes, Timeline } from './timeline.js';
import type { ScheduleShape } from './timing.js';
import { UtteranceTimeline } from './utterances.js';

export type { ScheduleShape } from './timing.js';

/** What the clock-exact model of the sequencer predicts. */
export interface Prediction {
  /**
   * Cycles from one output frame to the next, input always there, output always taken; the mean where frames of
   * two or more lengths take turns. Of a design whose outputs leave of the last frame of an utterance alone: from one frame within
   * an utterance to the next. In the order of sequences: those from one utterance of the most frames to the next, over its frames.
   */
  readonly cyclesPerFrame: number;
  /** Last input beat accepted to last output beat, idle core: of the frame, or of the utterance. */
  readonly latencyCycles: number;
  /** Last input beat accepted to the last write of a frame without outputs, idle core; null where every frame has some. */
  readonly silentCycles: number | null;
  /** Tiles, and cycles of the frame that no tile is issued in, by pass, in the steady state; their mean in the order of sequences. */
  readonly layers: readonly { readonly tiles: number; readonly stalls: number }[];
}

/** Frames after which the pattern of a frame repeats; the model checks that it does. */
const SETTLE_FRAMES = 12;
const MOST_FRAMES = 400;
/** Most frames after which the distances of the output frames may repeat. */
const LONGEST_PERIOD = 8;

/** The model of the hardware for the passes of a network. */
export function timelineOf(walks: readonly PassWalk[], shape: ScheduleShape): Timeline {
  const last = walks.at(-1) as PassWalk;
  const sums = CELLS[last.pass.cell].leaves === 'sums';
  const jobs = jobsOf(walks, shape.sumSlots);
  return new Timeline(jobs, walks.length, shape, sums, allowancesOf(walks, shape));
}

/** The model of the hardware that runs whole utterances; `jobs`: those of all passes, unless a check asks about others. */
export function utteranceTimelineOf(
  walks: readonly PassWalk[],
  shape: ScheduleShape,
  jobs: readonly Job[] = jobsOf(walks, shape.sumSlots),
): UtteranceTimeline {
  const last = walks.at(-1) as PassWalk;
  const sums = CELLS[last.pass.cell].leaves === 'sums';
  const passes = walks.map(({ pass: { direction }, visit }) => ({
    place: visit as VisitPlace,
    backward: direction === 'backward',
  }));
  return new UtteranceTimeline(jobs, passes, shape, sums);
}

/** Exact cycles of a network on a shape; of utterances of the most frames in the order of sequences. */
export function predict(walks: readonly PassWalk[], shape: ScheduleShape): Prediction {
  if (shape.order === 'sequence') return predictUtterances(walks, shape);
  return shape.streams === undefined ? predictFrames(walks, shape) : predictStreams(walks, shape);
}

/** The model of the hardware that runs several streams; `taken`: outputs are always taken, or never. */
export function streamTimelineOf(
  walks: readonly PassWalk[],
  shape: ScheduleShape,
  taken = true,
): StreamTimeline {
  const last = walks.at(-1) as PassWalk;
  const sums = CELLS[last.pass.cell].leaves === 'sums';
  return new StreamTimeline(jobsOf(walks, shape.sumSlots), walks.length, shape, sums, taken);
}

/** Rounds in which all streams send frames back to back. */
export const ROUNDS = 24;
/** Rounds over which cycles are counted, and those behind them, in which some streams have no frame any more. */
const COUNTED_ROUNDS = 4;
const TAIL_ROUNDS = 2;

/** Cycles per frame, from those in which all frames of such rounds ended, ascending; null: there are too few. */
export function steadyRounds(ends: readonly number[], streams: number): number | null {
  if (ends.length < ROUNDS * streams) return null;
  const last = (ROUNDS - TAIL_ROUNDS) * streams - 1;
  const counted = COUNTED_ROUNDS * streams;
  return ((ends[last] as number) - (ends[last - counted] as number)) / counted;
}

/** All streams send frames with outputs back to back, one of each in turn. */
function predictStreams(walks: readonly PassWalk[], shape: ScheduleShape): Prediction {
  const { streams = 1, inputBeats } = shape;
  const every = shape.emit !== 'last';
  const stalls = new Array<number>(walks.length).fill(0);
  const frames = Array.from({ length: ROUNDS * streams }, (_, n) => ({
    stream: n % streams,
    emits: true,
  }));
  const timeline = streamTimelineOf(walks, shape);
  let issued = -1;
  const [from, to] = [ROUNDS - TAIL_ROUNDS - COUNTED_ROUNDS, ROUNDS - TAIL_ROUNDS].map(
    (round) => round * streams,
  ) as [number, number];
  const { times } = timeline.run(frames, (frame, { pass, tiles }, _, end) => {
    if (frame >= from && frame < to)
      stalls[pass] = (stalls[pass] as number) + (end - issued - tiles);
    issued = end;
  });
  const ends = times.map(({ sent }) => sent).sort((a, b) => a - b);
  const alone = (emits: boolean) => {
    const { times: own } = streamTimelineOf(walks, shape).run([{ stream: 0, emits }]);
    return (own[0] as StreamFrameTimes).sent - (inputBeats - 1);
  };
  return {
    cyclesPerFrame: steadyRounds(ends, streams) as number,
    latencyCycles: alone(true),
    silentCycles: every ? null : alone(false),
    layers: walks.map((walk, i) => ({
      tiles: tilesOfPass(walk),
      stalls: (stalls[i] as number) / (COUNTED_ROUNDS * streams),
    })),
  };
}

/** Utterances behind each other of which the last ones are as far apart as any behind them. */
const SETTLE_UTTERANCES = 6;

function predictUtterances(walks: readonly PassWalk[], shape: ScheduleShape): Prediction {
  const { inputBeats, maxFrames: frames } = shape;
  if (frames === undefined) throw new Error('the order of sequences has a number of frames');
  const timeline = utteranceTimelineOf(walks, shape);
  const ends: number[] = [];
  let stalls: readonly number[] = [];
  for (let n = 0; n < SETTLE_UTTERANCES; n++) {
    const utterance = timeline.next(frames);
    ends.push(utterance.sent.at(-1) as number);
    stalls = utterance.stalls;
  }
  const [first = 0] = ends;
  const [before = 0, last = 0] = [ends.at(-3), ends.at(-1)];
  return {
    cyclesPerFrame: (last - before) / 2 / frames,
    latencyCycles: first - (frames * inputBeats - 1),
    silentCycles: null,
    layers: walks.map((walk, i) => ({
      tiles: tilesOfPass(walk),
      stalls: (stalls[i] as number) / frames,
    })),
  };
}

function predictFrames(walks: readonly PassWalk[], shape: ScheduleShape): Prediction {
  const every = shape.emit !== 'last';
  const timeline = timelineOf(walks, shape);
  const { first, cyclesPerFrame, last } = steadyFrames(
    () => timeline.next(undefined, every),
    () => timeline.repeats,
  );
  return {
    cyclesPerFrame,
    latencyCycles: (every ? first : timelineOf(walks, shape).next().sent) - (shape.inputBeats - 1),
    silentCycles: every ? null : first - (shape.inputBeats - 1),
    layers: walks.map((walk, i) => ({
      tiles: tilesOfPass(walk),
      stalls: last.stalls[i] as number,
    })),
  };
}

/**
 * Frames, one `next` after another, until their distances repeat, or are known to, as the last frame `repeats` the one before in
 * everything: the end of the first one, their mean distance, and the last one.
 */
export function steadyFrames<F extends Pick<FrameTimes, 'sent'>>(
  next: () => F,
  repeats: () => boolean = () => false,
): { readonly first: number; readonly cyclesPerFrame: number; readonly last: F } {
  let last = next();
  const sent = [last.sent];
  while (sent.length < MOST_FRAMES) {
    last = next();
    sent.push(last.sent);
    if (repeats()) {
      const cyclesPerFrame = last.sent - (sent.at(-2) as number);
      return { first: sent[0] as number, cyclesPerFrame, last };
    }
    if (sent.length > SETTLE_FRAMES + 1 && periodOf(sent) !== null) break;
  }
  const frames = sent.length;
  const period = periodOf(sent) ?? 1;
  const distance = (sent[frames - 1] as number) - (sent[frames - 1 - period] as number);
  return { first: sent[0] as number, cyclesPerFrame: distance / period, last };
}

/** Frames after which the distances of the last frames repeat; null when they do not yet. */
function periodOf(outputs: readonly number[]): number | null {
  const n = outputs.length;
  const gap = (i: number): number => (outputs[n - i] as number) - (outputs[n - i - 1] as number);
  for (let period = 1; period <= LONGEST_PERIOD; period++) {
    const compared = Math.max(4, 2 * period);
    if (n < compared + period + 1) return null;
    const indices = Array.from({ length: compared }, (_, i) => i + 1);
    if (indices.every((i) => gap(i) === gap(i + period))) return period;
  }
  return null;
}
