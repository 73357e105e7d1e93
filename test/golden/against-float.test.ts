import { describe, expect, it } from 'vitest';
import { atOnce } from '../../generator/base/steps.js';
import { againstFloatSteps, outputError } from '../../generator/golden/against-float.js';
import { GoldenNetwork, outputFractionBits } from '../../generator/golden/network.js';
import { prepareSteps } from '../../generator/network/compress/prepare.js';
import { quantiseSteps } from '../../generator/network/compress/quantise-network.js';
import { floatOutputSteps } from '../../generator/network/float/outputs.js';
import { FloatNetwork } from '../../generator/network/float/run.js';
import type { Model } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';
import { floatOf, realFrames } from '../support/float-models.js';
import {
  hasKws,
  kwsCompressed,
  kwsFrames,
  kwsLabels,
  kwsNetwork,
  STANDARD_WORDS,
} from '../support/kws.js';

const network = (outputs: number, seed: number) =>
  floatOf(
    randomModel({
      inputs: 6,
      hidden: [8, 7],
      patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
      sharing: 'shared',
      outputs,
      words: { weight: 8, activation: 13, cell: 16, bias: 12 },
      seed,
    }),
  );

const frames = realFrames({ utterances: 3, frames: 5, inputs: 6 }, 17);

/** Models of one network in several words, from one preparation. */
function quantised(outputs: number, weightBits: readonly number[]) {
  const source = network(outputs, 5);
  const file = 'net';
  const prepared = atOnce(prepareSteps(source, { frames, fill: false, dense: true, file }));
  const models = weightBits.map((weight) => {
    const words = { ...STANDARD_WORDS, weight };
    return atOnce(quantiseSteps(prepared, { words, provenance: {}, file })).model;
  });
  return { source, prepared, models };
}

describe('the golden model beside the float network', () => {
  it.each([3, 0])('gives the error of every output, with %i classes', (outputs) => {
    const { source, prepared, models } = quantised(outputs, [5]);
    const model = models[0] as Model;
    const float = new FloatNetwork(source);
    const golden = new GoldenNetwork(model);
    let [squares, largest, own, count] = [0, 0, 0, 0];
    for (let f = 0; f < 15; f++) {
      if (f % 5 === 0) {
        float.reset();
        golden.reset();
      }
      const x = frames.values.slice(6 * f, 6 * f + 6);
      const codes = x.map((value) => Math.floor(value * 2 ** model.input.fraction + 0.5));
      const expected = float.step(x).outputs;
      golden.step(codes).outputs.forEach((code, k) => {
        const real = expected[k] as number;
        const error = Math.abs(code / 2 ** outputFractionBits(model) - real);
        squares += error ** 2;
        own += real ** 2;
        largest = Math.max(largest, error);
        count++;
      });
    }
    const { error, correct } = atOnce(
      againstFloatSteps(model, prepared.calibration.outputs, frames),
    );
    expect(error.rms).toBeCloseTo(Math.sqrt(squares / count), 12);
    expect(error.largest).toBeCloseTo(largest, 12);
    expect(error.referenceRms).toBeCloseTo(Math.sqrt(own / count), 12);
    expect(error.relativeRms).toBeCloseTo(Math.sqrt(squares / own), 12);
    expect(error.relativeLargest).toBeCloseTo(largest / Math.sqrt(own / count), 12);
    expect(correct).toBeNull();
  });

  it('finds a smaller error with more bits', () => {
    const { prepared, models } = quantised(3, [3, 5, 8]);
    const errors = models.map(
      (model) => atOnce(againstFloatSteps(model, prepared.calibration.outputs, frames)).error.rms,
    );
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(errors[2]).toBeLessThan(0.01);
  });

  it('takes the outputs of a calibration, which are those of a float run', () => {
    const { source, prepared } = quantised(3, []);
    expect(atOnce(floatOutputSteps(source, frames))).toEqual(prepared.calibration.outputs);
  });

  it('counts the decisions of both', () => {
    const { prepared, models } = quantised(3, [2]);
    const reference = prepared.calibration.outputs;
    const last = (u: number) => [...reference.outputs.slice((5 * u + 4) * 3, (5 * u + 5) * 3)];
    const labels = Int32Array.from([0, 1, 2], (u) => last(u).indexOf(Math.max(...last(u))));
    const { correct, golden } = atOnce(
      againstFloatSteps(models[0] as Model, reference, frames, { labels }),
    );
    const own = [0, 1, 2].filter((u) => {
      const outputs = [...golden.outputs.slice((5 * u + 4) * 3, (5 * u + 5) * 3)];
      return outputs.indexOf(Math.max(...outputs)) === labels[u];
    });
    expect(correct).toEqual({ utterances: 3, float: 3, quantised: own.length });
  });

  it('counts input values that the format does not hold', () => {
    const { prepared, models } = quantised(3, [6]);
    const first = models[0] as Model;
    const model = { ...first, input: { ...first.input, fraction: 13 } }; // [-0.5, 0.5)
    const { frames: read } = atOnce(againstFloatSteps(model, prepared.calibration.outputs, frames));
    const beyond = frames.values.filter(
      (value) => value < -0.5 - 2 ** -14 || value >= 0.5 - 2 ** -14,
    );
    expect(read.saturated).toBe(beyond.length);
    expect(read.saturated).toBeGreaterThan(0);
  });

  it('has no relative error where the reference is zero, and refuses another number of outputs', () => {
    const of = (...outputs: number[]) => ({ width: 2, outputs: Float64Array.from(outputs) });
    expect(outputError(of(3, -4), of(0, 0))).toMatchObject({
      largest: 4,
      relativeRms: null,
      relativeLargest: null,
    });
    expect(() => outputError(of(1), of(1, 2))).toThrow(/expected 2 outputs, got 1/);
  });
});

describe.skipIf(!hasKws)('a trained keyword-spotting network', () => {
  it('keeps its accuracy and nearly its outputs', () => {
    const real = kwsFrames('synth');
    const labels = kwsLabels('synth');
    const source = kwsNetwork('V16_q6');
    const { model } = kwsCompressed('V16_q6');
    const reference = atOnce(floatOutputSteps(source, real));
    const { correct, error } = atOnce(againstFloatSteps(model, reference, real, { labels }));
    expect(correct).toEqual({ utterances: 32, float: 32, quantised: 32 });
    expect(error.relativeRms).toBeLessThan(0.01);
  });
});
