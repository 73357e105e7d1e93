import { readFileBytes } from '../../base/files.js';
import { readNpy } from '../formats/npy.js';
import { type FrameSet, frameArray } from './frame-set.js';

/** How a file of frames is read. */
export interface FramesRequest {
  readonly timeMajor: boolean;
}

/** Reads frames of `inputs` values. @throws UserError as `readNpy` and `frameArray`. */
export async function readFrames(
  file: string,
  inputs: number,
  { timeMajor }: FramesRequest,
): Promise<FrameSet> {
  return frameArray(readNpy(await readFileBytes(file), file), { inputs, file, timeMajor });
}
