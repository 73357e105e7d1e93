import { readFileBytes } from '../../base/files.js';
import { readNpy } from '../formats/npy.js';
import type { FrameSet } from './frame-set.js';
import { labelsOf } from './labels.js';

/** Reads the class of each utterance of `frames`. @throws UserError as `readNpy` and `labelsOf`. */
export async function readLabels(
  file: string,
  frames: Pick<FrameSet, 'lengths' | 'layout'>,
  classes: number,
): Promise<Int32Array> {
  return labelsOf(readNpy(await readFileBytes(file), file), { frames, classes, file });
}
