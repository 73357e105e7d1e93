import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import type { Imported } from '../../../generator/network/import/imported.js';
import { importKeras } from '../../../generator/network/import/keras/import-keras.js';
import { parseMap } from '../../../generator/network/import/map.js';
import { onnxFile } from '../../support/onnx.js';
import { OnnxRuntime } from '../../support/onnx-runtime.js';
import { refusal } from '../../support/refusal.js';
import { FUNCTION_NAMES, KerasChain } from './support/keras-chain.js';
import { functional, h5Source, kerasSource, type Layer, plain } from './support/keras-files.js';

const SEED = 47;
const random = new Random(SEED);
const FRAMES = 12;
const SLOPES = { 2: 0.2, 3: 1 / 6 } as const;

type Version = keyof typeof SLOPES;
const chain = (version: Version = 2, ...more: readonly (number | null)[][]) =>
  new KerasChain(random, 5, SLOPES[version], 5, ...more);
const read = (layers: readonly Layer[], version: Version = 2, ...map: string[]): Imported => {
  const source = version === 3 ? kerasSource(layers) : h5Source(layers);
  return importKeras(source, 'net.h5', parseMap(map));
};

/** The imported network computes what ONNX Runtime computes in the graph beside it. */
async function expectSame(own: KerasChain, imported: Imported): Promise<void> {
  const runtime = await OnnxRuntime.load(onnxFile(own.graph(), { opset: 17, ir: 8 }));
  const data = Array.from({ length: FRAMES * 5 }, () => Math.fround(4 * random.unit() - 2));
  const theirs = (await runtime.run({ x: { dims: [FRAMES, 1, 5], data } })).get('y')?.data ?? [];
  const network = new FloatNetwork(imported.model);
  const ours = Array.from({ length: FRAMES }, (_, t) => [
    ...network.step(Float64Array.from(data.slice(5 * t, 5 * t + 5))).outputs,
  ]).flat();
  await runtime.release();
  expect(ours).toHaveLength(theirs.length);
  const names = own.layers.map(({ json }) => json.config.name).join(' ');
  ours.forEach((value, i) => {
    const far = Math.abs(value - (theirs[i] as number)) / Math.max(1, Math.abs(value));
    expect(far, `seed ${SEED}, ${names}, value ${i}`).toBeLessThan(1e-5);
  });
}

const shapeOf = ({ model }: Imported) => [
  ...model.layers.map(({ cell, inputs, cells }) => `${cell} ${inputs} ${cells}`),
  ...(model.output === null ? [] : [`output ${model.output.inputs} ${model.output.outputs}`]),
];

describe('dense layers of a Keras network', () => {
  it.each(
    FUNCTION_NAMES.flatMap((name) => ([2, 3] as const).map((version) => ({ name, version }))),
  )(
    'with $name before, between and behind recurrent layers, of Keras $version',
    async ({ name, version }) => {
      const own = chain(version).dense(4, name).lstm(3);
      own.dense(6, name, 'layer').dropout().lstm(2);
      own.dense(4, name, 'each frame').dense(3);
      const imported = read(own.layers, version);
      expect(imported.leftOut).toEqual([]);
      expect(imported.model.layers.map(({ cell }) => cell.split('-')[0])).toEqual([
        'dense',
        'lstm',
        'dense',
        'lstm',
        'dense',
      ]);
      await expectSame(own, imported);
    },
  );

  it('alone, on frames or on vectors', async () => {
    const own = chain(2, [null]).dense(8, 'relu').dense(7, 'tanh').dense(3).final('softmax');
    const imported = read(own.layers);
    expect(shapeOf(imported)).toEqual(['dense-linear 5 8', 'dense-tanh 8 7', 'output 7 3']);
    expect(imported.notes).toEqual([
      'frames are the input input_1 of the network [batch, frames, 5]',
      'outputs are output final [batch, frames, 3], behind softmax, which the hardware leaves out: it gives the sums',
    ]);
    await expectSame(own, imported);
    const vector = chain(2, []).dense(8, 'relu').dense(3);
    const flat = read(vector.layers);
    expect(flat.notes).toEqual([
      'frames are the input input_1 of the network [batch, 5]',
      'outputs are output dense_1 [batch, 3]',
    ]);
    expect(flat.frames?.axes).toEqual([['batch'], ['feature']]);
    expect(flat.outputs).toMatchObject([{ lastFrame: false, axes: [['batch'], ['feature']] }]);
    await expectSame(vector, flat);
  });

  it('a single one is a layer of the hardware', async () => {
    const own = chain().dense(3).final('sigmoid');
    const imported = read(own.layers);
    expect(shapeOf(imported)).toEqual(['dense-linear 5 3']);
    expect(imported.outputs).toMatchObject([{ name: 'final', final: 'sigmoid' }]);
    await expectSame(own, imported);
  });

  it('with a function at the end that hardware computes', async () => {
    for (const name of ['relu', 'relu6', 'tanh', 'hard_sigmoid', 'hard_tanh'] as const) {
      const own = chain().lstm(4).dense(3, name, 'layer');
      const imported = read(own.layers);
      expect(imported.model.output).toBeNull();
      expect(imported.outputs).toMatchObject([{ name: 'activation_2', final: null }]);
      expect(imported.notes).toContain('outputs are output activation_2 [batch, frames, 3]');
      await expectSame(own, imported);
    }
  });

  it('with a sigmoid between, which is no last one', async () => {
    const own = chain().lstm(4).dense(3, 'sigmoid').dense(2).final('sigmoid');
    const imported = read(own.layers);
    expect(shapeOf(imported)).toEqual(['lstm 5 4', 'dense-sigmoid 4 3', 'output 3 2']);
    await expectSame(own, imported);
  });

  it('with norms folded into the layer before or behind', async () => {
    const own = chain().norm().dense(4).norm().activation('relu').norm();
    own.lstm(3).norm().dense(4).norm().norm().dense(3, 'tanh').norm().dense(2).norm();
    const imported = read(own.layers);
    expect(shapeOf(imported)).toEqual([
      'dense-linear 5 4',
      'lstm 4 3',
      'dense-linear 3 4',
      'dense-tanh 4 3',
      'output 3 2',
    ]);
    await expectSame(own, imported);
  });

  it('with ReLU as a layer, up to a largest value or without', async () => {
    const own = chain().dense(4).clipped(1.5).lstm(3).dense(4).clipped(6).dense(2);
    await expectSame(own, read(own.layers));
    const bare = plain('ReLU', 'r', { max_value: null, negative_slope: 0, threshold: 0 });
    const { model } = read([...chain().dense(4).layers, bare]);
    expect(model.layers[0]?.range).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
  });

  it('behind the last frame alone, and behind an input that is flattened', () => {
    const own = chain().lstm(4).dense(3, 'relu').dense(2).layers;
    const [input, lstm, ...rest] = own as [Layer, Layer, ...Layer[]];
    const config = { ...lstm.json.config, return_sequences: false };
    const last = { ...lstm, json: { ...lstm.json, config } };
    const imported = read([input, last, ...rest]);
    expect(imported.outputs).toMatchObject([{ lastFrame: true, axes: [['batch'], ['feature']] }]);
    const [small, ...dense] = chain().dense(4, 'relu').dense(2).layers as [Layer, ...Layer[]];
    const image = {
      ...small,
      json: { ...small.json, config: { name: 'input_1', batch_input_shape: [null, 1, 5] } },
    };
    const flat = read([image, plain('Flatten', 'flatten'), ...dense]);
    expect(flat.notes[0]).toBe(
      'frames are the input of the network as flatten arranges it, [batch, 5]',
    );
  });

  it('in part, where the user says which', async () => {
    const own = chain().dense(4, 'relu').dense(3, 'tanh');
    const more = [...own.layers, plain('Dense', 'more', { units: 2, activation: 'elu' })];
    const imported = read(more, 2, 'fc=dense_1');
    expect(imported).toMatchObject({ headLeftOut: true });
    expect(imported.leftOut.map(({ name }) => name)).toEqual(['more']);
    await expectSame(own, imported);
  });

  it('150 random networks compute the same', async () => {
    for (let n = 0; n < 150; n++) {
      const version = random.below(2) === 0 ? 2 : 3;
      const own = chain(version);
      const pick = <T>(...of: readonly T[]) => of[random.below(of.length)] as T;
      for (let layers = 1 + random.below(5); layers > 0; layers--) {
        if (random.below(4) === 0) own.norm();
        if (random.below(3) === 0) own.lstm(1 + random.below(4));
        else {
          own.dense(1 + random.below(5));
          if (random.below(3) === 0) own.norm();
          if (random.below(6) === 0) own.clipped(random.unit() + 0.1);
          else own.activation(pick(...FUNCTION_NAMES));
        }
      }
      // a sigmoid that is the last one is left out
      own.dense(2);
      await expectSame(own, read(own.layers, version));
    }
  });
});

describe('of dense layers is refused, by name', () => {
  const at = (...layers: Layer[]) => [...chain().lstm(4).dense(4).layers, ...layers];
  const activation = (name: unknown) => plain('Activation', 'f', { activation: name });
  it.each([
    'elu',
    'selu',
    'gelu',
    'softplus',
    'softsign',
    'swish',
    'silu',
    'mish',
    'exponential',
    'leaky_relu',
    'hard_silu',
  ])('the function %s', (name) => {
    const report = refusal(() => read(at(activation(name))));
    expect(report).toMatchObject({
      code: 'OUTPUT_NOT_TAKEN',
      field: 'f',
      got: `${name} behind dense_1`,
    });
    const [input, dense] = chain().dense(4).layers as [Layer, Layer];
    const config = { ...dense.json.config, activation: name };
    const before = [input, { ...dense, json: { ...dense.json, config } }];
    const { layers } = chain().lstm(4);
    expect(refusal(() => read([...before, ...layers.slice(1)])).got).toContain(name);
  });

  it.each<[string, Layer, string]>([
    ['LeakyReLU', plain('LeakyReLU', 'f', { alpha: 0.3 }), 'OUTPUT_NOT_TAKEN'],
    ['PReLU', plain('PReLU', 'f'), 'OUTPUT_NOT_TAKEN'],
    ['ELU', plain('ELU', 'f'), 'OUTPUT_NOT_TAKEN'],
    ['1', plain('ReLU', 'f', { negative_slope: 1 }), 'KERAS_LAYER'],
    ['0.5', plain('ReLU', 'f', { threshold: 0.5 }), 'KERAS_LAYER'],
    ['-1', plain('ReLU', 'f', { max_value: -1 }), 'KERAS_LAYER'],
    ['0.1', plain('ReLU', 'f', { alpha: 0.1 }), 'KERAS_OPTION'],
    [
      'registered_name',
      activation({ class_name: 'function', registered_name: 'relu' }),
      'OUTPUT_NOT_TAKEN',
    ],
  ])('%s', (got, layer, code) => {
    const report = refusal(() => read(at(layer)));
    expect(report.code).toBe(code);
    expect(report.got).toContain(got);
  });

  it('functions behind each other, or with a norm before', () => {
    const twice = chain().dense(4, 'relu').activation('tanh').dense(2).layers;
    expect(refusal(() => read(twice))).toMatchObject({ got: 'tanh behind relu of dense_0' });
    const norm = chain().dense(4, 'relu').norm().activation('relu').dense(2).layers;
    expect(refusal(() => read(norm))).toMatchObject({ got: 'relu behind bn_1' });
    const end = chain().dense(4, 'relu').norm().layers;
    expect(refusal(() => read(end)).got).toBe('BatchNormalization as the output');
  });

  it('softmax between layers, and relu on h', () => {
    const { layers } = chain().lstm(4).dense(4).final('softmax');
    const more = chain().dense(4).layers.slice(1);
    const report = refusal(() => read([...layers, ...more]));
    expect(report).toMatchObject({ code: 'OUTPUT_NOT_TAKEN', field: 'dense_0' });
    expect(report.expected).toContain('nothing behind softmax');
    const relu = chain().lstm(4).activation('relu').dense(2).layers;
    expect(refusal(() => read(relu)).got).toBe('relu on h of lstm_0');
  });

  it('a hard sigmoid of no version, which there are two of', () => {
    const { layers } = chain().dense(4, 'hard_sigmoid').dense(2);
    const source = { ...h5Source(layers), version: null };
    const report = refusal(() => importKeras(source, 'f', parseMap([])));
    expect(report).toMatchObject({ code: 'KERAS_LAYER', field: 'dense_0.activation' });
  });

  it('inputs of other axes, of dense layers alone', () => {
    const dense = chain().dense(4).layers.slice(1);
    const input = plain('InputLayer', 'input_1', { batch_input_shape: [null, 3, 4, 5] });
    expect(refusal(() => read([input, ...dense])).code).toBe('FRAMES_UNSETTLED');
    const conv = plain('Conv2D', 'conv');
    expect(refusal(() => read([input, conv, ...dense])).field).toBe('conv');
    expect(refusal(() => read([input, conv, ...dense], 2, 'frames=conv')).field).toBe('conv');
    const flat = plain('Flatten', 'flat');
    const vectors = read([input, conv, flat, ...dense], 2, 'frames=flat');
    expect(vectors.frames).toMatchObject({ name: 'flat', axes: [['batch'], ['feature']] });
    expect(refusal(() => read([input, flat, ...dense])).code).toBe('TENSOR_SHAPE');
  });

  it('branches, and what leaves nothing', () => {
    const { layers } = chain().dense(4, 'relu').dense(2);
    expect(refusal(() => read(layers, 2, 'fc=none')).code).toBe('BAD_MAP');
    expect(refusal(() => read(layers, 2, 'lstm=dense_0')).code).toBe('BAD_MAP');
    const config = functional(layers, { dense_1: [['input_1', 0, 0]] }, ['dense_0', 'dense_1']);
    const branches = refusal(() => importKeras(h5Source(layers, config), 'f', parseMap([])));
    expect(branches).toMatchObject({ code: 'LSTM_AMBIGUOUS', field: 'dense layers' });
    const skip = [...layers, plain('Add', 'add')];
    const around = functional(skip, {
      add: [
        ['dense_1', 0, 0],
        ['dense_0', 0, 0],
      ],
    });
    const added = refusal(() => importKeras(h5Source(skip, around), 'f', parseMap([])));
    expect(added).toMatchObject({ code: 'OUTPUT_NOT_TAKEN', field: 'add' });
  });
});
