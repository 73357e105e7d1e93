import { beatPacker } from './beats.js';
import type { CosimDesign, FrameSequence } from './design.js';
import type { Operation } from './operations.js';

/** Passes of one session, in this order, each begun by a mark of that number and a reset. */
export const PASS = { main: 1, latency: 2, timing: 3 } as const;

/** Spacings of frames that a steady state is measured over, at least. */
const MEASURED = 3;
/** Frames at the end of a pass that nothing follows: not steady. */
const TAIL = 2;
const RESET_CYCLES = 4;

/** Frames before the spacing of the output frames is steady: buffers are full and every layer has waited its turn. */
export const WARMUP_FRAMES = 12;

/** Most frames of different lengths that take turns; as the schedule model has it. */
const LONGEST_PERIOD = 8;

/** Frames after which the spacing repeats, from a predicted mean: 34.5 cycles per frame repeat after two. */
export function periodOfMean(cyclesPerFrame: number): number {
  for (let period = 1; period <= LONGEST_PERIOD; period++) {
    const cycles = period * cyclesPerFrame;
    if (Math.abs(cycles - Math.round(cycles)) < 1e-6) return period;
  }
  return 1;
}

/** Spacings that a measurement needs. */
function spacingsFor(period: number): number {
  return Math.max(MEASURED, 2 * period);
}

/** Frames that a pass needs for the measurement of the steady state. */
function steadyFrames(period: number): number {
  return WARMUP_FRAMES + 1 + spacingsFor(period) + TAIL;
}

/**
 * Cycles per frame in the steady state, from the cycles in which the frames left, which repeat after `period`
 * frames; null: too few frames.
 */
export function steadyCycles(
  left: readonly number[],
  period = 1,
  warmup = WARMUP_FRAMES,
): SteadyState | null {
  const steady = left.slice(warmup, left.length - TAIL);
  const spacings = steady.length - 1;
  if (spacings < spacingsFor(period)) return null;
  const means = steady.slice(period).map((cycle, i) => (cycle - (steady[i] as number)) / period);
  const least = means.reduce((a, b) => Math.min(a, b));
  const most = means.reduce((a, b) => Math.max(a, b));
  const total = (steady.at(-1) as number) - (steady[0] as number);
  return { cyclesPerFrame: least === most ? least : total / spacings, least, most };
}

export interface SteadyState {
  /** Mean; equal to `least` and `most`, means over one period each, in a steady state. */
  readonly cyclesPerFrame: number;
  readonly least: number;
  readonly most: number;
}

export interface SessionOptions {
  readonly design: CosimDesign;
  readonly frames: FrameSequence;
  /** Probability of gaps and back-pressure, 0 <= stall < 1. */
  readonly stall: number;
  readonly seed: number;
  /** Cycles whose waveform is wanted; only for a build with waveforms. */
  readonly window?: { readonly first: number; readonly last: number };
}

/**
 * Everything the harness is told in one co-simulation: all frames, traced; without stalls then one frame alone for the
 * latency, and, where the frames given are too few for a steady state, several times the frames for the timing.
 */
export function* session(options: SessionOptions): Generator<Operation> {
  const { design, frames, stall, seed } = options;
  const pack = beatPacker(design.ports);
  const beats = (index: number, start: boolean): Operation => {
    const values = frames.codes.subarray(index * frames.inputs, (index + 1) * frames.inputs);
    return { kind: 'beats', bytes: pack(values, start) };
  };
  const setting = {
    kind: 'configure',
    tracing: false,
    stall: 0,
    seed,
    timeout: Math.ceil((4 * design.predicted.latencyCycles + 20_000) / (1 - stall)),
    cells: design.cells,
  } as const;
  if (options.window) yield { kind: 'waves', ...options.window };
  yield { ...setting, tracing: true, stall };
  yield* begin(PASS.main);
  const starts = new Set(frames.utteranceStarts);
  for (let n = 0; n < frames.frames; n++) yield beats(n, starts.has(n));
  yield { kind: 'drain' };
  yield { kind: 'status' };
  if (stall > 0) return;
  yield setting;
  yield* begin(PASS.latency);
  yield beats(0, true);
  yield { kind: 'drain' };
  const needed = steadyFrames(periodOfMean(design.predicted.cyclesPerFrame));
  if (frames.frames >= needed) return;
  yield* begin(PASS.timing);
  for (let n = 0; n < needed; n++) yield beats(n % frames.frames, n === 0);
  yield { kind: 'drain' };
}

function* begin(pass: number): Generator<Operation> {
  yield { kind: 'mark', id: pass };
  yield { kind: 'reset', cycles: RESET_CYCLES };
}
