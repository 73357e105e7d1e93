import { basename } from 'node:path';
import { UserError } from '../../base/errors.js';
import { NOISE, noiseFrames } from '../../network/compress/noise.js';
import { axesText, layoutText } from '../../network/data/layout.js';
import { readLabels } from '../../network/data/read-labels.js';
import { type FloatModel, inputsOf, outputsOf } from '../../network/float/model.js';
import type { RealFrames } from '../../network/float/run.js';
import { readCalibration } from '../input/calibration-files.js';
import { frameOptions } from './frame-options.js';
import { input, type OptionValues, real } from './options.js';

/** Where the formats of x and c come from. */
export const calibrationOptions = {
  calibrate: input(
    'float frames, .npy, .npz or .csv, from which the formats of x and c are chosen; required, or --calibrate-noise',
  ),
  calibrateNoise: real('no frames yet: formats from noise of this standard deviation', {
    valueName: 'STD',
  }),
  labels: input('class of each utterance of --calibrate: gives the accuracy'),
  ...frameOptions,
};

/** Frames to calibrate with, and what a report says about them. */
export interface CalibrationInput {
  readonly frames: RealFrames;
  readonly labels: Int32Array | null;
  /** As the user named it; null for noise. */
  readonly file: string | null;
  /** Standard deviation of noise; null for a file. */
  readonly noise: number | null;
  /** Which axis of the frames is which, e.g. `[utterances, frames, inputs] = [30, 8, 40]`. */
  readonly axes: string;
  /** One line for the provenance of a model. */
  readonly provenance: string;
}

type Given = OptionValues<typeof calibrationOptions>;

/**
 * Reads or makes the frames of options that `checkCalibration` let pass.
 * @throws UserError as `readCalibration` and `readLabels`.
 */
export async function calibrationInput(
  { calibrate, calibrateNoise, labels, ...request }: Given,
  model: FloatModel,
): Promise<CalibrationInput> {
  const inputs = inputsOf(model);
  if (calibrate === undefined) {
    const noise = calibrateNoise as number;
    const frames = noiseFrames(inputs, noise);
    const provenance = `noise with standard deviation ${noise}, ${NOISE.utterances} x ${NOISE.frames} frames`;
    const axes = axesText([NOISE.utterances, NOISE.frames, inputs]);
    return { frames, labels: null, file: null, noise, axes, provenance };
  }
  const frames = await readCalibration(calibrate, inputs, request);
  return {
    frames,
    labels: labels === undefined ? null : await readLabels(labels, frames, outputsOf(model)),
    file: calibrate,
    noise: null,
    axes: layoutText(frames, frames.layout, inputs),
    provenance: basename(calibrate),
  };
}

/** What can be said before any file is read. @throws UserError MISSING_ARGUMENT, BAD_USAGE or BAD_OPTION_VALUE */
export function checkCalibration({
  calibrate,
  calibrateNoise,
  labels,
  lengths,
  timeMajor,
}: Given): void {
  if (calibrate === undefined && calibrateNoise === undefined) {
    throw new UserError({
      code: 'MISSING_ARGUMENT',
      message: '--calibrate FRAMES.npy is missing; without frames: --calibrate-noise STD',
      field: '--calibrate',
    });
  }
  if (calibrate !== undefined && calibrateNoise !== undefined) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: '--calibrate and --calibrate-noise exclude each other',
      field: '--calibrate-noise',
    });
  }
  if (calibrateNoise !== undefined && labels !== undefined) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: '--labels needs --calibrate: noise has no classes',
      field: '--labels',
    });
  }
  if (calibrateNoise !== undefined && lengths !== undefined) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: '--lengths needs --calibrate: noise has utterances of one length',
      field: '--lengths',
    });
  }
  if (calibrateNoise !== undefined && timeMajor) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: '--time-major needs --calibrate: noise has no axes to exchange',
      field: '--time-major',
    });
  }
  if (calibrateNoise !== undefined && calibrateNoise <= 0) {
    throw new UserError({
      code: 'BAD_OPTION_VALUE',
      message: `--calibrate-noise: expected a number above 0, got '${calibrateNoise}'`,
      field: '--calibrate-noise',
      expected: 'a number above 0',
      got: calibrateNoise,
    });
  }
}
