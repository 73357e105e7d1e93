import { outputFrames } from '../../accelerator/plan/frames-in-memory.js';
import type { CosimDesign } from '../design.js';
import type { StreamShape } from './operations.js';

/** Gaps before input beats and back-pressure at the output: probabilities, 0 <= p < 1. */
export interface Stalls {
  readonly gap: number;
  readonly pause: number;
}

export const NO_STALLS: Stalls = { gap: 0, pause: 0 };

/** What the streams of a design promise. */
export function streamShape({
  inputs,
  outputs,
  ports,
  buffers,
  predicted,
  order,
  streams,
}: CosimDesign): StreamShape {
  const lanes = ports.streamLanes;
  return {
    inputBeats: Math.ceil(inputs / lanes),
    outputBeats: Math.ceil(outputs / lanes),
    inputBuffers: buffers.input,
    // of each stream two frames in the x memory, one that is computed, and those that wait to be sent; utterances may have one
    mostInside:
      streams === 1 && order === 'frames' ? buffers.inside : 2 + 1 + outputFrames({ streams }),
    silentCycles: predicted.silentCycles ?? 0,
  };
}

/**
 * Cycles without a beat on either stream after which the hardware hangs, counted where `m_axis_tready` is high: a frame
 * takes its latency at most, and one behind it the cycles of a frame; where not all frames have outputs, all that are inside may
 * end in silence. Twice that, so that a core that is only slow is measured and not given up.
 */
export function patience(design: CosimDesign): number {
  const { cyclesPerFrame, latencyCycles } = design.predicted;
  const inside = design.emit === 'every' ? 1 : streamShape(design).mostInside;
  return Math.ceil(2 * (design.streams * inside * cyclesPerFrame + latencyCycles)) + 1000;
}

/**
 * Cycles of back-pressure that fill the core, whatever it held before: no frame more is accepted at their end. `frames`: those
 * that come until then, where not all of them have outputs.
 */
export function fillCycles(design: CosimDesign, frames = 0): number {
  const { cyclesPerFrame, latencyCycles } = design.predicted;
  const { inputBeats, mostInside } = streamShape(design);
  const frame = Math.max(Math.ceil(cyclesPerFrame), inputBeats);
  const inside = design.streams * (mostInside + 1);
  return Math.ceil(latencyCycles) + Math.max(inside, frames) * frame + 16;
}

/** Stages from a tile to the memory of h, and to spare. */
const SEGMENT_CYCLES = 64;

/** Cycles in which so many frames must be done, with gaps; cycles with back-pressure do not count. */
export function allowance(design: CosimDesign, frames: number, gap = 0): number {
  const { cyclesPerFrame, latencyCycles } = design.predicted;
  const { inputBeats, outputBeats } = streamShape(design);
  const input = inputBeats / (1 - gap);
  // where a frame has outputs now and then, they may take longer than a frame
  const output = design.emit === 'every' ? 0 : outputBeats;
  // an utterance of a frame waits for each of its segments
  const waits = design.order === 'sequence' ? SEGMENT_CYCLES * design.trace.layers.length : 0;
  const frame = cyclesPerFrame + input + output + waits;
  return Math.ceil(4 * (latencyCycles + frames * frame)) + 10_000;
}
