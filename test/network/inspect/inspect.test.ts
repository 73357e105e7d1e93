import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../generator/base/steps.js';
import type { FloatMatrix, FloatModel } from '../../../generator/network/float/model.js';
import { inspectSteps } from '../../../generator/network/inspect/inspect.js';
import { statistics } from '../../../generator/network/inspect/statistics.js';
import { randomModel } from '../../../generator/network/random.js';
import { selectPattern } from '../../../generator/network/select/select.js';
import { floatOf } from '../../support/float-models.js';
import { hcgsOf } from '../../support/hcgs-of.js';
import { hasKws, kwsNetwork, STANDARD_WORDS } from '../../support/kws.js';

/** Every weight 0.5, so that only a pattern makes zeros. */
function network(inputs: number, hidden: readonly number[]): FloatModel {
  const model = floatOf(
    randomModel({
      inputs,
      hidden,
      patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
      sharing: 'shared',
      outputs: 2,
      words: STANDARD_WORDS,
      seed: 1,
    }),
  );
  const half = (tensor: FloatMatrix) => ({
    ...tensor,
    values: new Float64Array(tensor.values.length).fill(0.5),
  });
  return {
    ...model,
    layers: model.layers.map((layer) => ({
      ...layer,
      x: half(layer.x),
      h: layer.h && half(layer.h),
    })),
  };
}

const sparse = (model: FloatModel, sharing: 'shared' | 'per-gate' = 'shared') =>
  selectPattern(model, {
    by: 'random',
    patterns: [
      {
        kind: 'hcgs',
        blocks: [8, 4],
        keep: [
          { k: 1, n: 2 },
          { k: 1, n: 2 },
        ],
      },
    ],
    sharing,
    seed: 2,
  });

const inspect = (model: FloatModel) => atOnce(inspectSteps(model, 'net'));

/** A network with h of layer 0 changed. */
function changed(model: FloatModel, change: (values: Float64Array) => void): FloatModel {
  const [first, ...others] = model.layers as [FloatModel['layers'][0]];
  const h = first.h as FloatMatrix;
  const values = Float64Array.from(h.values);
  change(values);
  return { ...model, layers: [{ ...first, h: { ...h, values } }, ...others] };
}

describe('the figures of a tensor', () => {
  it('are its range, r.m.s. and zeros', () => {
    const found = statistics('w', [2, 2], Float64Array.of(-3, 0, 4, 0));
    expect(found).toEqual({
      name: 'w',
      shape: [2, 2],
      min: -3,
      max: 4,
      rms: 2.5,
      zeros: 2,
      values: 4,
    });
  });
});

describe('inspecting the zeros', () => {
  it('lists layers, output and every tensor with its shape', () => {
    const report = inspect(network(6, [5, 4]));
    expect(report.layers).toEqual([
      { cell: 'lstm', inputs: 6, cells: 5, direction: 'forward', bidirectional: false },
      { cell: 'lstm', inputs: 5, cells: 4, direction: 'forward', bidirectional: false },
    ]);
    expect(report.output).toEqual({ inputs: 4, outputs: 2 });
    expect(report.tensors.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['lstm.weight_ih_l0', 20, 6],
      ['lstm.weight_hh_l0', 20, 5],
      ['lstm.bias_l0', 20],
      ['lstm.weight_ih_l1', 16, 5],
      ['lstm.weight_hh_l1', 16, 4],
      ['lstm.bias_l1', 16],
      ['fc.weight', 2, 4],
      ['fc.bias', 2],
    ]);
    expect(report).toMatchObject({ weights: 364, nonZero: 364, filled: null });
  });

  it('calls a matrix without zeros dense', () => {
    const { matrices, search } = inspect(network(16, [16]));
    expect(matrices.map(({ kind, patterns }) => [kind, patterns.length])).toEqual([
      ['dense', 0],
      ['dense', 0],
    ]);
    expect(search.found?.map((choice) => hcgsOf(choice).blocks)).toEqual([[], []]);
  });

  it.each(['shared', 'per-gate'] as const)(
    'finds a %s pattern, and lists others after it',
    (sharing) => {
      const { matrices, search, nonZero } = inspect(sparse(network(32, [32]), sharing));
      expect(nonZero).toBe(2 * 1024);
      for (const { kind, patterns } of matrices) {
        expect(kind).toBe('exact');
        expect(patterns[0]).toMatchObject({
          blocks: [8, 4],
          keep: [2, 1],
          sharing,
          kept: 1024,
          beyond: 0,
          oddRows: 0,
          first: [],
        });
        const bits = patterns.map(({ kept, indexBits }) => kept * 2 ** 20 + indexBits);
        expect(bits).toEqual([...bits].sort((a, b) => a - b));
        expect(patterns.length).toBeGreaterThan(1);
      }
      expect(search.found).toHaveLength(2);
    },
  );

  it('counts zero weights in kept blocks', () => {
    const { matrices } = inspect(
      changed(sparse(network(32, [32])), (values) => {
        values[values.findIndex((value) => value !== 0)] = 0;
      }),
    );
    expect(matrices[1]?.patterns[0]).toMatchObject({ blocks: [8, 4], kept: 1024, beyond: 1 });
  });

  it('says how far a damaged pattern is off, and where', () => {
    // the first used 4 x 4 block of rows 12 to 15 is gone in every gate
    const damaged = changed(sparse(network(32, [32])), (values) => {
      const first = values.subarray(12 * 32, 13 * 32).findIndex((value) => value !== 0);
      for (let gate = 0; gate < 4; gate++) {
        for (let row = 12; row < 16; row++) {
          const at = (gate * 32 + row) * 32 + first;
          values.fill(0, at, at + 4);
        }
      }
    });
    const { matrices, search, filled, notes } = inspect(damaged);
    expect(matrices.map(({ kind }) => kind)).toEqual(['exact', 'near']);
    const [nearest] = matrices[1]?.patterns ?? [];
    expect(nearest).toMatchObject({ blocks: [8, 4], keep: [2, 1], kept: 1024, beyond: 64 });
    expect(nearest).toMatchObject({
      oddRows: 1,
      first: [{ gate: null, blockSize: 4, blockRow: 3, used: 0, usual: 1 }],
    });
    expect(search).toMatchObject({ found: [{ kind: 'mask' }, { kind: 'mask' }], refused: null });
    expect(notes).toEqual([
      'no pattern explains all zeros, so they are taken as a mask, a bit for each position: 1.0 index bits for each kept weight',
      'lstm.weight_hh_l0 is near a pattern, blocks 8,4: block row 3 of the 4-blocks, inside kept block column 0, has 0, most have 1; --fill completes it, hcgs inspect shows more',
    ]);
    expect(filled?.found?.map((choice) => hcgsOf(choice).blocks)).toEqual([
      [8, 4],
      [8, 4],
    ]);
  });

  it('lists no pattern with a level that says nothing', () => {
    const { matrices } = inspect(sparse(network(16, [32])));
    for (const { patterns } of matrices) {
      for (const { blocks, keep } of patterns.map(hcgsOf)) {
        expect(blocks[0]).toBeLessThan(32);
        expect([blocks, keep]).not.toEqual([
          expect.arrayContaining([4, 2]),
          expect.arrayContaining([2]),
        ]);
      }
    }
    expect(matrices[0]?.patterns.map((finding) => hcgsOf(finding).blocks)).not.toContainEqual([
      16, 8, 4,
    ]);
  });
});

describe.skipIf(!hasKws)('the trained keyword networks', () => {
  it.each([
    ['V0', 'dense', undefined, 229_376],
    ['V4', 'exact', [32, 4], 57_344],
    ['V16_q6', 'exact', [16, 4], 14_336],
  ] as const)('%s is %s: %j, %i positions', (name, kind, blocks, kept) => {
    const { matrices } = inspect(kwsNetwork(name));
    for (const matrix of matrices) {
      expect(matrix.kind).toBe(kind);
      const [first] = matrix.patterns;
      expect(first && hcgsOf(first).blocks).toEqual(blocks);
    }
    const all = matrices.map(({ weights, patterns }) => patterns[0]?.kept ?? weights);
    expect(all.reduce((a, b) => a + b, 0)).toBe(kept);
  });
});
