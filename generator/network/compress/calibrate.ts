import type { Steps } from '../../base/steps.js';
import type { FloatModel } from '../float/model.js';
import { floatSteps, type RealFrames } from '../float/run.js';

/** Smallest and largest value seen. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Runs the float network over every utterance and returns the range of the cell state of each layer. `tick` is
 * told after each utterance.
 */
export function* cellRanges(
  model: FloatModel,
  frames: RealFrames,
  tick?: (done: number, total: number) => void,
): Steps<readonly Range[]> {
  const ranges = model.layers.map(() => ({ low: 0, high: 0 }));
  const visit: Parameters<typeof floatSteps>[2] = ({ layers }) => {
    for (const [l, range] of ranges.entries()) {
      for (const value of layers[l]?.c ?? []) {
        if (value < range.low) range.low = value;
        if (value > range.high) range.high = value;
      }
    }
  };
  yield* floatSteps(model, frames, visit, tick);
  return ranges;
}
