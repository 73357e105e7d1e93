import { ROUNDS, steadyRounds } from '../../accelerator/schedule/schedule.js';
import { type CosimDesign, emittingFrames, type FrameSequence } from '../design.js';
import { sentFrames } from '../sent-frames.js';
import { beatPacker } from './beats.js';
import { allowance, patience, type Stalls, streamShape } from './bounds.js';
import type { Operation } from './operations.js';
import { stallPhases } from './stall-phases.js';

/** Passes of one session, in this order, each begun by a mark of that number and a reset. */
export const PASS = { main: 1, latency: 2, timing: 3, silent: 4 } as const;

/** Spacings of frames that a steady state is measured over, at least. */
const MEASURED = 4;
/** Frames at the end of a pass that nothing follows: not steady. */
const TAIL = 2;
const RESET_CYCLES = 4;

/** Frames before the spacing of the output frames is steady: buffers are full and every layer has waited its turn. */
export const WARMUP_FRAMES = 12;

/**
 * Frames that may take turns in length: the waiting circuits of the hardware span two frames at most (see the cycle
 * formula in docs/microarchitecture.md), so means over two frames are steady.
 */
const PERIOD = 2;

/** Frames that a pass needs for the measurement of the steady state. */
const STEADY_FRAMES = WARMUP_FRAMES + 1 + MEASURED + TAIL;

/** Of several streams, from the cycles in which the outputs of all frames left. */
export function steadyStreams(left: readonly number[], streams: number): SteadyState | null {
  const cyclesPerFrame = steadyRounds(left, streams);
  if (cyclesPerFrame === null) return null;
  return { cyclesPerFrame, least: cyclesPerFrame, most: cyclesPerFrame };
}

/** Utterances of the timing pass: those behind are as far apart as the last ones. */
const TIMED_UTTERANCES = 6;

/** Of whole utterances, from the cycles in which their last outputs left. */
export function steadyUtterances(ends: readonly number[], frames: number): SteadyState | null {
  const last = ends.slice(-3);
  if (ends.length < TIMED_UTTERANCES) return null;
  const cyclesPerFrame = ((last[2] as number) - (last[0] as number)) / 2 / frames;
  return { cyclesPerFrame, least: cyclesPerFrame, most: cyclesPerFrame };
}

/** Cycles per frame in the steady state, from the cycles in which the frames left, or came; null: too few frames. */
export function steadyCycles(left: readonly number[], warmup = WARMUP_FRAMES): SteadyState | null {
  const steady = left.slice(warmup, left.length - TAIL);
  if (steady.length - 1 < MEASURED) return null;
  const means = steady.slice(PERIOD).map((cycle, i) => (cycle - (steady[i] as number)) / PERIOD);
  const least = means.reduce((a, b) => Math.min(a, b));
  const most = means.reduce((a, b) => Math.max(a, b));
  const mean = means.reduce((a, b) => a + b) / means.length;
  return { cyclesPerFrame: least === most ? least : mean, least, most };
}

export interface SteadyState {
  /** Mean; equal to `least` and `most`, means over two frames each, in a steady state. */
  readonly cyclesPerFrame: number;
  readonly least: number;
  readonly most: number;
}

export interface SessionOptions {
  readonly design: CosimDesign;
  readonly frames: FrameSequence;
  readonly stalls: Stalls;
  readonly seed: number;
  /** Cycles whose waveform is wanted; only for a build with waveforms. */
  readonly window?: CycleWindow;
}

export interface CycleWindow {
  readonly first: number;
  readonly last: number;
}

/**
 * Everything the harness is told in one co-simulation: all frames, traced; without stalls then one frame alone for the
 * latency, and, where the frames given are too few for a steady state, several times the frames for the timing. Where outputs
 * leave of last frames alone, one frame without outputs, alone, for its end, and in any case frames without for the timing.
 */
export function* session(options: SessionOptions): Generator<Operation> {
  const { design, frames, stalls, seed } = options;
  const pack = beatPacker(design.ports);
  const every = design.emit === 'every';
  const beats = (index: number, start: boolean, end: boolean, stream = 0) => {
    const values = frames.codes.subarray(index * frames.inputs, (index + 1) * frames.inputs);
    return { kind: 'beats', bytes: pack(values, start, end, stream) } as const;
  };
  if (options.window) yield { kind: 'waves', ...options.window };
  yield configured(design, seed, true);
  yield* begin(PASS.main);
  yield* mainPass();
  yield { kind: 'drain' };
  yield { kind: 'status' };
  if (stalled(stalls)) return;
  yield configured(design, seed, false);
  if (design.order === 'sequence') {
    yield* wholeUtterances();
    return;
  }
  yield* begin(PASS.latency);
  yield { kind: 'allow', cycles: allowance(design, 1) };
  yield beats(0, true, !every);
  yield { kind: 'drain' };
  if (!every) {
    yield* begin(PASS.silent);
    yield beats(0, true, false);
    yield { kind: 'drain' };
  }
  if (design.streams > 1) {
    yield* allStreams();
    return;
  }
  const needed = STEADY_FRAMES;
  if (every && frames.frames >= needed) return;
  yield* begin(PASS.timing);
  yield { kind: 'allow', cycles: allowance(design, needed) };
  const end = !every && timedByOutputs(design);
  for (let n = 0; n < needed; n++) yield beats(n % frames.frames, n === 0, end);
  yield { kind: 'drain' };

  /** A frame of each stream in turn, all with outputs. */
  function* allStreams(): Generator<Operation> {
    const { streams } = design;
    const needed = ROUNDS * streams;
    yield* begin(PASS.timing);
    yield { kind: 'allow', cycles: allowance(design, needed) };
    for (let n = 0; n < needed; n++) {
      yield beats(n % frames.frames, n < streams, !every, n % streams);
    }
    yield { kind: 'drain' };
  }

  /** Utterances of the most frames, back to back. */
  function* wholeUtterances(): Generator<Operation> {
    const most = design.maxFrames ?? 1;
    yield* begin(PASS.timing);
    yield { kind: 'allow', cycles: allowance(design, TIMED_UTTERANCES * most) };
    for (let n = 0; n < TIMED_UTTERANCES * most; n++) {
      const step = n % most;
      yield beats(n % frames.frames, step === 0, step === most - 1);
    }
    yield { kind: 'drain' };
  }

  function* mainPass(): Generator<Operation> {
    yield* models(design, stalled(stalls));
    yield { kind: 'allow', cycles: allowance(design, frames.frames, stalls.gap) };
    if (stalled(stalls)) yield* stallPhases(design, stalls, seed, all());
    else yield* all();
  }

  function* all() {
    const starts = new Set(frames.utteranceStarts);
    const marksEnds = !every || design.order === 'sequence';
    const ends = new Set(marksEnds ? emittingFrames(frames, 'last') : []);
    for (const { frame, stream } of sentFrames(frames, design.streams)) {
      yield beats(frame, starts.has(frame), ends.has(frame), stream);
    }
  }
}

/**
 * Whether frames of the timing have outputs. Where only marked ones have some, and those that are accepted say enough, none has: several
 * streams, whole utterances and a chain take frames faster than they compute them until all buffers are full.
 */
export function timedByOutputs({
  emit,
  engines = 1,
  order,
  streams,
}: Pick<CosimDesign, 'emit' | 'engines' | 'order' | 'streams'>): boolean {
  return emit === 'every' || engines > 1 || streams > 1 || order === 'sequence';
}

/** Whether there are any. */
export function stalled({ gap, pause }: Stalls): boolean {
  return gap > 0 || pause > 0;
}

/** How often an utterance asks for another resident model, where that may take cycles of its own. */
const MODEL_CHANGE = 0.5;

/** Which resident models utterances ask for: any, or the first one where cycles are counted; nothing where there is one. */
export function* models({ load }: CosimDesign, any: boolean): Generator<Operation> {
  if ((load?.places ?? 1) > 1) yield { kind: 'model', place: 0, change: any ? MODEL_CHANGE : 0 };
}

/** What the harness is told of a design. */
export function configured(design: CosimDesign, seed: number, tracing: boolean): Operation {
  return {
    kind: 'configure',
    tracing,
    seed,
    patience: patience(design),
    shape: streamShape(design),
    rows: design.trace.layers.map(({ rows }) => rows),
  };
}

function* begin(pass: number): Generator<Operation> {
  yield { kind: 'mark', id: pass };
  yield { kind: 'reset', cycles: RESET_CYCLES, offer: false };
}
