import { describe, expect, it } from 'vitest';
import { atOnce } from '../../generator/base/steps.js';
import { pruningLossSteps } from '../../generator/golden/pruning-loss.js';
import type { FloatModel } from '../../generator/network/float/model.js';
import { floatOutputSteps } from '../../generator/network/float/outputs.js';
import { randomModel } from '../../generator/network/random.js';
import { selectPattern } from '../../generator/network/select/select.js';
import { floatOf, realFrames } from '../support/float-models.js';
import { STANDARD_WORDS } from '../support/kws.js';

const network = (outputs: number) =>
  floatOf(
    randomModel({
      inputs: 8,
      hidden: [16],
      patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
      sharing: 'shared',
      outputs,
      words: STANDARD_WORDS,
      seed: 3,
    }),
  );
const frames = realFrames({ utterances: 5, frames: 6, inputs: 8 }, 4);
const outputs = (model: FloatModel) => atOnce(floatOutputSteps(model, frames));
const half = (model: FloatModel) =>
  selectPattern(model, {
    by: 'magnitude',
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
    sharing: 'shared',
    seed: 1,
  });

describe('the loss of pruning', () => {
  it('is none where nothing was dropped', () => {
    const whole = network(3);
    const loss = atOnce(pruningLossSteps(whole, outputs(whole), frames, null));
    expect(loss.error).toMatchObject({ rms: 0, largest: 0, relativeRms: 0 });
    expect(loss).toMatchObject({ sameDecisions: 5, correct: null, utterances: 5 });
  });

  it('is the difference of the outputs, and the decisions that stay', () => {
    const whole = network(3);
    const pruned = half(whole);
    const [a, b] = [outputs(whole).outputs, outputs(pruned).outputs];
    // the decision of an utterance is the arg max of its last frame, by its definition
    const decided = (values: Float64Array) =>
      Array.from({ length: 5 }, (_, u) => {
        const last = [...values.subarray((u * 6 + 5) * 3, (u * 6 + 6) * 3)];
        return last.indexOf(Math.max(...last));
      });
    const labels = Int32Array.from(decided(a), (label, u) => (u === 0 ? (label + 1) % 3 : label));
    const loss = atOnce(pruningLossSteps(whole, outputs(pruned), frames, labels));
    const squares = a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0);
    expect(loss.error.rms).toBeCloseTo(Math.sqrt(squares / a.length), 12);
    expect(loss.error.rms).toBeGreaterThan(0);
    const after = decided(b);
    expect(loss.sameDecisions).toBe(after.filter((label, u) => label === decided(a)[u]).length);
    expect(loss.correct).toEqual({
      whole: 4,
      pruned: after.filter((label, u) => label === labels[u]).length,
    });
  });

  it('counts no decisions where the outputs are no classes', () => {
    for (const count of [0, 1]) {
      const whole = network(count);
      const loss = atOnce(pruningLossSteps(whole, outputs(half(whole)), frames, null));
      expect(loss.sameDecisions).toBeNull();
    }
  });
});
