import { unexpected } from '../../base/errors.js';
import { codesOf, type FrameSet } from '../../network/data/frame-set.js';
import type { FrameLayout } from '../../network/data/layout.js';
import { type FramesRequest, readFrames } from '../../network/data/read-frames.js';
import { type FixedPoint, type Frames, inputFormat } from '../../network/frames.js';
import type { Model } from '../../network/model.js';
import { framesIn, type Utterances, utteranceStarts } from '../../network/utterances.js';
import type { FrameSequence } from '../design.js';
import { randomFrames } from './random-frames.js';

/** Random frames where neither a file nor a number is given. */
const DEFAULT_FRAMES = 20;

/** What the hardware is fed, and where it came from. */
export interface InputFrames {
  readonly sequence: FrameSequence;
  /** The file's frames, as they are and as codes; null for random frames. */
  readonly recorded: { readonly set: FrameSet; readonly codes: Frames } | null;
  /** How the outputs are written. */
  readonly written: Utterances & { readonly layout: FrameLayout };
}

/** Frames from a file, or random ones over every code of the model's input format. @throws UserError */
export async function inputFrames(
  model: Model,
  from: FramesRequest & {
    readonly frames?: string | undefined;
    readonly random?: number | undefined;
    readonly seed: number;
    /** Most frames of an utterance of the design. */
    readonly most?: number | undefined;
  },
): Promise<InputFrames> {
  const { inputs, ...format } = inputFormat(model);
  if (from.frames === undefined) {
    const frames = from.random ?? DEFAULT_FRAMES;
    const sequence = randomFrames({
      ...{ frames, inputs, bits: format.bits, seed: from.seed },
      ...(from.most === undefined ? {} : { most: from.most }),
    });
    const layout = { kind: 'array', axes: 2, frames, timeMajor: false } as const;
    return { sequence, recorded: null, written: { lengths: Int32Array.of(frames), layout } };
  }
  return recordedFrames(await readFrames(from.frames, inputs, from), format, from.most);
}

/** Frames that were read, as codes of the input format; `most`: frames of an utterance of the design. @throws UserError */
export function recordedFrames(
  set: FrameSet,
  format: FixedPoint,
  most: number | undefined,
): InputFrames {
  const { inputs, file } = set;
  checkLengths(file, set, most);
  const codes = codesOf(set, format);
  const sequence = {
    inputs,
    frames: framesIn(set),
    codes: codes.codes,
    utteranceStarts: [...utteranceStarts(set)],
  };
  return { sequence, recorded: { set, codes }, written: set };
}

/** @throws UserError UTTERANCE_LENGTH for an utterance that a design has no room for. */
function checkLengths(file: string, { lengths }: Utterances, most: number | undefined): void {
  const at = most === undefined ? -1 : lengths.findIndex((length) => length > most);
  if (at < 0) return;
  const expected = `at most ${most} frames, as --max-frames of the design says`;
  const got = `${lengths[at]} frames in utterance ${at}`;
  throw unexpected({ code: 'UTTERANCE_LENGTH', file, field: 'utterance', expected, got });
}
