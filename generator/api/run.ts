import { inSlices } from '../base/steps.js';
import { outputFractionBits } from '../golden/network.js';
import { decisions, goldenSteps } from '../golden/run.js';
import { codesOf } from '../network/data/frame-set.js';
import { inputFormat } from '../network/frames.js';
import { models } from './contents.js';
import { type FramesGiven, framesGiven } from './frames.js';
import type { CompressedModel } from './objects.js';

/** What a model computes, bit for bit as its hardware does. */
export interface RunResult {
  /** Frames of each utterance. */
  readonly lengths: Int32Array;
  /** Outputs of a frame. */
  readonly width: number;
  /** [frame][output], utterances one after the other: integers, whose values are divided by 2^fractionBits. */
  readonly outputs: Float64Array;
  readonly fractionBits: number;
  /** Of each utterance: the number of the largest output of its last frame, ties to the lowest. */
  readonly decisions: Int32Array;
  /** Input values that the input format does not hold and that were clamped. */
  readonly clampedInputs: number;
}

/**
 * Runs the golden model on frames: the work of `hcgs run`.
 * @throws UserError API_ARGUMENT; of the frames as the command
 */
export async function run(model: CompressedModel, frames: FramesGiven): Promise<RunResult> {
  const content = models.of(model);
  const format = inputFormat(content);
  const codes = codesOf(await framesGiven(frames, format.inputs), format);
  const result = await inSlices(goldenSteps(content, codes));
  return {
    lengths: codes.lengths,
    width: result.width,
    outputs: result.outputs,
    fractionBits: outputFractionBits(content),
    decisions: decisions(result, codes),
    clampedInputs: codes.saturated,
  };
}
