import type { Steps } from '../../base/steps.js';
import type { LayerMatrices } from '../float/layer-matrices.js';
import type { FloatModel } from '../float/model.js';
import type { RealFrames } from '../float/run.js';
import { type Calibration, calibrateSteps } from './calibrate.js';
import { type MatrixFit, type PatternRequest, patternsOf } from './patterns.js';

/** Everything about a trained network that no word length changes. */
export interface Prepared {
  readonly source: FloatModel;
  /** An entry for each recurrent layer. */
  readonly fits: readonly LayerMatrices<MatrixFit>[];
  /** What a user has to know of how zeros were taken, a sentence each. */
  readonly notes: readonly string[];
  readonly calibration: Calibration;
}

export interface PrepareOptions extends PatternRequest {
  /** Calibration frames. */
  readonly frames: RealFrames;
  /** Marks the frames that choose no formats (`heldOutFrames`); absent: all do. */
  readonly heldOut?: Uint8Array;
  /** Name of the network's file in errors. */
  readonly file: string;
  /** Told after each utterance of the calibration. */
  readonly tick?: (done: number, total: number) => void;
}

/**
 * The patterns of all matrices and the float run over the calibration frames: done once, however many word
 * lengths are tried. @throws UserError as `patternsOf`.
 */
export function* prepareSteps(source: FloatModel, options: PrepareOptions): Steps<Prepared> {
  const { fits, notes } = yield* patternsOf(source, options, options.file);
  const calibration = yield* calibrateSteps(
    source,
    options.frames,
    options.heldOut ?? null,
    options.tick,
  );
  return { source, fits, notes, calibration };
}
