import { readFileBytes } from '../base/files.js';
import { readNpy } from '../network/formats/npy.js';
import { type Frames, framesFromNpy, inputFormat } from '../network/frames.js';
import type { Model } from '../network/model.js';
import type { FrameSequence } from './design.js';
import { randomFrames } from './random-frames.js';

/** Random frames where neither a file nor a number is given. */
const DEFAULT_FRAMES = 20;

/** What the hardware is fed, and where it came from. */
export interface InputFrames {
  readonly sequence: FrameSequence;
  /** The file's array; null for random frames. */
  readonly array: Frames | null;
  /** Axes of the outputs, without their last one. */
  readonly axes: readonly number[];
}

/** Frames from a file, or random ones over every code of the model's input format. @throws UserError */
export async function inputFrames(
  model: Model,
  from: {
    readonly frames?: string | undefined;
    readonly random?: number | undefined;
    readonly seed: number;
  },
): Promise<InputFrames> {
  const { inputs, ...format } = inputFormat(model);
  if (from.frames === undefined) {
    const frames = from.random ?? DEFAULT_FRAMES;
    const sequence = randomFrames({ frames, inputs, bits: format.bits, seed: from.seed });
    return { sequence, array: null, axes: [frames] };
  }
  const file = readNpy(await readFileBytes(from.frames), from.frames);
  const array = framesFromNpy(file, inputs, format, from.frames);
  const { utterances, frames, codes, axes } = array;
  const utteranceStarts = Array.from({ length: utterances }, (_, u) => u * frames);
  return {
    sequence: { inputs, frames: utterances * frames, codes, utteranceStarts },
    array,
    axes: axes === 2 ? [frames] : [utterances, frames],
  };
}
