import type { FrameSet } from '../../network/data/frame-set.js';
import { readFrames } from '../../network/data/read-frames.js';
import { unchangedBytes } from '../space/files.js';
import type { ReadFile } from '../space/point.js';

/** Frames of a file that is as it was when the sweep began. @throws UserError SWEEP_FILE_CHANGED, or as `readFrames` */
export async function readUnchangedFrames(file: ReadFile, inputs: number): Promise<FrameSet> {
  await unchangedBytes(file);
  return readFrames(file.path, inputs, { timeMajor: false });
}
