import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../generator/base/steps.js';
import { compressConfigSchema } from '../../../generator/network/compress/config.js';
import type { FormatChoices } from '../../../generator/network/compress/formats.js';
import { NOISE, noiseFrames } from '../../../generator/network/compress/noise.js';
import { type Prepared, prepareSteps } from '../../../generator/network/compress/prepare.js';
import { quantise, weightExponent } from '../../../generator/network/compress/quantise.js';
import { quantiseSteps } from '../../../generator/network/compress/quantise-network.js';
import type { RealFrames } from '../../../generator/network/float/run.js';
import { randomModel } from '../../../generator/network/random.js';
import { equalLengths } from '../../../generator/network/utterances.js';
import { floatOf, realFrames } from '../../support/float-models.js';
import { STANDARD_WORDS } from '../../support/kws.js';
import { refusal } from '../../support/refusal.js';
import { stackOf } from '../../support/stack.js';

const SHAPE = { inputs: 6, hidden: [8, 7], outputs: 3, sharing: 'shared', seed: 5 } as const;
const wide = { weight: 9, activation: 13, cell: 16, bias: 16 };
const dense = [{ kind: 'hcgs' as const, blocks: [], keep: [] }];
const source = floatOf(randomModel({ ...SHAPE, patterns: dense, words: wide }));

const prepared = (frames: RealFrames): Prepared =>
  atOnce(prepareSteps(source, { frames, fill: false, dense: true, file: 'net' }));

const ordinary = prepared(realFrames({ utterances: 2, frames: 20, inputs: 6 }, 3));

const quantised = (formats: FormatChoices, of = ordinary, words = STANDARD_WORDS) =>
  atOnce(quantiseSteps(of, { words, formats, provenance: {}, file: 'net' }));

describe('formats given by hand', () => {
  it('are taken as they are, and all others stay as calibrated', () => {
    const { model: free } = quantised({});
    const formats = {
      inputFraction: 9,
      layers: [{ xExponent: 3 }, { hExponent: 2, biasFraction: 11, cellFraction: 10 }],
      output: { exponent: 1, biasFraction: 7 },
    };
    const { model, tensors } = quantised(formats);
    expect(model.input.fraction).toBe(9);
    const [first, second] = stackOf(model).layers;
    expect([first?.x.exponent, first?.h.exponent]).toEqual([
      3,
      stackOf(free).layers[0]?.h.exponent,
    ]);
    expect(first?.biasFraction).toBe(stackOf(free).layers[0]?.biasFraction);
    expect([second?.x.exponent, second?.h.exponent]).toEqual([
      stackOf(free).layers[1]?.x.exponent,
      2,
    ]);
    expect([second?.biasFraction, second?.cellFraction]).toEqual([11, 10]);
    expect([stackOf(model).output?.weights.exponent, stackOf(model).output?.biasFraction]).toEqual([
      1, 7,
    ]);
    expect(tensors.map(({ name, fraction }) => [name, fraction])).toContainEqual(['fc.bias', 7]);
    // the codes follow the exponent
    const { codes } = quantise('w', source.layers[0]?.x.values as Float64Array, {
      bits: 6,
      fraction: 3,
    });
    expect([...(first?.x.codes ?? [])]).toEqual([...codes]);
  });

  it('of layers or an output layer that the network does not have are refused', () => {
    expect(refusal(() => quantised({ layers: [{}, {}, {}] }))).toMatchObject({
      code: 'FORMAT_LAYERS',
      field: 'layers',
      expected: 'formats of at most 2 layers',
      got: 3,
    });
    const bare = { ...ordinary, source: { ...source, output: null } };
    expect(refusal(() => quantised({ output: {} }, bare))).toMatchObject({
      code: 'FORMAT_LAYERS',
      field: 'output',
    });
  });

  it('that make a sum too long for exact numbers are refused', () => {
    expect(refusal(() => quantised({ layers: [{ xExponent: -20, hExponent: 32 }] }))).toMatchObject(
      { code: 'NOT_EXACT', field: 'layer 0 gate sums' },
    );
  });
});

describe('a range by percentage', () => {
  // one value in 240 is sixteen times as large as the others
  const plain = realFrames({ utterances: 2, frames: 20, inputs: 6 }, 3);
  const spiky = prepared({ ...plain, values: plain.values.map((v, i) => (i === 7 ? 15.5 : v)) });

  it('leaves rare values of x out, which then saturate', () => {
    const most = quantised({}, spiky);
    const few = quantised({ range: 99 }, spiky);
    expect(few.model.input.fraction).toBe(most.model.input.fraction + 4);
    expect([most, few].map(({ tensors }) => tensors[0]?.saturated)).toEqual([0, 1]);
  });

  it('narrows c, and leaves weights and biases alone', () => {
    const [most, half] = [quantised({}), quantised({ range: 50 })];
    stackOf(most.model).layers.forEach((layer, l) => {
      const other = stackOf(half.model).layers[l] as typeof layer;
      expect(other.cellFraction).toBeGreaterThan(layer.cellFraction);
      expect(other.biasFraction).toBe(layer.biasFraction);
      expect([...other.x.codes]).toEqual([...layer.x.codes]);
    });
  });

  it('of all values is the largest value', () => {
    expect(quantised({ range: 100 }, spiky)).toEqual(quantised({}, spiky));
  });
});

describe('the range of weights', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? 1.01 : 0.03 + i / 1e5));

  it('is that of the least squared error, of the maximum, or of a percentage', () => {
    expect(weightExponent(values, 6, 'max')).toBe(4); // [-2, 2)
    expect(weightExponent(values, 6, 99.9)).toBe(9); // [-1/16, 1/16)
    expect(weightExponent(values, 6, 100)).toBe(4);
    expect(weightExponent(values, 6, 'least-squares')).toBe(weightExponent(values, 6));
    expect(weightExponent(values, 6)).toBeGreaterThan(4);
  });

  it('does not matter where an exponent holds every weight exactly', () => {
    const exact = Float64Array.from([0.5, -0.25, 1, 0]);
    for (const range of ['least-squares', 'max', 50] as const) {
      expect(weightExponent(exact, 6, range)).toBe(2);
    }
  });

  it('counts zeros as no weights', () => {
    const sparse = new Float64Array(100_000);
    sparse.set(values);
    expect(weightExponent(sparse, 6, 99.9)).toBe(weightExponent(values, 6, 99.9));
  });

  it('reaches every matrix of the network, the output layer too', () => {
    const [least, most] = [quantised({}), quantised({ weightRange: 'max' })];
    for (const { name, saturated } of most.tensors) expect([name, saturated]).toEqual([name, 0]);
    const saturated = least.tensors.filter((tensor) => tensor.saturated > 0);
    expect(saturated.length).toBeGreaterThan(0);
    const few = quantised({ weightRange: 25 });
    expect(stackOf(few.model).output?.weights.exponent).toBeGreaterThan(
      stackOf(most.model).output?.weights.exponent as number,
    );
  });
});

describe('noise frames', () => {
  it('are normal, with the deviation asked for, and the same every time', () => {
    const { values, ...size } = noiseFrames(50, 2.5);
    const lengths = equalLengths(NOISE.utterances, NOISE.frames);
    expect(size).toEqual({ lengths, inputs: 50 });
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const rms = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(rms / 2.5).toBeGreaterThan(0.97);
    expect(rms / 2.5).toBeLessThan(1.03);
    const within = values.filter((v) => Math.abs(v) < 2.5).length / values.length;
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.02);
    expect(noiseFrames(50, 2.5).values).toEqual(values);
  });
});

describe('a configuration', () => {
  it('may leave everything out', () => {
    for (const config of [{}, { words: {} }, { layers: [{}] }, { output: {} }, { range: 'max' }]) {
      expect(compressConfigSchema.parse(config)).toEqual(config);
    }
  });

  it.each([
    [{ words: { weight: 17 } }, 'words.weight', 'a whole number, 2 to 16'],
    [{ words: { cell: 7 } }, 'words.cell', 'a whole number, 8 to 24'],
    [{ inputFraction: 33 }, 'inputFraction', 'a whole number, -32 to 32'],
    [{ layers: [{ xExponent: 0.5 }] }, 'layers.0.xExponent', 'a whole number, -32 to 32'],
    [{ output: { biasFraction: 'x' } }, 'output.biasFraction', 'a whole number, -32 to 32'],
    [{ range: 0 }, 'range', 'max or a percentage above 0, at most 100'],
    [{ range: 'least-squares' }, 'range', 'max or a percentage above 0, at most 100'],
    [{ range: Number.NaN }, 'range', 'max or a percentage above 0, at most 100'],
    [
      { weightRange: 'most' },
      'weightRange',
      'least-squares, max or a percentage above 0, at most 100',
    ],
  ])('%j is refused at %s', (config, field, expected) => {
    const issue = compressConfigSchema.safeParse(config).error?.issues[0];
    expect([issue?.path.join('.'), issue?.message]).toEqual([field, `expected ${expected}`]);
  });
});
