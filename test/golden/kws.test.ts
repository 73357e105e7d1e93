import { describe, expect, it } from 'vitest';
import { outputFractionBits } from '../../generator/golden/network.js';
import { correctDecisions, decisions, runGolden } from '../../generator/golden/run.js';
import { codesOf, frameArray } from '../../generator/network/data/frame-set.js';
import { inputFormat } from '../../generator/network/frames.js';
import type { Model } from '../../generator/network/model.js';
import { hasKws, kwsCompressed, kwsFrames, kwsLabels, kwsNpy } from '../support/kws.js';

/** Correct clips of the quantised networks, as their authors measured them. */
const COUNTS = [
  ['V0_q6', 176, 27],
  ['V4_q6', 168, 27],
  ['V8_q6', 163, 27],
  ['V16_q6', 165, 32],
] as const;

function correct(model: Model, set: string): number {
  const frames = codesOf(kwsFrames(set), inputFormat(model));
  const labels = kwsLabels(set);
  return correctDecisions(decisions(runGolden(model, frames), frames), labels);
}

describe.skipIf(!hasKws)('trained keyword-spotting networks', () => {
  it.each(COUNTS)(
    '%s recognises %i of 204 and %i of 32 clips, two more or less',
    (name, val, synth) => {
      const { model } = kwsCompressed(name);
      expect(Math.abs(correct(model, 'val') - val)).toBeLessThanOrEqual(2);
      expect(Math.abs(correct(model, 'synth') - synth)).toBeLessThanOrEqual(2);
    },
  );

  it.each(['V8', 'V16'])('%s stays near an evaluation with exact functions', (name) => {
    const { model } = kwsCompressed(`${name}_q6`);
    const array = kwsNpy('val_frames');
    const first = { ...array, shape: [20, 25, 64], data: array.data.slice(0, 20 * 25 * 64) };
    const frames = codesOf(frameArray(first, { inputs: 64, file: 'val' }), inputFormat(model));
    const reference = [0, 1].map((l) => kwsNpy(`ref_${name}_q6_qact_h${l}`).data);
    let [largest, squares] = [0, 0];
    const run = runGolden(model, frames, ({ layers }, index) => {
      layers.forEach(({ value }, l) => {
        value.forEach((code, k) => {
          const error = Math.abs(code / 4096 - (reference[l]?.[index * 128 + k] ?? Number.NaN));
          largest = Math.max(largest, error);
          squares += error * error;
        });
      });
    });
    expect(largest).toBeLessThan(0.02);
    expect(Math.sqrt(squares / (2 * 500 * 128))).toBeLessThan(0.002);
    const logits = kwsNpy(`ref_${name}_q6_qact_logits`).data;
    const step = 2 ** -outputFractionBits(model);
    logits.forEach((value, i) => {
      const [clip, k] = [Math.floor(i / 12), i % 12];
      const own = (run.outputs[(clip * 25 + 24) * 12 + k] as number) * step;
      expect(Math.abs(own - value)).toBeLessThan(0.05);
    });
  });
});
