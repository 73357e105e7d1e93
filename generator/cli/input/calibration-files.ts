import { UserError } from '../../base/errors.js';
import type { FrameSet } from '../../network/data/frame-set.js';
import { type FramesRequest, readFrames } from '../../network/data/read-frames.js';

/** Reads float frames for a network. @throws UserError CALIBRATION_TYPE, or as `readFrames`. */
export async function readCalibration(
  file: string,
  inputs: number,
  request: FramesRequest,
): Promise<FrameSet> {
  const set = await readFrames(file, inputs, request);
  const { type } = set;
  if (type.startsWith('float')) return set;
  const expected = 'float16, float32 or float64 frames';
  throw new UserError({
    code: 'CALIBRATION_TYPE',
    message: `${file}: calibration needs ${expected}, got ${type}`,
    file,
    field: 'descr',
    expected,
    got: type,
  });
}
