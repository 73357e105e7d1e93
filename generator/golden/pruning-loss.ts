import type { Steps } from '../base/steps.js';
import type { FloatModel } from '../network/float/model.js';
import { floatOutputSteps, type RealOutputs } from '../network/float/outputs.js';
import type { RealFrames } from '../network/float/run.js';
import { type OutputError, outputError } from './against-float.js';
import { correctDecisions, decisions } from './run.js';

/** What choosing a pattern does to a float network, before quantisation. */
export interface PruningLoss {
  /** Outputs of the pruned network against those of the whole one. */
  readonly error: OutputError;
  /** Utterances that both decide alike; null where there are no classes to decide between. */
  readonly sameDecisions: number | null;
  /** Utterances decided as labelled; null without labels. */
  readonly correct: { readonly whole: number; readonly pruned: number } | null;
  readonly utterances: number;
}

/**
 * Runs the whole network on the frames from which `pruned`, the outputs of the pruned one, come. `tick` is told after
 * each utterance.
 */
export function* pruningLossSteps(
  whole: FloatModel,
  pruned: RealOutputs,
  frames: RealFrames,
  labels: Int32Array | null,
  tick?: (done: number, total: number) => void,
): Steps<PruningLoss> {
  const reference = yield* floatOutputSteps(whole, frames, tick);
  const [before, after] = [decisions(reference, frames), decisions(pruned, frames)];
  const classes = whole.output !== null && whole.output.outputs > 1;
  return {
    error: outputError(pruned, reference),
    sameDecisions: classes ? correctDecisions(after, before) : null,
    correct: labels && {
      whole: correctDecisions(before, labels),
      pruned: correctDecisions(after, labels),
    },
    utterances: frames.lengths.length,
  };
}
