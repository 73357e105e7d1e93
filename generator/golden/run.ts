import { atOnce, type Steps } from '../base/steps.js';
import type { Frames } from '../network/frames.js';
import { largestOutput } from '../network/limits.js';
import { runsBackward } from '../network/loops.js';
import type { Model } from '../network/model.js';
import { programOf } from '../network/program.js';
import { framesIn, type Utterances } from '../network/utterances.js';
import { type GoldenFrame, GoldenNetwork, type Saturations } from './network.js';

/** What a run over frames leaves behind. */
export interface GoldenRun {
  /** Values in one frame of outputs. */
  readonly width: number;
  /** [frame][output], utterances one after the other. */
  readonly outputs: Float64Array;
  /** Of all layers together. */
  readonly saturations: Readonly<Saturations>;
  /** Of each recurrent layer. */
  readonly layerSaturations: readonly Readonly<Saturations>[];
}

/**
 * Runs every utterance from its start. `visit` sees each frame, numbered over all utterances.
 */
export function runGolden(
  model: Model,
  input: Frames,
  visit?: (frame: GoldenFrame, index: number) => void,
): GoldenRun {
  return atOnce(goldenSteps(model, input, visit));
}

/** The same, frame by frame; where passes run backward utterance by utterance, of which one is kept at a time. */
export function* goldenSteps(
  model: Model,
  input: Frames,
  visit: (frame: GoldenFrame, index: number) => void = () => undefined,
): Steps<GoldenRun> {
  const golden = new GoldenNetwork(model);
  const program = programOf(model);
  const whole = runsBackward(program);
  const { length: width } = program.output;
  const { lengths, inputs, codes } = input;
  const outputs = new Float64Array(framesIn(input) * width);
  const codesOf = (frame: number) => codes.subarray(frame * inputs, (frame + 1) * inputs);
  let index = 0;
  for (const length of lengths) {
    golden.reset();
    const first = index;
    const all = Array.from({ length: whole ? length : 0 }, (_, t) => codesOf(first + t));
    const done = yield* golden.utteranceSteps(all);
    for (const end = first + length; index < end; index++) {
      const frame = done[index - first] ?? golden.step(codesOf(index));
      outputs.set(frame.outputs, index * width);
      visit(frame, index);
      yield;
    }
  }
  const { saturations, layerSaturations } = golden;
  return { width, outputs, saturations, layerSaturations };
}

/** Class of every utterance: arg max of the outputs of its last frame, ties to the lowest class. */
export function decisions(
  { outputs, width }: Pick<GoldenRun, 'outputs' | 'width'>,
  { lengths }: Utterances,
): Int32Array {
  let next = 0;
  return lengths.map((length) => {
    next += length;
    const start = (next - 1) * width;
    let best = 0;
    for (let k = 1; k < width; k++) {
      if ((outputs[start + k] as number) > (outputs[start + best] as number)) best = k;
    }
    return best;
  });
}

/** How many decisions agree with the labels. */
export function correctDecisions(decided: Int32Array, labels: Int32Array): number {
  return decided.reduce((count, decision, u) => (decision === labels[u] ? count + 1 : count), 0);
}

/** Integer type of an output file: int32 where every output that the shape allows fits, else int64. */
export function outputType(model: Model): 'int32' | 'int64' {
  return largestOutput(model) < 2 ** 31 ? 'int32' : 'int64';
}
