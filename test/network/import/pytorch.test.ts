import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import {
  type SafetensorsFile,
  writeSafetensors,
} from '../../../generator/network/formats/safetensors.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import {
  type GateLayer,
  type Linear,
  randomLayer,
  randomLinear,
  runReference,
} from './support/lstm-reference.js';
import { layerTensors, linearTensors, stateDict, tensor, zeros } from './support/state-dict.js';

const SEED = 20;
const random = new Random(SEED);
const layers = [randomLayer(random, 5, 4), randomLayer(random, 4, 3)];
const [first, second] = layers as [GateLayer, GateLayer];
const linear = randomLinear(random, 3, 2);
const frames = Array.from({ length: 30 }, () =>
  Array.from({ length: 5 }, () => 4 * random.unit() - 2),
);

const read = (file: SafetensorsFile, ...map: string[]) =>
  importNetwork(writeSafetensors(file), 'net.safetensors', { map });

/** The imported network computes what the equations say. */
function same(
  file: SafetensorsFile,
  map: readonly string[],
  output: Linear | null,
  net = layers,
): void {
  const { model, taken, leftOut } = read(file, ...map);
  expect([...taken, ...leftOut.map(({ name }) => name)].sort()).toEqual(
    [...file.tensors.keys()].sort(),
  );
  const network = new FloatNetwork(model);
  const expected = runReference(net, output, frames);
  frames.forEach((frame, t) => {
    const got = network.step(Float64Array.from(frame));
    net.forEach((_, l) => {
      got.layers[l]?.h.forEach((value, j) => {
        expect(value).toBeCloseTo(expected.h[l]?.[t]?.[j] as number, 9);
      });
    });
    expect(got.outputs).toHaveLength((output?.b ?? net.at(-1)?.gates.i.Wb ?? []).length);
    got.outputs.forEach((value, k) => {
      expect(value).toBeCloseTo(expected.outputs[t]?.[k] as number, 9);
    });
  });
}

const stack = (module: string, options = {}) =>
  layers.flatMap((layer, l) => layerTensors(layer, (kind) => `${module}${kind}_l${l}`, options));
const withoutBiases = (net: readonly GateLayer[]): GateLayer[] => {
  const bare = <G extends GateLayer['gates']['i']>(gate: G) => ({
    ...gate,
    Wb: gate.Wb.map(() => 0),
    Rb: gate.Rb.map(() => 0),
  });
  return net.map(({ gates: { i, f, g, o }, ...layer }) => ({
    ...layer,
    gates: { i: bare(i), f: bare(f), g: bare(g), o: bare(o) },
  }));
};

describe('a PyTorch state_dict computes the same', () => {
  it.each(['lstm.', '', 'module.lstm.', 'encoder.rnn.', 'a.b.c.d.'])(
    'under the prefix "%s"',
    (prefix) => {
      same(stateDict(...stack(prefix), ...linearTensors(linear, 'head.0')), [], linear);
    },
  );

  it.each(['F16', 'BF16', 'F64'] as const)('stored as %s', (dtype) => {
    // bfloat16 has eight significant bits, which the numbers of these tests fit
    same(stateDict(...stack('rnn.', { dtype })), [], null);
  });

  it('without biases', () => {
    same(stateDict(...stack('lstm.', { biases: false })), [], null, withoutBiases(layers));
  });

  it('as one cell, with a name and bare', () => {
    for (const prefix of ['lstm_cell.', '']) {
      same(stateDict(...layerTensors(first, (kind) => `${prefix}${kind}`)), [], null, [first]);
    }
  });

  it('as cells in a list, in the order of their numbers', () => {
    const net = [first, ...Array.from({ length: 10 }, () => randomLayer(random, 4, 4)), second];
    // written in the order of names, where 10 and 11 come before 2
    const tensors = net.flatMap((layer, l) =>
      layerTensors(layer, (kind) => `net.cells.${l}.rnn.${kind}`),
    );
    same(stateDict(...tensors, ...linearTensors(linear, 'out')), [], linear, net);
  });

  it('with names that follow no convention, named by the user', () => {
    const odd = layers.flatMap((layer, l) => layerTensors(layer, (kind) => `enc.${kind}.of.${l}`));
    const map = [...odd.keys()].map((i) => {
      const kind = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'][i % 4];
      return `lstm.${kind}_l${Math.floor(i / 4)}=enc.${kind}.of.${Math.floor(i / 4)}`;
    });
    const file = stateDict(
      ...odd,
      ['proj.W', tensor([2, 3], linear.W.flat())],
      ['proj.b', tensor([2], linear.b)],
    );
    same(file, [...map, 'outside=proj'], null);
    same(file, [...map, 'fc.weight=proj.W', 'fc.bias=proj.b'], linear);
  });

  it('when the user chooses one of several modules', () => {
    const other = layerTensors(randomLayer(random, 5, 3), (kind) => `decoder.${kind}_l0`);
    const file = stateDict(
      ...stack('encoder.rnn.'),
      ...other,
      ...linearTensors(linear, 'head'),
      ...linearTensors(randomLinear(random, 3, 7), 'aux'),
    );
    same(file, ['lstm=encoder.rnn', 'fc=head', 'outside=decoder,aux'], linear);
    same(file, ['lstm=encoder.rnn', 'fc=none', 'outside=decoder'], null);
  });

  it('when the user names the list of cells', () => {
    const cells = layers.flatMap((layer, l) => layerTensors(layer, (kind) => `enc.${l}.${kind}`));
    const other = layerTensors(first, (kind) => `dec.0.${kind}`);
    same(stateDict(...cells, ...other), ['lstm=enc', 'outside=dec'], null);
  });

  it('and lists every tensor that lies outside with its shape', () => {
    const file = stateDict(
      ...stack('rnn.'),
      ['norm.weight', zeros(3)],
      ['embed.table', zeros(7, 5)],
    );
    const { leftOut, notes, model } = read(file, 'outside=embed', 'outside=norm');
    expect(leftOut).toEqual([
      { name: 'embed.table', kind: 'tensor', what: 'F32 [7, 5]' },
      { name: 'norm.weight', kind: 'tensor', what: 'F32 [3]' },
    ]);
    expect(model.output).toBeNull();
    expect(notes).toEqual([
      expect.stringContaining('no fully connected layer on its 3 values'),
      expect.stringContaining('frames are what rnn reads'),
    ]);
    expect(model.layers[1]?.x.name).toBe('rnn.weight_ih_l1');
    expect(model.layers[1]?.bias.name).toBe('rnn.bias_l1');
  });
});
