import type { Steps } from '../../base/steps.js';
import { framesIn, type Utterances } from '../utterances.js';
import { type FloatModel, outputsOf } from './model.js';
import { floatSteps, type RealFrames } from './run.js';

/** Outputs of a network in real numbers. */
export interface RealOutputs {
  /** Values in one frame of outputs. */
  readonly width: number;
  /** [frame][output], utterances one after the other. */
  readonly outputs: Float64Array;
}

/** Outputs of the float network, every utterance from its initial state. `tick` is told after each utterance. */
export function* floatOutputSteps(
  model: FloatModel,
  frames: RealFrames,
  tick?: (done: number, total: number) => void,
): Steps<RealOutputs> {
  const result = outputsFor(model, frames);
  const visit: Parameters<typeof floatSteps>[2] = ({ outputs }, index) => {
    result.outputs.set(outputs, index * result.width);
  };
  yield* floatSteps(model, frames, visit, tick);
  return result;
}

/** Zeros in the place of the outputs of all frames. */
export function outputsFor(model: FloatModel, frames: Utterances): RealOutputs {
  const width = outputsOf(model);
  return { width, outputs: new Float64Array(framesIn(frames) * width) };
}
