import { checkFinite, checkWidth, type FrameSet } from '../network/data/frame-set.js';
import { readFrames } from '../network/data/read-frames.js';
import { refusal } from '../network/data/refusal.js';
import { checkArguments, SWITCH, TEXT } from './arguments.js';

/** The values of one frame, as real numbers. */
export type FrameValues = ArrayLike<number>;

/** A file of frames, `.npy`, `.npz` or `.csv`, and what has to be said about it. */
export interface FramesFile {
  readonly file: string;
  /** Its axes are `[frames, utterances, values]`. */
  readonly timeMajor?: boolean | undefined;
  /** File with the number of frames of each utterance. */
  readonly lengths?: string | undefined;
}

/** Frames: the name of a file, a file with more to say about it, or utterances, each a list of frames of real numbers. */
export type FramesGiven = string | FramesFile | readonly (readonly FrameValues[])[];

/** How errors call frames that are in no file. */
const NAME = 'frames';

/**
 * Frames of `inputs` values.
 * @throws UserError as `readFrames`; FRAMES_SHAPE, FRAMES_WIDTH and FRAMES_NOT_FINITE for arrays
 */
export async function framesGiven(given: FramesGiven, inputs: number): Promise<FrameSet> {
  if (typeof given === 'string') return readFrames(given, inputs, { timeMajor: false });
  if (isFile(given)) {
    checkArguments(given, { file: TEXT, timeMajor: SWITCH, lengths: TEXT });
    const { file, timeMajor = false, lengths } = given;
    return readFrames(file, inputs, { timeMajor, lengths });
  }
  return framesInMemory(given, inputs);
}

function isFile(given: FramesFile | readonly unknown[]): given is FramesFile {
  return typeof given === 'object' && given !== null && 'file' in given;
}

function framesInMemory(utterances: readonly (readonly FrameValues[])[], inputs: number): FrameSet {
  const expected = `utterances, each a list of frames of ${inputs} numbers`;
  const isList = (value: unknown) => Array.isArray(value) && value.length > 0;
  if (!isList(utterances)) throw refusal('FRAMES_SHAPE', NAME, 'utterances', expected, 'none');
  utterances.forEach((utterance, u) => {
    if (!isList(utterance)) throw refusal('FRAMES_SHAPE', NAME, `[${u}]`, expected, 'no frames');
    utterance.forEach((frame, f) => {
      const width: unknown = Object(frame).length;
      const text = `[${u}][${f}]`;
      if (typeof width !== 'number') {
        throw refusal(
          'FRAMES_SHAPE',
          NAME,
          text,
          expected,
          `a ${typeof frame} in the place of a frame`,
        );
      }
      checkWidth(width, inputs, NAME, text);
    });
  });
  const lengths = Int32Array.from(utterances, ({ length }) => length);
  const values = new Float64Array(lengths.reduce((sum, length) => sum + length, 0) * inputs);
  utterances.flat().forEach((frame, f) => {
    values.set(frame, f * inputs);
  });
  checkFinite(values, lengths, inputs, NAME, (u, f, i) => `[${u}][${f}][${i}]`);
  const layout = {
    kind: 'array',
    axes: 3,
    frames: Math.max(...lengths),
    timeMajor: false,
  } as const;
  return { file: NAME, type: 'float64', lengths, inputs, values, layout };
}
