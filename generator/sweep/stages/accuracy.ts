import { unexpected } from '../../base/errors.js';
import { inSlices } from '../../base/steps.js';
import { againstFloatSteps } from '../../golden/against-float.js';
import { correctDecisions, decisions, goldenSteps } from '../../golden/run.js';
import { codesOf } from '../../network/data/frame-set.js';
import { readLabels } from '../../network/data/read-labels.js';
import { floatOutputSteps, type RealOutputs } from '../../network/float/outputs.js';
import type { RealFrames } from '../../network/float/run.js';
import { inputFormat } from '../../network/frames.js';
import { programOf } from '../../network/program.js';
import { unchangedBytes } from '../space/files.js';
import { readUnchangedFrames } from './frames.js';
import type { Found, Stage, WorkPoint } from './stage.js';

/** The golden model on recorded frames: decisions as labelled, and the distance from the trained network. */
export const accuracyStage: Stage = {
  name: 'accuracy',
  figures: [
    { name: 'accuracy', what: 'share of utterances decided as labelled' },
    { name: 'floatAccuracy', what: 'the same of the trained network' },
    {
      name: 'relativeError',
      what: 'r.m.s. error of the outputs by the r.m.s. of those of the trained network',
    },
  ],
  depends: ({ trial: { frames, labels } }) => ({ frames, labels }),
  run: measured,
  memoryMb: 900,
};

async function measured({ point, network }: WorkPoint): Promise<Found> {
  const { frames: file, labels: answers } = point.trial;
  const { model, prepared } = await network();
  if (file === null) {
    throw unexpected({
      ...{ code: 'SWEEP_SPACE', field: 'networks.frames' },
      expected: 'frames for the stage accuracy',
      got: 'none',
    });
  }
  const format = inputFormat(model);
  const set = await readUnchangedFrames(file, format.inputs);
  if (answers !== null) await unchangedBytes(answers);
  const classes = programOf(model).output.length;
  const labels = answers === null ? null : await readLabels(answers.path, set, classes);
  if (prepared === null) {
    const codes = codesOf(set, format);
    const run = await inSlices(goldenSteps(model, codes));
    const accuracy = labels && correctDecisions(decisions(run, codes), labels) / labels.length;
    return { outcome: 'passed', figures: { accuracy, floatAccuracy: null, relativeError: null } };
  }
  const { frames: calibrated, outputs } = prepared.calibration;
  const reference = sameFrames(calibrated, set)
    ? outputs
    : await inSlices(floatOutputSteps(prepared.source, set));
  return against(model, reference, set, labels);
}

async function against(
  model: Parameters<typeof againstFloatSteps>[0],
  reference: RealOutputs,
  frames: RealFrames,
  labels: Int32Array | null,
): Promise<Found> {
  const { error, correct } = await inSlices(
    againstFloatSteps(model, reference, frames, { labels }),
  );
  return {
    outcome: 'passed',
    figures: {
      accuracy: correct && correct.quantised / correct.utterances,
      floatAccuracy: correct && correct.float / correct.utterances,
      relativeError: error.relativeRms,
    },
  };
}

/** Whether the calibration ran on these frames: its outputs are the reference then. */
function sameFrames(a: RealFrames, b: RealFrames): boolean {
  return (
    a.values.length === b.values.length &&
    a.lengths.every((length, u) => length === b.lengths[u]) &&
    a.values.every((value, i) => value === b.values[i])
  );
}
