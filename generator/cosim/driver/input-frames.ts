import { readFileBytes } from '../../base/files.js';
import { readNpy } from '../../network/formats/npy.js';
import {
  type FrameShape,
  type Frames,
  framesFromNpy,
  inputFormat,
  utterancesFirst,
} from '../../network/frames.js';
import type { Model } from '../../network/model.js';
import type { FrameSequence } from '../design.js';
import { randomFrames } from './random-frames.js';

/** Random frames where neither a file nor a number is given. */
const DEFAULT_FRAMES = 20;

/** What the hardware is fed, and where it came from. */
export interface InputFrames {
  readonly sequence: FrameSequence;
  /** The file's array; null for random frames. */
  readonly array: Frames | null;
  /** What the outputs have the axes of. */
  readonly shape: Pick<FrameShape, 'utterances' | 'frames' | 'axes'>;
  readonly timeMajor: boolean;
}

/** Frames from a file, or random ones over every code of the model's input format. @throws UserError */
export async function inputFrames(
  model: Model,
  from: {
    readonly frames?: string | undefined;
    readonly random?: number | undefined;
    readonly seed: number;
    readonly timeMajor: boolean;
  },
): Promise<InputFrames> {
  const { inputs, ...format } = inputFormat(model);
  if (from.frames === undefined) {
    const frames = from.random ?? DEFAULT_FRAMES;
    const sequence = randomFrames({ frames, inputs, bits: format.bits, seed: from.seed });
    const shape = { utterances: 1, frames, axes: 2 } as const;
    return { sequence, array: null, shape, timeMajor: false };
  }
  const { timeMajor } = from;
  const file = readNpy(await readFileBytes(from.frames), from.frames);
  const array = framesFromNpy(utterancesFirst(file, timeMajor), inputs, format, from.frames);
  const { utterances, frames, codes } = array;
  const utteranceStarts = Array.from({ length: utterances }, (_, u) => u * frames);
  return {
    sequence: { inputs, frames: utterances * frames, codes, utteranceStarts },
    array,
    shape: array,
    timeMajor,
  };
}
