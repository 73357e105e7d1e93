import { UserError } from '../../base/errors.js';
import { readFileBytes } from '../../base/files.js';
import { type FloatModel, inputsOf, outputsOf } from '../../network/float/model.js';
import type { RealFrames } from '../../network/float/run.js';
import { readNpy } from '../../network/formats/npy.js';
import {
  checkFrames,
  type FrameShape,
  labelsFromNpy,
  utterancesFirst,
} from '../../network/frames.js';

/** Frames for a network, and the shape that they came in. */
export type CalibrationFrames = RealFrames & Pick<FrameShape, 'axes'>;

/** Reads float frames for a network. @throws UserError CALIBRATION_TYPE, or as `readNpy` and `checkFrames`. */
export async function readCalibration(
  file: string,
  model: FloatModel,
  timeMajor: boolean,
): Promise<CalibrationFrames> {
  const array = utterancesFirst(readNpy(await readFileBytes(file), file), timeMajor);
  if (!array.type.startsWith('float')) {
    const expected = 'float16, float32 or float64 frames';
    throw new UserError({
      code: 'CALIBRATION_TYPE',
      message: `${file}: calibration needs ${expected}, got ${array.type}`,
      file,
      field: 'descr',
      expected,
      got: array.type,
    });
  }
  const shape = checkFrames(array, inputsOf(model), file);
  return { ...shape, values: array.data };
}

/** Reads the class of each utterance. @throws UserError as `readNpy` and `labelsFromNpy`. */
export async function readLabels(
  file: string,
  frames: CalibrationFrames,
  timeMajor: boolean,
  model: FloatModel,
): Promise<Int32Array> {
  const array = readNpy(await readFileBytes(file), file);
  return labelsFromNpy(array, frames.utterances, outputsOf(model), file, { ...frames, timeMajor });
}
