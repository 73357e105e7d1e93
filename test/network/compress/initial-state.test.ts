import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { atOnce } from '../../../generator/base/steps.js';
import { againstFloatSteps } from '../../../generator/golden/against-float.js';
import { compress } from '../../../generator/network/compress/compress.js';
import type { FormatChoices } from '../../../generator/network/compress/formats.js';
import type { FloatLayer, FloatModel } from '../../../generator/network/float/model.js';
import { floatOutputSteps } from '../../../generator/network/float/outputs.js';
import type { RealFrames } from '../../../generator/network/float/run.js';
import type { Model, ModelPass } from '../../../generator/network/model.js';
import { selectPattern } from '../../../generator/network/select/select.js';
import { equalLengths } from '../../../generator/network/utterances.js';

const random = new Random(5);
const draw = (length: number, most: number) =>
  Float64Array.from({ length }, () => most * (2 * random.unit() - 1));

function layer(inputs: number, cells: number, l: number): FloatLayer {
  const tensor = (name: string, length: number, most: number) => ({
    name: `${name}${l}`,
    values: draw(length, most),
  });
  return {
    cell: 'lstm',
    inputs,
    cells,
    x: tensor('x', 4 * cells * inputs, 0.4),
    h: tensor('h', 4 * cells * cells, 0.4),
    bias: tensor('b', 4 * cells, 0.5),
    initial: { h: tensor('h0.', cells, 0.9), c: tensor('c0.', cells, 3) },
  };
}

const network: FloatModel = { layers: [layer(6, 8, 0), layer(8, 5, 1)], output: null };
const WORDS = { weight: 12, activation: 14, cell: 18, bias: 16 };
const frames: RealFrames = {
  lengths: equalLengths(12, 3),
  inputs: 6,
  values: draw(12 * 3 * 6, 1),
};

function compressed(source: FloatModel, formats: FormatChoices = {}) {
  return compress(source, {
    ...{ words: WORDS, frames, fill: false, dense: true, provenance: {}, file: 'net', formats },
  });
}

function error(model: Model, source: FloatModel): number {
  const float = atOnce(floatOutputSteps(source, frames));
  return atOnce(againstFloatSteps(model, float, frames)).error.relativeRms as number;
}

const changed = (change: (layer: FloatLayer) => FloatLayer): FloatModel => ({
  ...network,
  layers: network.layers.map(change),
});

describe('a learned initial state', () => {
  it('becomes b + W_h h0, rounded once, with the quantised weights, and c0 in the format of c', () => {
    const { model } = compressed(network);
    model.passes.forEach(({ operands, initial, biasFraction, stateFraction }, l) => {
      const { cells, bias, initial: start } = network.layers[l] as FloatLayer;
      const { codes, exponent } = (operands[1] as ModelPass['operands'][0]).matrix;
      const first = Array.from({ length: 4 * cells }, (_, row) => {
        const weights = [...codes.slice(row * cells, (row + 1) * cells)];
        const product = weights.reduce(
          (sum, code, k) => sum + code * 2 ** -exponent * (start?.h.values[k] as number),
          0,
        );
        return Math.floor(((bias.values[row] as number) + product) * 2 ** biasFraction + 0.5);
      });
      expect([...(initial?.bias ?? [])]).toEqual(first);
      const c0 = [...(start?.c?.values ?? [])];
      const scale = 2 ** (stateFraction ?? 0);
      expect([...(initial?.state ?? [])]).toEqual(c0.map((c) => Math.floor(c * scale + 0.5)));
    });
  });

  it('is what the float network starts from', () => {
    const { model } = compressed(network);
    expect(error(model, network)).toBeLessThan(0.005);
    const without: Model = {
      ...model,
      passes: model.passes.map(({ initial: _, ...pass }) => pass),
    };
    expect(error(without, network)).toBeGreaterThan(0.2);
  });

  it('is listed behind the bias of its layer, with its errors', () => {
    const names = compressed(network).tensors.map(({ name }) => name);
    const one = (l: number) => [`x${l}`, `h${l}`, `b${l}`, `h0.${l}`, `c0.${l}`];
    expect(names).toEqual(['x', ...one(0), ...one(1)]);
    for (const { saturated } of compressed(network).tensors) expect(saturated).toBe(0);
  });

  it('widens the formats of bias and c where it has to', () => {
    const large = changed(({ initial, bias, ...rest }) => ({
      ...rest,
      bias: { ...bias, values: bias.values.map((value) => value / 64) },
      initial: initial && {
        h: { ...initial.h, values: initial.h.values.map((value) => value * 8) },
        c: initial.c && { ...initial.c, values: initial.c.values.map((value) => value * 9) },
      },
    }));
    const { model, tensors } = compressed(large);
    for (const { saturated } of tensors) expect(saturated).toBe(0);
    const zeros = changed(({ initial: _, ...rest }) => rest);
    compressed(zeros).model.passes.forEach((pass, l) => {
      const own = model.passes[l] as ModelPass;
      expect(own.stateFraction).toBeLessThan(pass.stateFraction as number);
      expect(own.biasFraction).toBeLessThan(pass.biasFraction);
    });
  });

  it('saturates in formats that are given, and says so', () => {
    const { model, tensors } = compressed(network, {
      layers: [{ biasFraction: 16, cellFraction: 18 }],
    });
    const saturated = (name: string) => tensors.find((t) => t.name === name)?.saturated;
    expect(saturated('h0.0')).toBeGreaterThan(0);
    expect(saturated('c0.0')).toBeGreaterThan(0);
    expect(model.passes[0]).toMatchObject({ biasFraction: 16, stateFraction: 18 });
  });

  it('of zeros is none', () => {
    const zeros = changed(({ initial, ...rest }) => ({
      ...rest,
      initial: initial && {
        h: { ...initial.h, values: initial.h.values.map(() => 0) },
        c: initial.c && { ...initial.c, values: initial.c.values.map(() => 0) },
      },
    }));
    const none = changed(({ initial: _, ...rest }) => rest);
    expect(compressed(zeros)).toEqual(compressed(none));
    expect(compressed(zeros).model.passes.every((pass) => !('initial' in pass))).toBe(true);
  });

  it('stays with a network whose pattern is chosen', () => {
    const k = { k: 1, n: 2 };
    const patterns = [{ kind: 'hcgs' as const, blocks: [1], keep: [k] }];
    const by = { by: 'magnitude', patterns, sharing: 'shared', seed: 1 } as const;
    const pruned = selectPattern(network, by);
    const { model } = compressed(pruned);
    expect(error(model, pruned)).toBeLessThan(0.005);
  });
});
