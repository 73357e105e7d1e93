import type { Steps } from '../../base/steps.js';
import { valuesWhere } from '../../network/compress/held-out.js';
import type { RealOutputs } from '../../network/float/outputs.js';
import type { RealFrames } from '../../network/float/run.js';
import type { Model } from '../../network/model.js';
import {
  againstFloatSteps,
  type Correct,
  type OutputError,
  outputError,
  realOutputs,
} from '../against-float.js';

/** Frames, and what a float network answers to them. */
export interface TestSet {
  readonly frames: RealFrames;
  readonly outputs: RealOutputs;
  /** Class of each utterance, or null. */
  readonly labels: Int32Array | null;
  /** Marks the frames that chose no formats; null: all did. */
  readonly heldOut: Uint8Array | null;
}

/** What a quantised network is worth on them. */
export interface Measured {
  /** Over every frame. */
  readonly error: OutputError;
  /** Over those that chose no formats; null where all did. */
  readonly heldOut: OutputError | null;
  readonly correct: Correct | null;
}

/** Runs the golden model on every frame of a set. */
export function* measureSteps(
  model: Model,
  { frames, outputs, labels, heldOut }: TestSet,
  tick?: (done: number, total: number) => void,
): Steps<Measured> {
  const against = yield* againstFloatSteps(model, outputs, frames, {
    labels,
    ...(tick && { tick }),
  });
  const { error, correct, golden } = against;
  if (heldOut === null) return { error, heldOut: null, correct };
  const kept = (of: RealOutputs): RealOutputs => ({
    width: of.width,
    outputs: valuesWhere(of.outputs, of.width, heldOut, 1),
  });
  return { error, heldOut: outputError(kept(realOutputs(model, golden)), kept(outputs)), correct };
}
