import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../generator/base/steps.js';
import { againstFloatSteps } from '../../../generator/golden/against-float.js';
import { compress } from '../../../generator/network/compress/compress.js';
import { modelBytes, parseModel } from '../../../generator/network/compressed-model.js';
import type { FloatLayer, FloatModel } from '../../../generator/network/float/model.js';
import { floatOutputSteps } from '../../../generator/network/float/outputs.js';
import type { Model, ModelPass } from '../../../generator/network/model.js';
import { randomFloat, realFrames } from '../../support/float-models.js';
import { refusal } from '../../support/refusal.js';

const frames = realFrames({ utterances: 2, frames: 20, inputs: 5 }, 9, 2);
const drawn = randomFloat({ inputs: 5, cells: [8, 6], outputs: 3 }, 12);
const WORDS = { weight: 14, activation: 15, cell: 20, bias: 18 };

/** The first layer clips its sums there. */
const network = (sumClip?: number): FloatModel => ({
  ...drawn,
  layers: drawn.layers.map((layer, l) => (l === 0 ? { ...layer, sumClip } : layer)),
});

const compressed = (source: FloatModel, tableBits = 12): Model =>
  compress(source, {
    ...{ words: WORDS, tableBits, frames, fill: false, dense: true, provenance: {}, file: 'net' },
  }).model;

const clips = ({ passes }: Model) => passes.map(({ clip }) => clip);

describe('a clip of sums', () => {
  it('becomes the nearest code of a table input, of its own layer alone', () => {
    expect(clips(compressed(network(0.7)))).toEqual([717, undefined, undefined]);
    expect(clips(compressed(network(0.7), 16))).toEqual([11469, undefined, undefined]);
    const before = network(0.7).layers.map((layer): FloatLayer => {
      const { x, h, bias, cells } = layer;
      const less = ({ name, values }: typeof x) => ({
        name,
        values: values.slice(0, (3 * values.length) / 4),
      });
      const own = {
        x: less(x),
        h: h && less(h),
        bias: { ...bias, values: bias.values.slice(0, 3 * cells) },
      };
      return { ...layer, ...own, cell: 'gru', reset: 'before' };
    });
    const both = clips(compressed({ ...network(), layers: before }));
    expect(both).toEqual([717, 717, undefined, undefined, undefined]);
  });

  it('is left out where the tables end before it', () => {
    expect(clips(compressed(network(8)))).toEqual([undefined, undefined, undefined]);
    expect(clips(compressed(network(7.999)))[0]).toBeUndefined();
    expect(clips(compressed(network(7.998)))[0]).toBe(8190);
    expect(clips(compressed(network(10), 13))[0]).toBe(20480);
  });

  it('is refused where it is nearer to zero than to a step of a table input', () => {
    const report = refusal(() => compressed(network(0.0004)));
    expect(report).toMatchObject({ code: 'QUANTISE_RANGE', got: 0.0004 });
    expect(clips(compressed(network(0.0005)))[0]).toBe(1);
  });

  it.each([0.3, 1, 2.5])('at %d is computed as the float network has it', (clip) => {
    const float = atOnce(floatOutputSteps(network(clip), frames));
    const error = (model: Model) =>
      atOnce(againstFloatSteps(model, float, frames)).error.relativeRms as number;
    expect(error(compressed(network(clip), 16))).toBeLessThan(0.002);
    expect(error(compressed(network(), 16))).toBeGreaterThan(0.01);
  });

  it('stands in the file', () => {
    const model = compressed(network(0.7));
    expect(clips(parseModel(modelBytes(model), 'own'))).toEqual([717, undefined, undefined]);
  });

  it.each([
    [0, { clip: 0 }, 'a code from 1 to 8191'],
    [0, { clip: 8192 }, 'a code from 1 to 8191'],
    [0, { clip: 1.5 }, 'a code from 1 to 8191'],
    [2, { clip: 5 }, 'none, as dense has no sums to clip'],
  ] as const)('is refused in pass %i as %j', (at, change, expected) => {
    const model = compressed(network(0.7));
    const passes = model.passes.map(
      (pass, n): ModelPass => (n === at ? { ...pass, ...change } : pass),
    );
    const report = refusal(() => modelBytes({ ...model, passes }));
    expect(report).toMatchObject({ code: 'MODEL_INVALID', field: `pass.${at}.clip`, expected });
  });
});

describe('the ceiling of an RNN with ReLU', () => {
  const rnn: FloatModel = {
    layers: [
      {
        ...{ cell: 'rnn-relu', inputs: 5, cells: 6, range: { low: 0, high: 0.75 } },
        x: { name: 'x', values: Float64Array.from({ length: 30 }, (_, n) => Math.sin(n)) },
        h: { name: 'h', values: Float64Array.from({ length: 36 }, (_, n) => Math.cos(n) / 2) },
        bias: { name: 'b', values: new Float64Array(6) },
      },
    ],
    output: null,
  };

  it('is a code of its values', () => {
    const model = compressed(rnn);
    const [{ range, valueFraction }] = model.passes as [ModelPass];
    expect(range).toEqual({ low: 0, high: 0.75 * 2 ** (valueFraction as number) });
    const float = atOnce(floatOutputSteps(rnn, frames));
    expect(Math.max(...float.outputs)).toBe(0.75);
    expect(atOnce(againstFloatSteps(model, float, frames)).error.relativeRms).toBeLessThan(0.002);
    expect(parseModel(modelBytes(model), 'own').passes[0]?.range).toEqual(range);
  });

  it('comes with a floor of zero', () => {
    const model = compressed(rnn);
    const passes = model.passes.map((pass) => ({ ...pass, range: { low: -1, high: 5 } }));
    const report = refusal(() => modelBytes({ ...model, passes }));
    expect(report).toMatchObject({ code: 'MODEL_INVALID', field: 'pass.0.range.low', expected: 0 });
  });
});
