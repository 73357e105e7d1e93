import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { emitsLast, type ImportOptions } from '../../../generator/network/import/imported.js';
import { importKeras } from '../../../generator/network/import/keras/import-keras.js';
import type { KerasSource } from '../../../generator/network/import/keras/source.js';
import { weightParts } from '../../../generator/network/import/keras/weights-only.js';
import { parseMap } from '../../../generator/network/import/map.js';
import { refusal } from '../../support/refusal.js';
import {
  type CellLayer,
  expectCells,
  OTHER_CELLS,
  type OtherCell,
  randomCell,
  withoutBiases,
} from './support/cell-reference.js';
import { contentsBytes } from './support/hdf5-files.js';
import {
  cellLayer,
  cellOptions,
  cellWeights,
  cudnnWeights,
  denseLayer,
  h5Contents,
  h5Source,
  inputLayer,
  kerasSource,
  type Layer,
  layerJson,
  plain,
  separateWeights,
  sequential,
} from './support/keras-files.js';
import { randomLinear } from './support/lstm-reference.js';

const random = new Random(41);
const stackOf = (cell: OtherCell) => [
  randomCell(random, cell, 5, 4),
  randomCell(random, cell, 4, 3),
];
const linear = randomLinear(random, 3, 2);

const read = (source: KerasSource, options: ImportOptions = {}) =>
  importKeras(source, 'net.h5', parseMap(options.map ?? []), options);
const refused = (source: KerasSource, options: ImportOptions = {}) =>
  refusal(() => read(source, options));

describe.each(OTHER_CELLS)('%s layers of a Keras network', (cell) => {
  const layers = stackOf(cell);
  const [first, second] = layers as [CellLayer, CellLayer];
  const group = cell === 'gru' ? 'gru' : 'simple_rnn';
  const file = (): readonly Layer[] => [
    inputLayer(null, 5),
    cellLayer(first, 'rnn', {}, group),
    plain('Dropout', 'dropout', { rate: 0.2 }),
    cellLayer(second, 'rnn_1', { return_sequences: false }, `${group}_1`),
    denseLayer(linear, 'dense'),
  ];

  it('are taken from both layouts of files', () => {
    const list = file();
    const whole = importNetwork(contentsBytes(h5Contents(list, sequential(list))), 'net.h5');
    expectCells(whole, layers, linear);
    expect(whole.leftOut).toEqual([]);
    expect(whole.outputs?.[0]).toMatchObject({ lastFrame: true });
    expect(emitsLast(whole)).toBe(true);
    expectCells(read(kerasSource(file())), layers, linear);
  });

  it('without biases', () => {
    const { bias: _, ...weights } = cellWeights(first);
    const bare = { ...cellLayer(first, 'rnn', { use_bias: false }), weights };
    expectCells(read(h5Source([inputLayer(null, 5), bare])), [withoutBiases(first)], null);
  });

  it('as RNN of cells, in a row too', () => {
    const className = cell === 'gru' ? 'GRUCell' : 'SimpleRNNCell';
    const jsonOf = (layer: CellLayer) => ({ class_name: className, config: cellOptions(layer) });
    const one: Layer = {
      json: layerJson('RNN', 'rnn', { cell: jsonOf(first), return_sequences: true }),
      weights: cellWeights(first),
      path: 'layers/rnn/cell',
    };
    expectCells(read(h5Source([inputLayer(null, 5), one])), [first], null);
    const cells = { class_name: 'StackedRNNCells', config: { cells: layers.map(jsonOf) } };
    const all = layers.flatMap((layer, i) =>
      Object.entries(cellWeights(layer)).map(([name, numbers]) => [`${name}_${i}`, numbers]),
    );
    const stacked: Layer = {
      json: layerJson('RNN', 'rnn', { cell: cells, return_sequences: true }),
      weights: Object.fromEntries(all),
      path: 'layers/rnn',
    };
    expectCells(read(h5Source([inputLayer(null, 5), stacked])), layers, null);
  });

  it('behind a batch norm, which changes the biases of x alone', () => {
    const numbers = (data: number[]) => ({ shape: [5], data });
    const of = (from: number) => Array.from({ length: 5 }, (_, i) => from + i / 4);
    const norm: Layer = {
      json: layerJson('BatchNormalization', 'bn', { axis: [2], epsilon: 0 }),
      weights: {
        gamma: numbers(of(0.5)),
        beta: numbers(of(-1)),
        moving_mean: numbers([0, 0, 0, 0, 0]),
        moving_variance: numbers([1, 1, 1, 1, 1]),
      },
      path: 'layers/bn',
    };
    const folded: CellLayer = {
      ...first,
      gates: first.gates.map((gate) => ({
        ...gate,
        W: gate.W.map((row) => row.map((one, i) => one * (of(0.5)[i] as number))),
        Wb: gate.Wb.map((one, j) =>
          (gate.W[j] as number[]).reduce((sum, w, i) => sum + w * (of(-1)[i] as number), one),
        ),
      })),
    };
    const list = [inputLayer(null, 5), norm, cellLayer(first, 'rnn')];
    expectCells(read(h5Source(list)), [folded], null);
  });

  it('with other functions, or with an option that is not known are refused', () => {
    const one = (more: object) => h5Source([inputLayer(null, 5), cellLayer(first, 'rnn', more)]);
    expect(refused(one({ activation: 'elu' }))).toMatchObject({
      code: 'LSTM_UNSUPPORTED',
      field: 'rnn.activation',
    });
    expect(refused(one({ leak: 0.5 }))).toMatchObject({ code: 'KERAS_OPTION', field: 'rnn.leak' });
    const other = refused(one({ recurrent_activation: 'softsign' }));
    expect(other.code).toBe(cell === 'gru' ? 'LSTM_UNSUPPORTED' : 'KERAS_OPTION');
  });
});

describe('the reset gate of a GRU of Keras', () => {
  const [first] = stackOf('gru') as [CellLayer];
  const one = (more: object) => h5Source([inputLayer(null, 5), cellLayer(first, 'gru', more)]);

  const before = { ...first, reset: 'before' } as const;
  const early = (more: object) => h5Source([inputLayer(null, 5), cellLayer(before, 'gru', more)]);

  it('stands before the product without reset_after, also where the option is not known yet', () => {
    for (const reset_after of [false, undefined]) {
      expectCells(read(early({ reset_after })), [before], null);
      const { notes } = read(early({ reset_after }));
      expect(notes).toContain('gru: the reset gate stands before the product');
      expect(refused(one({ reset_after })).code).toBe('TENSOR_SHAPE');
    }
    const { bias: _, ...weights } = cellWeights(before);
    const bare = { ...cellLayer(before, 'gru', { use_bias: false }), weights };
    const none = { ...withoutBiases(before), reset: 'before' } as const;
    expectCells(read(h5Source([inputLayer(null, 5), bare])), [none], null);
  });

  it('is no question to the user, who may say it all the same', () => {
    const whole = (layer: CellLayer, reset: 'before' | 'after') => {
      const list = [inputLayer(null, 5), cellLayer(layer, 'gru')];
      const bytes = contentsBytes(h5Contents(list, sequential(list)));
      return importNetwork(bytes, 'net.h5', { reset });
    };
    expectCells(whole(before, 'before'), [before], null);
    expectCells(whole(first, 'after'), [first], null);
    for (const [layer, reset] of [
      [before, 'after'],
      [first, 'before'],
    ] as const) {
      const report = refusal(() => whole(layer, reset));
      expect(report).toMatchObject({ code: 'GRU_RESET', field: '--reset', got: reset });
    }
  });

  it('stands there in Keras 1, with matrices for each gate', () => {
    const options = { output_dim: 4, activation: 'tanh', inner_activation: 'sigmoid' };
    const old: Layer = {
      json: layerJson('GRU', 'gru', { ...options, return_sequences: true, consume_less: 'cpu' }),
      weights: separateWeights(before, 'gru'),
      path: '',
    };
    const source = h5Source([inputLayer(null, 5), old], undefined, { version: '1.2.2' });
    expectCells(read(source), [before], null);
  });

  it('stands there in cuDNN too', () => {
    const cudnn: Layer = {
      json: layerJson('CuDNNGRU', 'gru', { units: 4, return_sequences: true }),
      weights: cudnnWeights(first),
      path: '',
    };
    expectCells(read(h5Source([inputLayer(null, 5), cudnn])), [first], null);
    expectCells(read(h5Source([cudnn], null)), [first], null);
  });
});

describe('weights alone of Keras', () => {
  const [gru, upper] = stackOf('gru') as [CellLayer, CellLayer];
  const [rnn] = stackOf('rnn-relu') as [CellLayer];
  const bareOf = (layer: CellLayer, name: string): Layer => {
    const { bias: _, ...weights } = cellWeights(layer);
    return { ...cellLayer(layer, name), weights };
  };

  it('are a GRU whose bias shows where the reset gate stands', () => {
    const list = [cellLayer(gru, 'gru'), cellLayer(upper, 'gru_1'), denseLayer(linear, 'dense')];
    const imported = read(h5Source(list, null));
    expectCells(imported, [gru, upper], linear);
    expect(imported.notes[0]).toContain('that the gates are sigmoid and tanh is the default');
    expectCells(read({ ...kerasSource(list), config: null }), [gru, upper], linear);
    const old = h5Source(list, null, { version: '2.1.6-tf' });
    expect(refused(old).code).toBe('LSTM_AMBIGUOUS');
    expect(weightParts(old)[0]).toEqual({ name: 'gru', what: 'GRU, 5 inputs, 4 cells' });
  });

  it('are one with the reset before the product, whose functions the user has to know', () => {
    const before = { ...gru, reset: 'before' } as const;
    const source = h5Source([cellLayer(before, 'gru')], null);
    expect(weightParts(source)[0]?.what).toContain('GRU with the reset before the product');
    expect(refused(source).code).toBe('LSTM_AMBIGUOUS');
    expectCells(read(source, { map: ['lstm=gru'] }), [before], null);
  });

  it('are asked about where nothing shows it', () => {
    const bare = h5Source([bareOf(gru, 'gru')], null);
    expect(refused(bare)).toMatchObject({ code: 'GRU_RESET', field: 'gru' });
    expectCells(read(bare, { reset: 'after' }), [withoutBiases(gru)], null);
    const before = { ...withoutBiases(gru), reset: 'before' } as const;
    expectCells(read(bare, { map: ['lstm=gru'], reset: 'before' }), [before], null);
  });

  it('do not show the function of an RNN', () => {
    const source = h5Source([cellLayer(rnn, 'simple_rnn')], null);
    expect(refused(source)).toMatchObject({ code: 'NONLINEARITY', field: 'simple_rnn' });
    const imported = read(source, { nonlinearity: 'relu' });
    expectCells(imported, [rnn], null);
    expect(imported.notes[0]).toContain('that an RNN has relu --nonlinearity says');
  });
});
