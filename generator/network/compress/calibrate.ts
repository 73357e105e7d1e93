import type { Steps } from '../../base/steps.js';
import type { FloatModel } from '../float/model.js';
import { outputsFor, type RealOutputs } from '../float/outputs.js';
import { floatSteps, type RealFrames } from '../float/run.js';
import { Distribution, distributionOf } from './distribution.js';
import { valuesWhere } from './held-out.js';

/** What the float network computes from the calibration frames: all that formats are chosen from. */
export interface Calibration {
  readonly frames: RealFrames;
  /** Input values. */
  readonly x: Distribution;
  /** Cell states of each layer, or h where it keeps no other; those before the first frame of each utterance with them. */
  readonly cells: readonly Distribution[];
  /** Outputs of every frame, beside which the outputs of a quantised network can be laid. */
  readonly outputs: RealOutputs;
  /** Marks the frames that chose no formats; null: all did. */
  readonly heldOut: Uint8Array | null;
}

/**
 * Runs the float network over every utterance. `heldOut` marks frames that say nothing about the formats. `tick` is told
 * after each utterance.
 */
export function* calibrateSteps(
  model: FloatModel,
  frames: RealFrames,
  heldOut: Uint8Array | null,
  tick?: (done: number, total: number) => void,
): Steps<Calibration> {
  const cells = model.layers.map(() => new Distribution());
  const result = outputsFor(model, frames);
  const visit: Parameters<typeof floatSteps>[2] = ({ layers, outputs }, index) => {
    result.outputs.set(outputs, index * result.width);
    if (heldOut?.[index]) return;
    layers.forEach(({ state }, l) => {
      cells[l]?.add(state);
    });
  };
  yield* floatSteps(model, frames, visit, tick);
  // what an utterance starts from is seen in each of them
  model.layers.forEach(({ initial }, l) => {
    for (let u = 0; initial !== undefined && u < frames.lengths.length; u++) {
      cells[l]?.add((initial.c ?? initial.h).values);
    }
  });
  const { values, inputs } = frames;
  const used = heldOut === null ? values : valuesWhere(values, inputs, heldOut, 0);
  return { frames, x: distributionOf(used), cells, outputs: result, heldOut };
}
