import { expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import {
  type Dtype,
  type Tensor,
  writeSafetensors,
} from '../../../generator/network/formats/safetensors.js';
import { foldBefore, foldBehind } from '../../../generator/network/import/fold.js';
import { importNetwork } from '../../../generator/network/import/import.js';

const SEED = 33;
const [INPUTS, CELLS] = [3, 4];

/** A GRU as a state_dict, its numbers of that type. */
function gru(dtype: Extract<Dtype, 'F32' | 'F64'>): Uint8Array {
  const random = new Random(SEED);
  const tensor = (...shape: number[]): Tensor => {
    const numbers = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.unit());
    const own = dtype === 'F32' ? Float32Array.from(numbers) : Float64Array.from(numbers);
    return { dtype, shape, bytes: new Uint8Array(own.buffer) };
  };
  const tensors = new Map([
    ['rnn.weight_ih_l0', tensor(3 * CELLS, INPUTS)],
    ['rnn.weight_hh_l0', tensor(3 * CELLS, CELLS)],
    ['rnn.bias_ih_l0', tensor(3 * CELLS)],
    ['rnn.bias_hh_l0', tensor(3 * CELLS)],
  ]);
  return writeSafetensors({ metadata: {}, tensors });
}

const layerOf = (bytes: Uint8Array) => {
  const [layer] = importNetwork(bytes, 'net.safetensors').model.layers;
  if (layer === undefined) throw new Error('a layer');
  return layer;
};

it.each([
  ['F32', Float32Array],
  ['F64', Float64Array],
] as const)('weights of %s stay in words of their file, in its bytes', (dtype, words) => {
  const bytes = gru(dtype);
  const { x, h } = layerOf(bytes);
  for (const tensor of [x, h]) {
    expect(tensor?.values).toBeInstanceOf(words);
    expect((tensor?.values as Float32Array | undefined)?.buffer).toBe(bytes.buffer);
  }
});

it('weights of F64 keep all of their bits', () => {
  const random = new Random(SEED);
  const numbers = Array.from({ length: 3 * CELLS * INPUTS }, () => random.unit());
  expect([...layerOf(gru('F64')).x.values]).toEqual(numbers);
  expect([...layerOf(gru('F32')).x.values]).toEqual(numbers.map(Math.fround));
});

it('what is made of weights of F32 is as exact as of the same numbers in F64', () => {
  const { x, bias } = layerOf(gru('F32'));
  const wide = { ...x, values: Float64Array.from(x.values) };
  const [scale, shift] = [1 / 3, 1 / 7].map((one) => new Float64Array(INPUTS).fill(one)) as [
    Float64Array,
    Float64Array,
  ];
  const before = foldBefore({ scale, shift }, x, bias);
  expect(before).toEqual(foldBefore({ scale, shift }, wide, bias));
  expect(before.weights.values).not.toEqual(Float64Array.from(before.weights.values, Math.fround));
  const rows = new Float64Array(3 * CELLS).fill(1 / 3);
  const own = { name: 'b', values: new Float64Array(3 * CELLS) };
  const behind = foldBehind({ scale: rows, shift: rows }, x, own);
  expect(behind).toEqual(foldBehind({ scale: rows, shift: rows }, wide, own));
});

it('a network of F32 computes what it does with its weights as doubles', () => {
  const { model } = importNetwork(gru('F32'), 'net.safetensors');
  const doubles = model.layers.map((layer) => ({
    ...layer,
    x: { ...layer.x, values: Float64Array.from(layer.x.values) },
    h: layer.h && { ...layer.h, values: Float64Array.from(layer.h.values) },
  }));
  const frames = [1, 2, 3].map((n) => Float64Array.of(n, -n / 3, 1 / n));
  const runs = [model, { ...model, layers: doubles }].map((own) =>
    new FloatNetwork(own).utterance(frames).map(({ outputs }) => [...outputs]),
  );
  expect(runs[0]).toEqual(runs[1]);
});

it('a tensor at an odd byte of its file is read as any other', () => {
  const bytes = gru('F32');
  const moved = new Uint8Array(bytes.length + 1);
  moved.set(bytes, 1);
  expect([...layerOf(moved.subarray(1)).x.values]).toEqual([...layerOf(bytes).x.values]);
});
