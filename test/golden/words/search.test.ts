import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../generator/base/steps.js';
import { measureSteps, type TestSet } from '../../../generator/golden/measure/measure.js';
import { type Measurer, measurerFor } from '../../../generator/golden/measure/measurer.js';
import { CHOSEN, type Lengths, LIMITS } from '../../../generator/golden/words/candidate.js';
import { searchWords } from '../../../generator/golden/words/search.js';
import type { Target } from '../../../generator/golden/words/target.js';
import { heldOutFrames } from '../../../generator/network/compress/held-out.js';
import { type Prepared, prepareSteps } from '../../../generator/network/compress/prepare.js';
import { quantiseSteps } from '../../../generator/network/compress/quantise-network.js';
import type { FloatModel } from '../../../generator/network/float/model.js';
import type { RealFrames } from '../../../generator/network/float/run.js';
import { randomFloat, realFrames } from '../../support/float-models.js';

const file = 'net';

function prepare(source: FloatModel, frames: RealFrames): Prepared {
  const heldOut = heldOutFrames(frames, file);
  const request = { fill: false, dense: true, frames, file, heldOut };
  return atOnce(prepareSteps(source, request));
}

function testSet({ calibration }: Prepared, labels: Int32Array | null = null): TestSet {
  const { frames, outputs, heldOut } = calibration;
  return { frames, outputs, labels, heldOut };
}

/** Without threads, whatever the size. */
function inline(set: TestSet): Measurer {
  return {
    measure: async (model) => atOnce(measureSteps(model, set)),
    width: 2,
    close: async () => undefined,
  };
}

function search(
  prepared: Prepared,
  target: Target,
  { fixed = {}, labels = null }: { fixed?: Partial<Lengths>; labels?: Int32Array | null } = {},
) {
  const measurer = inline(testSet(prepared, labels));
  return searchWords(prepared, measurer, { target, fixed, formats: {}, file });
}

/** The larger of the errors on all frames and on those held out. */
function errorOf(prepared: Prepared, lengths: Lengths, formats = {}): number {
  const { table: tableBits, ...words } = lengths;
  const { model } = atOnce(
    quantiseSteps(prepared, { words, tableBits, formats, provenance: {}, file }),
  );
  const { error, heldOut } = atOnce(measureSteps(model, testSet(prepared)));
  return Math.max(error.relativeRms as number, heldOut?.relativeRms as number);
}

describe('a search for word lengths', () => {
  const source = randomFloat({ inputs: 3, cells: [6, 5], outputs: 2 }, 11);
  const prepared = prepare(source, realFrames({ utterances: 4, frames: 12, inputs: 3 }, 12));

  it.each([0.02, 0.005])(
    'meets an error of %s, and with one bit less anywhere it would not',
    async (limit) => {
      const found = await search(prepared, { kind: 'error', limit });
      expect(found.reached).toBe(true);
      expect(errorOf(prepared, found.words, found.formats)).toBeLessThanOrEqual(limit);
      expect(found.less.map(({ word }) => word)).toEqual(
        CHOSEN.filter((word) => found.words[word] > LIMITS[word][0]),
      );
      for (const { error } of found.less) expect(error).toBeGreaterThan(limit);
      for (const word of ['activation', 'cell', 'bias'] as const) {
        const bits = found.words[word] - 1;
        const one = found.less.find((less) => less.word === word);
        if (one !== undefined) expect(one.bits).toBe(bits);
      }
    },
  );

  it('keeps words that are given', async () => {
    const found = await search(
      prepared,
      { kind: 'error', limit: 0.02 },
      { fixed: { weight: 12, cell: 20 } },
    );
    expect(found.words).toMatchObject({ weight: 12, cell: 20 });
    expect(found.less.map(({ word }) => word)).toEqual(['activation', 'bias']);
  });

  it.each([
    ['rnn-tanh', ['weight', 'activation', 'table', 'bias'], { cell: 16 }],
    ['rnn-relu', ['weight', 'activation', 'bias'], { cell: 16, table: 12 }],
  ] as const)('tries no word that a network of %s has no use for', async (cell, tried, left) => {
    const layers = source.layers.map((layer) => {
      const first = ({ name, values }: typeof layer.x) => ({
        name,
        values: Float64Array.from(values.slice(0, values.length / 4)),
      });
      return {
        ...layer,
        cell,
        x: first(layer.x),
        h: layer.h && first(layer.h),
        bias: first(layer.bias),
      };
    });
    const plain = prepare(
      { ...source, layers },
      realFrames({ utterances: 4, frames: 12, inputs: 3 }, 12),
    );
    const found = await search(plain, { kind: 'error', limit: 0.02 });
    expect(found.reached).toBe(true);
    expect(found.words).toMatchObject(left);
    expect(tried).toEqual(expect.arrayContaining(found.less.map(({ word }) => word)));
  });

  it('gives the best that there is where nothing is good enough', async () => {
    const found = await search(prepared, { kind: 'error', limit: 1e-9 });
    expect(found.reached).toBe(false);
    expect(found.less).toEqual([]);
    expect(found.measured?.error.relativeRms).toBeLessThan(0.01);
  });

  it('loses no more decisions than it may', async () => {
    const labels = Int32Array.of(0, 1, 1, 0);
    const found = await search(prepared, { kind: 'accuracy-loss', limit: 0 }, { labels });
    const { float, quantised } = found.measured?.correct ?? { float: -1, quantised: -2 };
    expect(quantised).toBeGreaterThanOrEqual(float);
    const { weight, activation } = found.words;
    expect(weight + activation).toBeLessThan(20);
  });

  it('widens ranges that frames held out leave', async () => {
    const frames = realFrames({ utterances: 2, frames: 20, inputs: 3 }, 13);
    // the second utterance is held out
    const loud = frames.values.map((value, i) => (i >= 60 ? 1.2 * value : 0.2 * value));
    const found = await search(prepare(source, { ...frames, values: loud }), {
      kind: 'error',
      limit: 0.02,
    });
    expect(found.reached).toBe(true);
    expect(found.headroom[0]).toBeGreaterThanOrEqual(2);
  });

  it('chooses exponents by the outputs where least squares is worse', async () => {
    // small weights of an input that never moves draw least squares to a range that the others do not need
    const [layer] = source.layers as [FloatModel['layers'][number]];
    const quiet = { ...source, layers: [spread(layer), ...source.layers.slice(1)] };
    const still = realFrames({ utterances: 2, frames: 30, inputs: 3 }, 14);
    const values = still.values.map((value, i) => (i % 3 === 2 ? 0 : value));
    const own = prepare(quiet, { ...still, values });
    const found = await search(
      own,
      { kind: 'error', limit: 0.012 },
      { fixed: { activation: 16, cell: 24, bias: 24 } },
    );
    expect(found.reached).toBe(true);
    expect(found.exponents.length).toBeGreaterThan(0);
    // with the exponents of least squares these words miss the target
    const { inputFraction, layers = [] } = found.formats;
    const plain = { inputFraction, layers: layers.map(({ cellFraction }) => ({ cellFraction })) };
    expect(errorOf(own, found.words, plain)).toBeGreaterThan(0.012);
  });
});

/** Weights of the last input far larger than the others. */
function spread(layer: FloatModel['layers'][number]): FloatModel['layers'][number] {
  const values = Float64Array.from(layer.x.values, (value, i) =>
    i % layer.inputs === layer.inputs - 1 ? 30 * value : value,
  );
  return { ...layer, x: { ...layer.x, values } };
}

describe('a measurer', () => {
  it('gives in threads what it gives without', async () => {
    const source = randomFloat({ inputs: 20, cells: [60], outputs: 4 }, 21);
    const own = prepare(source, realFrames({ utterances: 4, frames: 100, inputs: 20 }, 22));
    const set = testSet(own);
    const measurer = measurerFor(set, source);
    try {
      const words = { weight: 6, activation: 10, cell: 16, bias: 12 };
      const models = [4, 6, 8].map(
        (weight) =>
          atOnce(quantiseSteps(own, { words: { ...words, weight }, provenance: {}, file })).model,
      );
      const measured = await Promise.all(models.map((model) => measurer.measure(model)));
      expect(measured).toEqual(models.map((model) => atOnce(measureSteps(model, set))));
    } finally {
      await measurer.close();
    }
  });
});
