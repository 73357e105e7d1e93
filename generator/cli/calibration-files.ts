import { UserError } from '../base/errors.js';
import { readFileBytes } from '../base/files.js';
import type { FloatModel } from '../network/float/model.js';
import type { RealFrames } from '../network/float/run.js';
import { readNpy } from '../network/formats/npy.js';
import { checkFrames, labelsFromNpy } from '../network/frames.js';

/** Reads float frames for a network. @throws UserError CALIBRATION_TYPE, or as `readNpy` and `checkFrames`. */
export async function readCalibration(file: string, model: FloatModel): Promise<RealFrames> {
  const array = readNpy(await readFileBytes(file), file);
  if (!array.type.startsWith('float')) {
    const expected = 'float32 or float64 frames';
    throw new UserError({
      code: 'CALIBRATION_TYPE',
      message: `${file}: calibration needs ${expected}, got ${array.type}`,
      file,
      field: 'descr',
      expected,
      got: array.type,
    });
  }
  const shape = checkFrames(array, model.layers[0]?.inputs as number, file);
  return { ...shape, values: array.data };
}

/** Reads the class of each utterance. @throws UserError as `readNpy` and `labelsFromNpy`. */
export async function readLabels(
  file: string,
  utterances: number,
  { layers, output }: FloatModel,
): Promise<Int32Array> {
  const classes = output?.outputs ?? (layers.at(-1)?.cells as number);
  return labelsFromNpy(readNpy(await readFileBytes(file), file), utterances, classes, file);
}
