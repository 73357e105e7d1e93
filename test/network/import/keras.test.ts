import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { Imported } from '../../../generator/network/import/imported.js';
import { importKeras } from '../../../generator/network/import/keras/import-keras.js';
import type { KerasSource } from '../../../generator/network/import/keras/source.js';
import { parseMap } from '../../../generator/network/import/map.js';
import { contentsBytes } from './support/hdf5-files.js';
import {
  cudnnWeights,
  denseLayer,
  functional,
  h5Contents,
  h5Source,
  inputLayer,
  kerasSource,
  type Layer,
  layerJson,
  lstmLayer,
  plain,
  separateWeights,
  sequential,
  weightsContents,
} from './support/keras-files.js';
import {
  type GateLayer,
  type Linear,
  randomLayer,
  randomLinear,
  runReference,
} from './support/lstm-reference.js';

const SEED = 41;
const random = new Random(SEED);
const first = randomLayer(random, 5, 4);
const second = randomLayer(random, 4, 3);
const linear = randomLinear(random, 3, 2);
const frames = Array.from({ length: 20 }, () =>
  Array.from({ length: 5 }, () => Math.fround(4 * random.unit() - 2)),
);

const read = (source: KerasSource, ...map: string[]) =>
  importKeras(source, 'net.h5', parseMap(map));

function expectSame(
  { model }: Imported,
  layers: readonly GateLayer[] = [first, second],
  head: Linear | null = linear,
  inputs: (frame: readonly number[]) => readonly number[] = (frame) => frame,
): void {
  const network = new FloatNetwork(model);
  const expected = runReference(layers, head, frames.map(inputs)).outputs;
  frames.forEach((frame, t) => {
    const { outputs } = network.step(Float64Array.from(frame));
    expect(outputs).toHaveLength(expected[t]?.length as number);
    outputs.forEach((one, i) => {
      expect(one, `seed ${SEED}, frame ${t}, output ${i}`).toBeCloseTo(
        expected[t]?.[i] as number,
        5,
      );
    });
  });
}

const stack = (more: readonly Layer[] = [], options = {}): readonly Layer[] => [
  inputLayer(null, 5),
  lstmLayer(first, 'lstm'),
  plain('Dropout', 'dropout', { rate: 0.2 }),
  lstmLayer(second, 'lstm_1', { return_sequences: false, ...options }),
  denseLayer(linear, 'dense'),
  ...more,
];

describe('a Keras network is taken', () => {
  it('from the bytes of an .h5 file', () => {
    const layers = stack([plain('Activation', 'activation', { activation: 'softmax' })]);
    const imported = importNetwork(contentsBytes(h5Contents(layers, sequential(layers))), 'net.h5');
    expectSame(imported);
    expect(imported.format).toBe('keras');
    expect(imported.taken).toHaveLength(5 + 8);
    expect(imported.leftOut).toEqual([
      { name: 'activation', kind: 'node', what: 'Activation, softmax' },
    ]);
    expect(imported.notes).toEqual([
      'frames are the input input_1 of the network [batch, frames, 5]',
      'outputs are output activation [batch, 2], behind softmax, which the hardware leaves out: it gives the sums; the file computes it for the last frame only, the hardware for every frame',
    ]);
  });

  it('from a .keras archive, and from an archive that holds one', () => {
    const layers = stack();
    const keras = zipSync({
      'metadata.json': new TextEncoder().encode('{"keras_version": "3.3.3"}'),
      'config.json': new TextEncoder().encode(JSON.stringify(sequential(layers))),
      'model.weights.h5': contentsBytes(weightsContents(layers)),
    });
    expectSame(importNetwork(keras, 'net.keras'));
    expectSame(
      importNetwork(zipSync({ 'about.txt': new Uint8Array(3), 'net.keras': keras }), 'net.zip'),
    );
  });

  it('from a functional network with others inside', () => {
    const layers = stack();
    expectSame(read(h5Source(layers, functional(layers))));
    const inner = layers.slice(0, 3);
    const outer = [inputLayer(null, 5), ...layers.slice(3)];
    const nested = {
      json: { ...sequential(inner), name: 'front' } as never,
      weights: {},
      path: '',
    };
    const config = sequential([outer[0] as Layer, nested, ...outer.slice(1)]);
    // the layers within have their weights below the network's own path
    const moved = layers.map((layer, i) =>
      i < 3 ? { ...layer, path: `layers/sequential/${layer.path}` } : layer,
    );
    const source = kerasSource(
      moved.map((layer) =>
        layer.path.includes('lstm_1') ? { ...layer, path: 'layers/lstm/cell' } : layer,
      ),
      config,
    );
    expectSame(read(source));
  });

  it('with weights in the layouts of Keras 1 and cuDNN', () => {
    const old = {
      json: layerJson('LSTM', 'lstm_1', {
        ...{ output_dim: 4, input_dim: 5, activation: 'tanh', inner_activation: 'sigmoid' },
        ...{ return_sequences: true, consume_less: 'cpu', init: 'glorot_uniform', dropout_W: 0 },
      }),
      weights: separateWeights(first, 'lstm_1'),
      path: '',
    };
    const cudnn = {
      json: layerJson('CuDNNLSTM', 'cu', { units: 3, return_sequences: true }),
      weights: cudnnWeights(second),
      path: '',
    };
    const fc = denseLayer(linear, 'fc');
    // the list of layers itself, as Keras wrote it before 2.2.3
    const config = { class_name: 'Sequential', config: [old, cudnn, fc].map(({ json }) => json) };
    expectSame(read(h5Source([old, cudnn, fc], config)));
  });

  it('with batch norms before, between and behind folded', () => {
    const numbers = (data: number[]) => ({ shape: [data.length], data });
    const norm = (name: string, n: number): Layer => ({
      json: layerJson('BatchNormalization', name, {
        axis: [2],
        momentum: 0.9,
        epsilon: 0.5,
        center: true,
        scale: true,
      }),
      weights: Object.fromEntries(
        ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((kind) => [
          kind,
          numbers(Array.from({ length: n }, () => random.unit() + 0.25)),
        ]),
      ),
      path: `layers/${name}`,
    });
    const apply = ({ weights }: Layer, x: readonly number[]) =>
      x.map((value, i) => {
        const at = (kind: string) => weights[kind]?.data[i] as number;
        return (
          (at('gamma') * (value - at('moving_mean'))) / Math.sqrt(at('moving_variance') + 0.5) +
          at('beta')
        );
      });
    const [before, behind] = [norm('batch_normalization', 5), norm('bn_out', 2)];
    const last = {
      ...behind,
      json: layerJson('BatchNormalization', 'bn_out', { axis: -1, epsilon: 0.5 }),
    };
    const layers = [
      inputLayer(7, 5),
      before,
      lstmLayer(first, 'lstm'),
      lstmLayer(second, 'lstm_1'),
      denseLayer(linear, 'dense'),
      last,
    ];
    const imported = read(h5Source(layers));
    expect(imported.notes[1]).toBe(
      'batch_normalization (BatchNormalization) went into the weights of lstm, which is exact',
    );
    const network = new FloatNetwork(imported.model);
    const expected = runReference(
      [first, second],
      linear,
      frames.map((frame) => apply(before, frame)),
    ).outputs;
    frames.forEach((frame, t) => {
      const { outputs } = network.step(Float64Array.from(frame));
      apply(behind, expected[t] as number[]).forEach((one, i) => {
        expect(outputs[i]).toBeCloseTo(one, 9);
      });
    });
  });

  it('with layers that leave frames what they are', () => {
    const layers = [
      ...stack().slice(0, 4),
      plain('Flatten', 'flatten'),
      plain('Reshape', 'reshape', { target_shape: [1, 3] }),
      {
        ...denseLayer(linear, 'td'),
        json: layerJson('TimeDistributed', 'td', { layer: denseLayer(linear, 'd').json }),
      },
    ];
    const { notes, outputs } = read(h5Source(layers));
    expect(notes.at(-1)).toContain('for the last frame only');
    expect(outputs?.[0]).toMatchObject({ lastFrame: true, final: null });
    expectSame(read(h5Source(layers)));
  });

  it('in part, where the user says which', () => {
    const front = [
      inputLayer(null, 7),
      plain('Conv1D', 'conv', { filters: 5, activation: 'relu' }),
    ];
    const behind = [plain('Dense', 'more', { units: 1, activation: 'relu' })];
    const layers = [...front, ...stack(behind).slice(1)];
    const imported = read(h5Source(layers), 'frames=conv', 'fc=none');
    expectSame(imported, [first, second], null);
    expect(imported).toMatchObject({
      headLeftOut: true,
      frames: { name: 'conv', behind: 'conv (Conv1D)', said: true },
    });
    expect(imported.notes[0]).toContain('they are what conv (Conv1D) gives');
    const left = ['input_1', 'conv', 'dense', 'more'];
    expect(imported.leftOut.filter(({ kind }) => kind === 'node').map(({ name }) => name)).toEqual(
      left,
    );
    expectSame(read(h5Source(layers), 'frames=conv', 'fc=dense'));
    expectSame(read(h5Source(layers), 'frames=conv', 'lstm=lstm', 'fc=none'), [first], null);
  });

  it('from weights alone, with a note that nobody says which functions there are', () => {
    const layers = stack().slice(1);
    const imported = read(h5Source(layers, null));
    expectSame(imported);
    expect(imported.notes[0]).toContain(
      'that the gates are sigmoid and tanh is the default of Keras 2.10.0',
    );
    expectSame(read({ ...kerasSource(layers), config: null }));
    const old = h5Source(layers, null, { version: '2.1.6-tf' });
    expect(() => read(old)).toThrow(
      'weights alone, of Keras 2.1.6-tf, whose default is hard sigmoid',
    );
    expectSame(read(old, 'lstm=lstm,lstm_1'));
  });
});
