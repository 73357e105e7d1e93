import { type UserError, unexpected } from '../../base/errors.js';
import type { NpyArray } from '../formats/npy.js';
import type { FrameSet } from './frame-set.js';

export interface LabelsOptions {
  /** What the labels go with. */
  readonly frames: Pick<FrameSet, 'lengths' | 'layout'>;
  readonly classes: number;
  readonly file: string;
}

/**
 * Class numbers of the utterances.
 * @throws UserError LABELS_TYPE, LABELS_SHAPE or LABELS_RANGE.
 */
export function labelsOf({ type, shape, data }: NpyArray, options: LabelsOptions): Int32Array {
  const { frames, classes, file } = options;
  if (type.startsWith('float')) {
    throw refusal('LABELS_TYPE', file, 'descr', 'an integer type', type);
  }
  const utterances = frames.lengths.length;
  if (shape.length !== 1 || shape[0] !== utterances) {
    const expected = `[utterances] = [${utterances}]`;
    const got = `[${shape.join(', ')}]${otherAxis(shape, frames)}`;
    throw refusal('LABELS_SHAPE', file, 'shape', expected, got);
  }
  const wrong = Array.from(data).find((label) => label < 0 || label >= classes);
  if (wrong !== undefined) {
    throw refusal('LABELS_RANGE', file, 'data', `0 to ${classes - 1}`, String(wrong));
  }
  return Int32Array.from(data);
}

/** What to try where as many labels came as the other axis of the frames has. */
function otherAxis(shape: readonly number[], { layout }: LabelsOptions['frames']): string {
  if (layout.kind !== 'array' || layout.axes === 2) return '';
  if (shape.length !== 1 || shape[0] !== layout.frames) return '';
  return layout.timeMajor
    ? `; the second axis of the frames has ${shape[0]}: are they [utterances, frames, n], without --time-major?`
    : `; the second axis of the frames has ${shape[0]}: are they [frames, utterances, n], with --time-major?`;
}

function refusal(
  code: string,
  file: string,
  field: string,
  expected: string,
  got: string,
): UserError {
  return unexpected({ code, file, field, expected, got });
}
