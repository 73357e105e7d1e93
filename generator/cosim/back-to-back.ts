import {
  type Configuration,
  type Hardware,
  hardwareTimeline,
  isChain,
  orderOf,
  streamTimelineOf,
  utteranceTimelineOf,
} from '../accelerator/index.js';
import { outputFrames } from '../accelerator/plan/frames-in-memory.js';
import { segmentsOf } from '../accelerator/schedule/segments.js';
import { readsInput } from '../accelerator/schedule/side-by-side.js';
import type { Model } from '../network/model.js';
import type { FrameMarks, FrameTiming } from './design.js';

/**
 * When frames that come back to back after a reset are accepted and end, as the schedule of a design has it for a model. `cuts`:
 * where a chain has the model cut.
 */
export function backToBack(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[] = [],
): (frames: readonly FrameMarks[]) => readonly FrameTiming[] {
  if (!isChain(hardware)) {
    if (hardware.order === 'sequence') return (frames) => ofUtterances(hardware, model, frames);
    if (hardware.streams !== undefined) return (frames) => ofStreams(hardware, model, frames);
  }
  return (frames) => ofFrames(hardware, model, cuts, frames);
}

function ofFrames(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
  frames: readonly FrameMarks[],
): readonly FrameTiming[] {
  const timeline = hardwareTimeline(hardware, model, cuts);
  const times = frames.map(({ emits }) => timeline.next(emits));
  const start = times[0]?.committed ?? 0;
  return times.map(({ committed, sent }) => ({
    accepted: committed - start,
    ended: sent - start,
  }));
}

function ofStreams(
  c: Configuration,
  model: Model,
  frames: readonly FrameMarks[],
): readonly FrameTiming[] {
  const { walks, shape } = orderOf(c, model);
  const { times } = streamTimelineOf(walks, shape).run(frames);
  const start = times[0]?.committed ?? 0;
  return times.map(({ committed, sent }) => ({
    accepted: committed - start,
    ended: sent - start,
  }));
}

/** Frames of several streams that a design accepts after a reset while no output is taken. */
function heldStreams(c: Configuration, model: Model): (frames: readonly FrameMarks[]) => number {
  const { walks, shape } = orderOf(c, model);
  return (frames) => streamTimelineOf(walks, shape, false).run(frames).accepted;
}

function ofUtterances(
  c: Configuration,
  model: Model,
  frames: readonly FrameMarks[],
): readonly FrameTiming[] {
  const { walks, shape } = orderOf(c, model);
  const timeline = utteranceTimelineOf(walks, shape);
  const timings: FrameTiming[] = [];
  let first = 0;
  for (const [n, { last }] of frames.entries()) {
    if (!last) continue;
    const own = frames.slice(first, n + 1);
    const { firstBeat, sent } = timeline.next(own.length);
    let left = 0;
    for (const [k, { emits }] of own.entries()) {
      const accepted = firstBeat + (k + 1) * shape.inputBeats - 1;
      timings.push({ accepted, ended: emits ? (sent[left++] as number) : accepted });
    }
    first = n + 1;
  }
  const start = timings[0]?.accepted ?? 0;
  return timings.map(({ accepted, ended }) => ({
    accepted: accepted - start,
    ended: ended - start,
  }));
}

/**
 * Frames of whole utterances that a design accepts after a reset while no output is taken: up to the utterance whose outputs find
 * the output buffers full, and two behind it, one of which has no room where that utterance still needs its input.
 */
function heldUtterances(c: Configuration, model: Model): (frames: readonly FrameMarks[]) => number {
  const { jobs, program, walks } = orderOf(c, model);
  const passes = walks.map(({ pass }) => pass);
  const last = segmentsOf(passes).at(-1) ?? [];
  const reads = last.some((index) => readsInput(program.passes[index] as (typeof passes)[number]));
  const releases = jobs.findIndex((job) => job.releases);
  const waits = jobs.findIndex(({ needs }) => needs.output);
  return (frames) => {
    const due = [...frames.keys()].filter((n) => frames[n]?.emits)[outputFrames(c)] as number;
    const ends = [...frames.keys()].filter((n) => frames[n]?.last);
    const blocked = ends.findIndex((end) => end >= due);
    const released = !reads || (ends[blocked] === due && releases < waits);
    return (ends[blocked + (released ? 2 : 1)] as number) + 1;
  };
}

/** How many frames a design holds that has more than two of them inside. */
export function heldBy(
  hardware: Hardware,
  model: Model,
): { readonly held?: (frames: readonly FrameMarks[]) => number } {
  if (isChain(hardware)) return {};
  if (hardware.order === 'sequence') return { held: heldUtterances(hardware, model) };
  return hardware.streams === undefined ? {} : { held: heldStreams(hardware, model) };
}
