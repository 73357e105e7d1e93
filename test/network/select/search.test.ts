import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { atOnce } from '../../../generator/base/steps.js';
import type { FloatModel } from '../../../generator/network/float/model.js';
import { floatOutputSteps } from '../../../generator/network/float/outputs.js';
import type { RealFrames } from '../../../generator/network/float/run.js';
import { buildSteps, keptIn, lostShare } from '../../../generator/network/select/search/build.js';
import { allForms, choosePattern } from '../../../generator/network/select/search/choice.js';
import { factorise, solve } from '../../../generator/network/select/search/least-squares.js';
import {
  matricesOf,
  type SearchMatrix,
} from '../../../generator/network/select/search/matrices.js';
import {
  joined,
  momentSteps,
  rootMeanSquares,
} from '../../../generator/network/select/search/moments.js';
import { Shares } from '../../../generator/network/select/search/shares.js';
import { patternKind, patternKinds } from '../../../generator/sparsity/kind-of.js';

const random = new Random(5);
const tensor = (name: string, length: number) => ({
  name,
  values: Float64Array.from({ length }, () => 2 * random.unit() - 1),
});

/** A GRU, whose candidate has sums of x and of h apart, below a linear layer. */
const MODEL: FloatModel = {
  layers: [
    {
      cell: 'gru',
      inputs: 12,
      cells: 8,
      x: tensor('x', 288),
      h: tensor('h', 192),
      bias: tensor('b', 32),
    },
    {
      cell: 'dense-linear',
      inputs: 8,
      cells: 4,
      x: tensor('y', 32),
      h: null,
      bias: tensor('c', 4),
    },
  ],
  output: null,
};

/** Ten utterances of 20 frames whose inputs hang together: the second half repeats the first one. */
const FRAMES: RealFrames = {
  inputs: 12,
  lengths: new Int32Array(10).fill(20),
  values: Float64Array.from({ length: 200 * 12 }),
};
for (let frame = 0; frame < 200; frame++) {
  for (let i = 0; i < 6; i++) {
    const value = 2 * random.unit() - 1;
    FRAMES.values[frame * 12 + i] = value;
    FRAMES.values[frame * 12 + 6 + i] = value + 0.1 * random.unit();
  }
}

const moments = atOnce(momentSteps(MODEL, FRAMES));
const matrices = matricesOf(MODEL, moments.map(rootMeanSquares));
const rowsForm = allForms(['per-gate']).find(({ kind }) => kind === 'rows');
if (rowsForm === undefined) throw new Error('no form of rows');
const forms = matrices.map(() => rowsForm);
const outputs = (model: FloatModel) => atOnce(floatOutputSteps(model, FRAMES)).outputs;
const error = (model: FloatModel) => {
  const whole = outputs(MODEL);
  return outputs(model).reduce((sum, value, i) => sum + (value - (whole[i] as number)) ** 2, 0);
};

describe('least squares', () => {
  it('solves what it has factorised', () => {
    const a = Float64Array.of(4, 0, 0, 2, 3, 0, 1, 1, 2);
    factorise(a, 3);
    const x = Float64Array.of(4 + 4 + 3, 2 + 6 + 3, 1 + 2 + 6);
    solve(a, 3, x);
    for (const [i, value] of [1, 2, 3].entries()) expect(x[i]).toBeCloseTo(value, 12);
  });

  it('refuses what is not positive definite', () => {
    expect(() => factorise(Float64Array.of(1, 0, 1, 1), 2)).toThrow('row 1');
  });
});

describe('moments', () => {
  it('are sums over what layers read, of two sets together those of both', () => {
    const [first] = moments;
    let square = 0;
    for (let frame = 0; frame < 200; frame++) square += (FRAMES.values[frame * 12] as number) ** 2;
    expect(first?.products?.[0]).toBeCloseTo(square, 9);
    expect(first?.products?.at(-1)).toBe(200);
    const all = first?.products ?? new Float64Array();
    const size = Math.sqrt(all.length);
    expect(size).toBe(12 + 8 + 1);
    for (let i = 0; i < size; i++) expect(all[i * size + 3]).toBe(all[3 * size + i]);
    const [both] = joined(moments, moments);
    expect([both?.frames, both?.products?.at(-1)]).toEqual([400, 400]);
    expect(rootMeanSquares(first as (typeof moments)[number]).x[0]).toBeCloseTo(
      Math.sqrt(square / 200),
      9,
    );
  });
});

describe('shares', () => {
  const shares = new Shares(matrices);
  it('keep as many weights as asked for, and more of what the outputs mind', () => {
    const kept = (minds: readonly number[]) =>
      shares.rates(200, minds).map((rate, m) => (matrices[m]?.values.length as number) / rate);
    const even = kept([1, 1, 1]);
    expect(even.reduce((sum, count) => sum + count, 0)).toBeCloseTo(200, 6);
    expect(kept([9, 1, 1])[0]).toBeGreaterThan(even[0] as number);
    expect(shares.rates(shares.total, [1, 1, 1])).toEqual([1, 1, 1]);
  });
});

describe('fitted weights', () => {
  it('take over what was dropped, at the same positions', () => {
    const rates = [2, 2, 1];
    const plain = atOnce(buildSteps(MODEL, matrices, forms, rates, null));
    const fitted = atOnce(buildSteps(MODEL, matrices, forms, rates, moments));
    expect(fitted.patterns).toEqual(plain.patterns);
    expect(keptIn(fitted)).toBe(144 + 96 + 32);
    expect(error(fitted)).toBeLessThan(0.7 * error(plain));
    const zeros = ({ layers }: FloatModel) =>
      layers.map(({ x }) => Array.from(x.values, (v) => +(v === 0)));
    expect(zeros(fitted)).toEqual(zeros(plain));
  });

  it('are those of the network where nothing is dropped', () => {
    const whole = atOnce(buildSteps(MODEL, matrices, forms, [1, 1, 1], moments));
    whole.layers.forEach(({ x, h, bias }, l) => {
      expect(x.values).toEqual(MODEL.layers[l]?.x.values);
      expect(h?.values).toEqual(MODEL.layers[l]?.h?.values);
      expect(bias.values).toEqual(MODEL.layers[l]?.bias.values);
    });
    expect(lostShare(whole, matrices, [1, 1, 1])).toBe(0);
  });
});

describe('trials', () => {
  it.each(patternKinds().map(({ kind }) => kind))('%s keep about one weight in so many', (kind) => {
    const member = patternKind({ kind });
    const names = (size: number, rate: number) =>
      member.trials({ rows: size, columns: size }, rate).map(({ form }) => form);
    expect(new Set(names(64, 4)).size).toBe(names(64, 4).length);
    expect(names(3, 1)).toEqual(names(64, 4));
    const values = Float64Array.from({ length: 64 * 64 }, () => random.unit());
    for (const [trial, { form }] of member.trials({ rows: 64, columns: 64 }, 4).entries()) {
      const matrix: SearchMatrix = {
        ...{ layer: 0, side: 'x', name: 'w', cell: 'dense-linear', gates: 1 },
        ...{ rows: 64, columns: 64, values, scale: new Float64Array(64).fill(1) },
      };
      const own = { name: form, trial, kind, sharing: 'shared' } as const;
      const [pattern] = choosePattern(matrix, own, 4).patterns;
      if (pattern === undefined) throw new Error('no pattern');
      // kernels keep whole rows and columns of blocks
      const kept = member.counts.kept(pattern);
      expect(kept).toBeLessThanOrEqual(64 * 16);
      expect(kept).toBeGreaterThan(64 * 16 - (kind === 'kernels' ? 64 : 1));
      const [whole] = choosePattern(matrix, own, 1).patterns;
      if (whole === undefined) throw new Error('no pattern');
      expect(member.counts.kept(whole)).toBe(64 * 64);
    }
  });
});
