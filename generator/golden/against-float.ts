import type { Steps } from '../base/steps.js';
import type { RealOutputs } from '../network/float/outputs.js';
import type { RealFrames } from '../network/float/run.js';
import { codesOfReal, type Frames, inputFormat } from '../network/frames.js';
import type { Model } from '../network/model.js';
import { framesIn, type Utterances } from '../network/utterances.js';
import { outputFractionBits } from './network.js';
import { correctDecisions, decisions, type GoldenRun, goldenSteps } from './run.js';
import { type SumPeaks, SumWatch } from './sum-peaks.js';

/** How far outputs lie from those of a reference, over every output of every frame. */
export interface OutputError {
  /** Root mean square and largest magnitude of the difference, in the unit of the reference. */
  readonly rms: number;
  readonly largest: number;
  /** Root mean square of the outputs of the reference. */
  readonly referenceRms: number;
  /** The first two divided by `referenceRms`; null where that is zero. */
  readonly relativeRms: number | null;
  readonly relativeLargest: number | null;
}

/** Utterances decided as labelled. */
export interface Correct {
  readonly utterances: number;
  readonly float: number;
  readonly quantised: number;
}

/** The quantised network beside the float network on the same frames. */
export interface AgainstFloat {
  readonly error: OutputError;
  /** Null without labels. */
  readonly correct: Correct | null;
  /** Frames as the quantised network reads them, with the number of clamped values. */
  readonly frames: Frames;
  readonly golden: GoldenRun;
  /** Largest sums of each layer; null when they were not asked for. */
  readonly peaks: readonly SumPeaks[] | null;
}

export interface AgainstFloatOptions {
  /** Class of each utterance. */
  readonly labels?: Int32Array | null | undefined;
  /** Look for the largest sums, which takes half as long again. */
  readonly sums?: boolean;
  /** Told after each frame. */
  readonly tick?: (done: number, total: number) => void;
}

/**
 * Runs the golden model on real frames and compares its outputs with those of a float network on the same frames
 * (`floatOutputSteps`, or the outputs of a calibration): any float network of as many outputs, so that for a pruned
 * network the original gives the loss of pruning and quantisation, and the masked one that of quantisation alone.
 */
export function* againstFloatSteps(
  model: Model,
  reference: RealOutputs,
  real: RealFrames,
  { labels, sums = false, tick = () => undefined }: AgainstFloatOptions = {},
): Steps<AgainstFloat> {
  const { lengths, inputs, values } = real;
  const frames: Frames = { lengths, inputs, ...codesOfReal(values, inputFormat(model)) };
  const total = framesIn(real);
  const watch = sums ? new SumWatch(model, frames) : null;
  const golden = yield* goldenSteps(model, frames, (frame, index) => {
    watch?.visit(frame, index);
    tick(index + 1, total);
  });
  return {
    error: outputError(realOutputs(model, golden), reference),
    correct: labels ? correctOf(golden, reference, frames, labels) : null,
    frames,
    golden,
    peaks: watch?.peaks() ?? null,
  };
}

/** Outputs of the golden model as real numbers. */
export function realOutputs(model: Model, { width, outputs }: RealOutputs): RealOutputs {
  const step = 2 ** -outputFractionBits(model);
  return { width, outputs: outputs.map((code) => code * step) };
}

/** @throws RangeError when there are not as many outputs on both sides. */
export function outputError({ outputs }: RealOutputs, reference: RealOutputs): OutputError {
  if (outputs.length !== reference.outputs.length) {
    throw new RangeError(`expected ${reference.outputs.length} outputs, got ${outputs.length}`);
  }
  let [squares, largest, referenceSquares] = [0, 0, 0];
  outputs.forEach((value, i) => {
    const expected = reference.outputs[i] as number;
    const error = Math.abs(value - expected);
    squares += error * error;
    referenceSquares += expected * expected;
    if (error > largest) largest = error;
  });
  const rms = Math.sqrt(squares / outputs.length);
  const referenceRms = Math.sqrt(referenceSquares / outputs.length);
  const relative = (value: number) => (referenceRms === 0 ? null : value / referenceRms);
  return {
    rms,
    largest,
    referenceRms,
    relativeRms: relative(rms),
    relativeLargest: relative(largest),
  };
}

function correctOf(
  golden: RealOutputs,
  reference: RealOutputs,
  frames: Utterances,
  labels: Int32Array,
): Correct {
  const count = (outputs: RealOutputs) => correctDecisions(decisions(outputs, frames), labels);
  return { utterances: frames.lengths.length, float: count(reference), quantised: count(golden) };
}
