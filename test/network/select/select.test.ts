import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { atOnce } from '../../../generator/base/steps.js';
import { outputError } from '../../../generator/golden/against-float.js';
import { compress } from '../../../generator/network/compress/compress.js';
import { modelBytes, parseModel } from '../../../generator/network/compressed-model.js';
import { utterancesOf } from '../../../generator/network/float/frame-sets.js';
import { inOrder } from '../../../generator/network/float/layer-matrices.js';
import type { FloatMatrix, FloatModel } from '../../../generator/network/float/model.js';
import { floatOutputSteps } from '../../../generator/network/float/outputs.js';
import { randomModel } from '../../../generator/network/random.js';
import { type Selection, selectPattern } from '../../../generator/network/select/select.js';
import { existingPositions } from '../../../generator/sparsity/hcgs/count.js';
import { drawPattern } from '../../../generator/sparsity/hcgs/draw.js';
import { keptMask } from '../../../generator/sparsity/kept-mask.js';
import { floatOf, realFrames } from '../../support/float-models.js';
import { hcgsOf } from '../../support/hcgs-of.js';
import { hasKws, kwsFrames, kwsNetwork, STANDARD_WORDS } from '../../support/kws.js';
import { refusal } from '../../support/refusal.js';
import { stackOf } from '../../support/stack.js';

const dense = floatOf(
  randomModel({
    inputs: 18,
    hidden: [24, 20],
    patterns: [{ kind: 'hcgs' as const, blocks: [], keep: [] }],
    sharing: 'shared',
    outputs: 3,
    words: { ...STANDARD_WORDS, weight: 12 },
    seed: 5,
  }),
);

const half = { k: 1, n: 2 };
const quarter: Selection = {
  by: 'magnitude',
  patterns: [{ kind: 'hcgs' as const, blocks: [8, 4], keep: [half, half] }],
  sharing: 'shared',
  seed: 1,
};

const compressed = (source: FloatModel) =>
  compress(source, {
    words: STANDARD_WORDS,
    frames: realFrames({ utterances: 1, frames: 4, inputs: source.layers[0]?.inputs ?? 0 }, 3),
    fill: false,
    dense: false,
    provenance: {},
    file: 'net',
  });

describe.each(['random', 'magnitude'] as const)('a pattern chosen by %s', (by) => {
  it.each(['shared', 'per-gate'] as const)('keeps the weights of kept blocks, %s', (sharing) => {
    const chosen = selectPattern(dense, { ...quarter, by, sharing });
    expect(chosen.patterns).toHaveLength(2);
    chosen.layers.forEach((layer, l) => {
      for (const key of ['x', 'h'] as const) {
        const pattern = chosen.patterns?.[l]?.[key];
        expect(pattern?.patterns).toHaveLength(sharing === 'shared' ? 1 : 4);
        const { values } = layer[key] as FloatMatrix;
        const source = dense.layers[l]?.[key]?.values as Float64Array;
        const size = values.length / 4;
        const masks = pattern?.patterns.map((one) => keptMask(one).kept) ?? [];
        values.forEach((value, i) => {
          const kept = masks[Math.floor(i / size) % masks.length]?.[i % size];
          expect(value).toBe(kept === 1 ? source[i] : 0);
        });
      }
    });
    expect(chosen.output).toEqual(dense.output);
    expect(chosen.layers.map(({ bias }) => bias)).toEqual(dense.layers.map(({ bias }) => bias));
  });

  it('comes out of compress exactly, in the report and in the file', () => {
    const chosen = selectPattern(dense, { ...quarter, by, sharing: 'per-gate' });
    const { model, patterns } = compressed(chosen);
    const stored = stackOf(parseModel(modelBytes(model), 'm')).layers.flatMap(({ x, h }) => [x, h]);
    const expected = inOrder(chosen.patterns ?? []);
    expect(stored).toHaveLength(expected.length);
    stored.forEach((matrix, i) => {
      const own = expected[i];
      expect(matrix.patterns).toEqual(own?.patterns);
      const kept = own?.patterns.reduce(
        (sum, pattern) => sum + existingPositions(hcgsOf(pattern)),
        0,
      );
      expect(patterns[i]).toMatchObject({ blocks: [8, 4], kept, filledBlocks: [0, 0] });
    });
  });

  it('keeps a kept block whose weights are zero', () => {
    // every weight of layer 0 is zero: whatever is chosen, compress must not find a smaller pattern
    const zero = (tensor: FloatMatrix): FloatMatrix => ({
      ...tensor,
      values: new Float64Array(tensor.values.length),
    });
    const layers = dense.layers.map((layer, l) =>
      l === 0 ? { ...layer, x: zero(layer.x), h: layer.h && zero(layer.h) } : layer,
    );
    const chosen = selectPattern({ ...dense, layers }, { ...quarter, by });
    const { model, patterns } = compressed(chosen);
    expect(stackOf(model).layers[0]?.h.patterns).toEqual(chosen.patterns?.[0]?.h?.patterns);
    // 24 x 24: keep floor(3/2 + 1/2) = 2 of 3 outer blocks, 1 of 2 inner ones: 8 columns of 24
    expect(patterns[1]?.kept).toBe(4 * 24 * 8);
  });

  it('may differ from layer to layer, and needs one entry or one per layer', () => {
    const patterns = [
      { kind: 'hcgs' as const, blocks: [4], keep: [half] },
      { kind: 'hcgs' as const, blocks: [], keep: [] },
    ];
    const chosen = selectPattern(dense, { ...quarter, by, patterns });
    expect(
      chosen.patterns?.map(({ x, h }) => [x, h].map((one) => hcgsOf(one?.patterns[0]).blocks)),
    ).toEqual([
      [[4], [4]],
      [[], []],
    ]);
    expect(chosen.layers[1]?.x.values).toEqual(dense.layers[1]?.x.values);
    const three = {
      ...quarter,
      by,
      patterns: [...patterns, { kind: 'hcgs' as const, blocks: [], keep: [] }],
    };
    expect(refusal(() => selectPattern(dense, three))).toMatchObject({
      code: 'BLOCKS_COUNT',
      expected: '1 or 2 lists',
      got: 3,
    });
  });
});

describe('a random choice', () => {
  it('is drawn from the seed alone, as the draw of a random network is', () => {
    const selection = { ...quarter, by: 'random', seed: 9 } as const;
    const own = selectPattern(dense, selection);
    expect(selectPattern(dense, selection).patterns).toEqual(own.patterns);
    expect(selectPattern(dense, { ...selection, seed: 10 }).patterns).not.toEqual(own.patterns);
    const first = drawPattern({ rows: 24, columns: 18 }, [8, 4], [2, 1], new Random(9));
    expect(own.patterns?.[0]?.x.patterns).toEqual([first]);
  });
});

describe.skipIf(!hasKws)('the dense keyword network', () => {
  it('keeps exactly half of its positions at 2 x, and loses less when guided than at random', () => {
    const source = kwsNetwork('V0');
    const part = utterancesOf(kwsFrames('val'), Int32Array.from(new Array(12).keys())).frames;
    const outputs = (model: FloatModel) => atOnce(floatOutputSteps(model, part));
    const reference = outputs(source);
    const patterns = [{ kind: 'hcgs' as const, blocks: [4], keep: [half] }];
    const lost = (selection: Selection) => {
      const chosen = selectPattern(source, selection);
      const weights = chosen.layers.flatMap(({ x, h }) => [...x.values, ...(h?.values ?? [])]);
      expect(weights).toHaveLength(229_376);
      expect(weights.filter((weight) => weight !== 0)).toHaveLength(114_688);
      return outputError(outputs(chosen), reference).rms;
    };
    const guided = lost({ ...quarter, patterns });
    for (const seed of [1, 2, 3]) {
      const drawn = lost({ ...quarter, patterns, by: 'random', seed });
      expect(guided, `seed ${seed}`).toBeLessThan(drawn);
    }
  });
});
