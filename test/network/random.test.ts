import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { runGolden } from '../../generator/golden/run.js';
import { alignSums } from '../../generator/network/arithmetic.js';
import { modelBytes } from '../../generator/network/compressed-model.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { modelSummary } from '../../generator/network/summary.js';
import { refusal } from '../support/refusal.js';
import { stackOf } from '../support/stack.js';

const base: RandomOptions = {
  inputs: 128,
  hidden: [128, 128],
  patterns: [
    {
      kind: 'hcgs' as const,
      blocks: [32, 4],
      keep: [
        { k: 4, n: 16 },
        { k: 2, n: 8 },
      ],
    },
  ],
  sharing: 'shared',
  outputs: 0,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
};

describe('a random network', () => {
  it('is the same for the same seed and another for another', () => {
    expect(modelBytes(randomModel(base))).toEqual(modelBytes(randomModel(base)));
    expect(modelBytes(randomModel({ ...base, seed: 2 }))).not.toEqual(
      modelBytes(randomModel(base)),
    );
  });

  it('keeps the published number of weights', () => {
    const published = { ...base, inputs: 512, hidden: [512, 512, 512] };
    expect(modelSummary(randomModel(published))).toMatchObject({
      weights: 6_291_456,
      keptWeights: 393_216,
    });
  });

  it('counts 4 of 16 of 14 blocks as 4, and not the padding', () => {
    const { layers } = modelSummary(randomModel({ ...base, inputs: 440 }));
    expect(layers[0]?.x.keep).toEqual([4, 2]);
    expect(layers[0]?.x.stored).toBe(4 * 128 * 4 * 2 * 4);
    expect(layers[0]?.x.kept).toBeLessThanOrEqual(layers[0]?.x.stored ?? 0);
  });

  it('uses every weight code, in every gate', () => {
    const [layer] = stackOf(randomModel(base)).layers;
    const gate = (layer?.x.codes.length ?? 0) / 4;
    for (let g = 0; g < 4; g++) {
      const codes = new Set(layer?.x.codes.slice(g * gate, (g + 1) * gate));
      expect(codes.size).toBe(64);
    }
  });

  it('may have a pattern for each gate and for each layer', () => {
    const patterns = [{ kind: 'hcgs' as const, blocks: [], keep: [] }, ...base.patterns];
    const { layers } = stackOf(randomModel({ ...base, patterns, sharing: 'per-gate' }));
    expect(layers[0]?.x.patterns[0]?.blocks).toEqual([]);
    expect(layers[1]?.x.patterns).toHaveLength(4);
    expect(layers[1]?.x.patterns[0]?.indices).not.toEqual(layers[1]?.x.patterns[1]?.indices);
  });

  it('has gate sums with a standard deviation near 2, and some saturation', () => {
    const model = randomModel(base);
    const random = new Random(9);
    const codes = Int32Array.from({ length: 60 * 128 }, () => random.between(-4096, 4095));
    const { layers: own } = stackOf(model);
    const squares = own.map(() => ({ sum: 0, count: 0 }));
    const frames = { lengths: Int32Array.of(30, 30), inputs: 128, codes, saturated: 0 };
    const { saturations } = runGolden(model, frames, ({ layers }) => {
      layers.forEach(({ sums }, l) => {
        const { x, h, biasFraction } = own[l] as (typeof own)[number];
        const points = { x: 12 + x.exponent, h: 12 + h.exponent, bias: biasFraction };
        const step = 2 ** -alignSums(points, model.tables.scheme.inputFraction).fraction;
        const total = squares[l] as { sum: number; count: number };
        for (const s of sums) total.sum += (s * step) ** 2;
        total.count += sums.length;
      });
    });
    for (const { sum, count } of squares) {
      expect(Math.sqrt(sum / count)).toBeGreaterThan(1.3);
      expect(Math.sqrt(sum / count)).toBeLessThan(2.8);
    }
    expect(saturations.gateInput + saturations.cell).toBeGreaterThan(0);
  });

  it('refuses as many lists as there are no layers, and word lengths out of range', () => {
    const three = [base.patterns, base.patterns, base.patterns].flat();
    expect(refusal(() => randomModel({ ...base, patterns: three })).code).toBe('RANDOM_SHAPE');
    const words = { ...base.words, weight: 17 };
    expect(refusal(() => randomModel({ ...base, words }))).toMatchObject({
      code: 'WORD_LENGTH',
      field: '--weight-bits',
      got: 17,
    });
  });
});
