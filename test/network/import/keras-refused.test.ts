import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { Random } from '../../../generator/base/random.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import { importKeras } from '../../../generator/network/import/keras/import-keras.js';
import type { KerasSource } from '../../../generator/network/import/keras/source.js';
import { parseMap } from '../../../generator/network/import/map.js';
import { refusal } from '../../support/refusal.js';
import {
  denseLayer,
  functional,
  h5Source,
  inputLayer,
  kerasSource,
  type Layer,
  lstmLayer,
  plain,
  sequential,
} from './support/keras-files.js';
import { randomLayer, randomLinear } from './support/lstm-reference.js';

const SEED = 43;
const random = new Random(SEED);
const first = randomLayer(random, 5, 4);
const second = randomLayer(random, 4, 3);
const linear = randomLinear(random, 3, 2);
const input = inputLayer(null, 5);
const lower = lstmLayer(first, 'lstm');
const upper = lstmLayer(second, 'lstm_1');
const dense = denseLayer(linear, 'dense');

const refused = (source: KerasSource, ...map: string[]) =>
  refusal(() => importKeras(source, 'net.h5', parseMap(map)));
const of = (...layers: Layer[]) => h5Source(layers);
const lstm = (options: object) => of(input, lstmLayer(first, 'lstm', options));
const gru = plain('GRU', 'gru', { units: 4 });
const wrapped = (class_name: string, layer: Layer) => ({
  ...plain(class_name, 'wrapped', { layer: layer.json }),
  weights: layer.weights,
});

describe('of a Keras network is refused', () => {
  it.each<[string, KerasSource, string, string, string]>([
    [
      'softsign',
      lstm({ recurrent_activation: 'softsign' }),
      'LSTM_UNSUPPORTED',
      'lstm.recurrent_activation',
      'softsign',
    ],
    [
      'relu in the cell',
      lstm({ activation: 'relu' }),
      'LSTM_UNSUPPORTED',
      'lstm.activation',
      'relu',
    ],
    [
      'no word of an activation',
      lstm({ recurrent_activation: undefined }),
      'LSTM_UNSUPPORTED',
      'lstm.recurrent_activation',
      'nothing',
    ],
    [
      'a function of its own',
      lstm({ activation: { class_name: 'function', config: 'tanh', registered_name: 'function' } }),
      'LSTM_UNSUPPORTED',
      'lstm.activation',
      'class_name',
    ],
    [
      'an option that is not known',
      lstm({ peephole: true }),
      'KERAS_OPTION',
      'lstm.peephole',
      'true',
    ],
    [
      'quantised weights',
      lstm({ dtype: { class_name: 'QuantizedDTypePolicy' } }),
      'KERAS_OPTION',
      'lstm.dtype',
      'Quantized',
    ],
    [
      'a GRU without a word of its functions',
      of(input, gru, dense),
      'LSTM_UNSUPPORTED',
      'gru.activation',
      'nothing',
    ],
    [
      'an RNN with another function',
      of(input, plain('SimpleRNN', 'rnn', { units: 4, activation: 'sigmoid' })),
      'LSTM_UNSUPPORTED',
      'rnn.activation',
      'sigmoid',
    ],
    [
      'RNN of other cells',
      of(input, plain('RNN', 'rnn', { cell: { class_name: 'MinimalRNNCell', config: {} } })),
      'LSTM_UNSUPPORTED',
      'rnn',
      'RNN of MinimalRNNCell',
    ],
    [
      'both directions of something else',
      of(input, wrapped('Bidirectional', dense)),
      'LSTM_UNSUPPORTED',
      'wrapped',
      'bidirectional Dense',
    ],
    [
      'a layer of convolutions',
      of(input, lower, plain('ConvLSTM1D', 'c')),
      'LSTM_UNSUPPORTED',
      'c',
      'ConvLSTM1D',
    ],
    [
      'neither recurrent nor dense layers',
      of(input, plain('Conv1D', 'conv')),
      'NOT_AN_LSTM',
      'layers',
      'Conv1D',
    ],
    [
      'a class of its own',
      h5Source([input, { ...lower, json: { ...lower.json, registered_name: 'mine>LSTM' } }]),
      'KERAS_LAYER',
      'lstm',
      'mine>LSTM',
    ],
    [
      'a class of another module',
      h5Source([input, { ...lower, json: { ...lower.json, module: 'mine.layers' } }]),
      'KERAS_LAYER',
      'lstm',
      'mine.layers',
    ],
    [
      'a network that is a program',
      h5Source([input, lower], { class_name: 'Tagger', config: {} }),
      'KERAS_LAYER',
      'model_config',
      'Tagger',
    ],
    [
      'a convolution before',
      of(input, plain('Conv1D', 'conv'), lower),
      'FRAMES_UNSETTLED',
      'conv',
      'Conv1D before the first recurrent layer',
    ],
    [
      'masking',
      of(input, plain('Masking', 'masking', { mask_value: 0 }), lower),
      'FRAMES_UNSETTLED',
      'masking',
      'masked',
    ],
    [
      'a convolution between',
      of(input, lower, plain('Conv1D', 'd', { filters: 4 }), upper),
      'LSTM_BETWEEN',
      'd',
      'Conv1D on h of lstm',
    ],
    [
      'relu between',
      of(input, lower, plain('Activation', 'a', { activation: 'relu' }), upper),
      'LSTM_BETWEEN',
      'a',
      'relu',
    ],
    [
      'a lower layer of the last frame alone',
      of(input, lstmLayer(first, 'lstm', { return_sequences: false }), upper),
      'LSTM_CHAIN',
      'lstm',
      'last frame',
    ],
    [
      'elu behind',
      of(input, lower, upper, denseLayer(linear, 'fc', { activation: 'elu' })),
      'OUTPUT_NOT_TAKEN',
      'fc',
      'elu behind fc',
    ],
    [
      'another recurrent layer behind a dense one',
      of(input, lower, upper, dense, plain('Bidirectional', 'more')),
      'LSTM_UNSUPPORTED',
      'more',
      'bidirectional',
    ],
    [
      'a mean over the frames',
      of(input, lower, upper, plain('GlobalAveragePooling1D', 'mean'), dense),
      'OUTPUT_NOT_TAKEN',
      'mean',
      'GlobalAveragePooling1D',
    ],
    [
      'all frames at once',
      of(inputLayer(9, 5), lower, upper, plain('Flatten', 'flat'), dense),
      'KERAS_LAYER',
      'flat',
      'Flatten of 9 frames',
    ],
    [
      'another order of axes',
      of(input, lower, upper, plain('Permute', 'p', { dims: [2, 1] })),
      'OUTPUT_NOT_TAKEN',
      'p',
      'Permute',
    ],
    [
      'softmax over frames',
      of(input, lower, upper, dense, plain('Softmax', 's', { axis: 1 })),
      'OUTPUT_NOT_TAKEN',
      's',
      'axis 1',
    ],
    [
      'a norm of another axis',
      of(input, plain('BatchNormalization', 'bn', { axis: 1, epsilon: 1e-3 }), lower),
      'KERAS_LAYER',
      'bn.axis',
      '1',
    ],
    ['another number of inputs', of(inputLayer(null, 6), lower), 'LSTM_CHAIN', 'lstm', '5'],
    [
      'weights that are missing',
      h5Source([input, { ...lower, weights: {} }]),
      'KERAS_WEIGHTS',
      'lstm',
      'none',
    ],
    [
      'weights in another order',
      h5Source([
        input,
        {
          ...lower,
          weights: {
            recurrent_kernel: { shape: [], data: [] },
            kernel: { shape: [], data: [] },
            bias: { shape: [], data: [] },
          },
        },
      ]),
      'KERAS_WEIGHTS',
      'model_weights/lstm/lstm/recurrent_kernel:0',
      'another name',
    ],
    [
      'NaN',
      h5Source([
        input,
        {
          ...lower,
          weights: {
            ...lower.weights,
            bias: { shape: [16], data: new Array(16).fill(Number.NaN) },
          },
        },
      ]),
      'TENSOR_NOT_FINITE',
      'model_weights/lstm/lstm/bias:0',
      'NaN',
    ],
    [
      'other numbers of cells',
      lstm({ units: 3 }),
      'TENSOR_SHAPE',
      'model_weights/lstm/lstm/kernel:0',
      '[5, 16]',
    ],
    ['no layers', h5Source([input], sequential([])), 'KERAS_CONFIG', 'model_config.layers', '[]'],
  ])('%s', (_, source, code, field, got) => {
    const report = refused(source);
    expect(report).toMatchObject({ code, field });
    expect(report.got).toContain(got);
  });

  const layers = [input, lower, upper, dense];
  const add = plain('Add', 'add');
  it.each<[string, Layer[], Parameters<typeof functional>[1], string[], string, string]>([
    [
      'h of an inner layer beside',
      [...layers, add],
      {
        add: [
          ['dense', 0, 0],
          ['lstm', 0, 0],
        ],
      },
      ['add'],
      'OUTPUT_NOT_TAKEN',
      'add',
    ],
    [
      'the input beside',
      [...layers, plain('Multiply', 'times')],
      {
        times: [
          ['dense', 0, 0],
          ['input_1', 0, 0],
        ],
      },
      ['times'],
      'OUTPUT_NOT_TAKEN',
      'times',
    ],
    ['a second output', layers, {}, ['dense', 'lstm'], 'OUTPUT_NOT_TAKEN', 'outputs'],
    [
      'branches',
      layers,
      { lstm_1: [['input_1', 0, 0]] },
      ['lstm', 'lstm_1'],
      'LSTM_AMBIGUOUS',
      'recurrent layers',
    ],
    [
      'an initial state',
      layers,
      {
        lstm_1: [
          ['lstm', 0, 0],
          ['input_1', 0, 0],
        ],
      },
      ['dense'],
      'LSTM_STATE',
      'lstm_1',
    ],
    [
      'a state that is read',
      layers,
      { dense: [['lstm_1', 0, 1]] },
      ['dense'],
      'LSTM_UNSUPPORTED',
      'lstm_1',
    ],
    [
      'another use of a layer',
      layers,
      { dense: [['lstm_1', 1, 0]] },
      ['dense'],
      'KERAS_LAYER',
      'lstm_1',
    ],
    [
      'a layer that nobody makes',
      layers,
      { dense: [['nothing', 0, 0]] },
      ['dense'],
      'KERAS_CONFIG',
      'dense',
    ],
  ])('%s', (_, list, inputs, outputs, code, field) => {
    expect(refused(h5Source(list, functional(list, inputs, outputs)))).toMatchObject({
      code,
      field,
    });
  });

  it('layers side by side, with the formats that have them', () => {
    const inputs = {
      side: [
        ['lstm', 0, 0],
        ['lstm_1', 0, 0],
      ],
      dense: [['side', 0, 0]],
    } satisfies Parameters<typeof functional>[1];
    const list = [input, lower, upper, plain('Concatenate', 'side'), dense];
    const report = refused(h5Source(list, functional(list, inputs, ['dense'])));
    expect(report).toMatchObject({ code: 'OUTPUT_NOT_TAKEN', field: 'side' });
    expect(report.expected).toContain('TensorFlow Lite or ONNX file');
  });

  it.each([
    ['Keras 2', [[['lstm', 0, 0, { training: true }]]]],
    [
      'Keras 3',
      [
        {
          args: [{ class_name: '__keras_tensor__', config: { keras_history: ['lstm', 0, 0] } }],
          kwargs: { training: true },
        },
      ],
    ],
  ])('dropout that never stops, in %s', (_, inbound_nodes) => {
    const list = [input, lower, plain('Dropout', 'dropout', { rate: 0.5 })];
    const config = functional(list);
    const last = { ...config.config.layers[2], inbound_nodes };
    const odd = {
      ...config,
      config: { ...config.config, layers: [...config.config.layers.slice(0, 2), last] },
    };
    expect(refused(h5Source(list, odd))).toMatchObject({ code: 'KERAS_LAYER', field: 'dropout' });
  });

  it('a layer without weights in a file of weights alone, where it can change values', () => {
    const source = { ...kerasSource([lower, plain('Masking', 'masking')]), config: null };
    expect(refused(source)).toMatchObject({ code: 'MODULE_UNKNOWN', field: 'masking' });
    expect(importKeras(source, 'net.h5', parseMap(['outside=masking'])).model.layers).toHaveLength(
      1,
    );
    const dropout = { ...kerasSource([lower, plain('Dropout', 'dropout')]), config: null };
    expect(importKeras(dropout, 'net.h5', parseMap([])).model.layers).toHaveLength(1);
  });

  it('a network in which a layer has weights of another one', () => {
    const source = kerasSource(layers);
    const groups = new Map([...source.weights.groups, ['layers/lstm/vars', { name: 'another' }]]);
    const odd = { ...source, weights: { ...source.weights, groups } };
    expect(refused(odd)).toMatchObject({ code: 'KERAS_WEIGHTS', got: 'those of another' });
  });

  it.each<[string, Layer[], string[], string, string]>([
    [
      'a GRU with the reset before the product, of functions that nobody says',
      [
        {
          ...lower,
          weights: {
            kernel: { shape: [5, 12], data: [] },
            recurrent_kernel: { shape: [4, 12], data: [] },
            bias: { shape: [12], data: [] },
          },
        },
      ],
      [],
      'LSTM_AMBIGUOUS',
      'whose default is hard sigmoid',
    ],
    [
      'a layer that can stand anywhere',
      [lower, plain('Lambda', 'lambda')],
      [],
      'MODULE_UNKNOWN',
      'no weights',
    ],
    [
      'a dense layer of other sizes',
      [lower, denseLayer(randomLinear(random, 7, 2), 'd')],
      [],
      'MODULE_UNKNOWN',
      '[7, 2]',
    ],
    [
      'one that could be before',
      [lower, denseLayer(randomLinear(random, 4, 5), 'd')],
      [],
      'MODULE_UNKNOWN',
      '[4, 5]',
    ],
    ['sizes that do not chain', [upper, lower], [], 'LSTM_CHAIN', '5'],
    ['a name that is none', [lower], ['lstm=x'], 'BAD_MAP', 'lstm=x'],
    ['frames', [lower], ['frames=lstm'], 'BAD_MAP', 'frames='],
  ])('of weights alone: %s', (_, list, map, code, got) => {
    const report = refused(h5Source(list, null), ...map);
    expect(report.code).toBe(code);
    expect(report.got).toContain(got);
  });

  it.each([
    'norm=bn',
    'lstm.weight_ih_l0=x',
    'outside=dense',
    'fc=lstm',
    'fc=nothing',
    'frames=dense',
    'lstm=dense',
  ])('--map %s where it means nothing', (map) => {
    expect(refused(h5Source(layers), map).code).toBe('BAD_MAP');
  });
});

const folder = resolve(packageRoot, '../shared/data/zoo');
const there = existsSync(folder);
if (!there) console.warn(`skipped: the networks of others are not at ${folder}`);

describe.skipIf(!there)('networks of others are refused by the word of the field', () => {
  it.each([
    ['model-attRNN.h5', 'TFOpLambda', 27],
    ['ws-gru-mesa.zip', 'Masking', 8],
  ])('%s', (name, word, layers) => {
    const bytes = readFileSync(resolve(folder, name));
    expect(refusal(() => importNetwork(bytes, name)).got).toContain(word);
    expect(contentsOf(bytes, name)).toHaveLength(layers);
  });
});
