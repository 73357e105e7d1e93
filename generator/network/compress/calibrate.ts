import type { Steps } from '../../base/steps.js';
import type { FloatModel } from '../float/model.js';
import { outputsFor, type RealOutputs } from '../float/outputs.js';
import { floatSteps, type RealFrames } from '../float/run.js';
import { Distribution, distributionOf } from './distribution.js';

/** What the float network computes from the calibration frames: all that formats are chosen from. */
export interface Calibration {
  readonly frames: RealFrames;
  /** Input values. */
  readonly x: Distribution;
  /** Cell states of each layer. */
  readonly cells: readonly Distribution[];
  /** Outputs of every frame, beside which the outputs of a quantised network can be laid. */
  readonly outputs: RealOutputs;
}

/** Runs the float network over every utterance. `tick` is told after each utterance. */
export function* calibrateSteps(
  model: FloatModel,
  frames: RealFrames,
  tick?: (done: number, total: number) => void,
): Steps<Calibration> {
  const cells = model.layers.map(() => new Distribution());
  const result = outputsFor(model, frames);
  const visit: Parameters<typeof floatSteps>[2] = ({ layers, outputs }, index) => {
    result.outputs.set(outputs, index * result.width);
    layers.forEach(({ c }, l) => {
      cells[l]?.add(c);
    });
  };
  yield* floatSteps(model, frames, visit, tick);
  return { frames, x: distributionOf(frames.values), cells, outputs: result };
}
