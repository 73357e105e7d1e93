import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { Imported } from '../../../generator/network/import/imported.js';
import { importKeras } from '../../../generator/network/import/keras/import-keras.js';
import type { KerasSource } from '../../../generator/network/import/keras/source.js';
import { parseMap } from '../../../generator/network/import/map.js';
import { refusal } from '../../support/refusal.js';
import { type OtherCell, randomCell, randomFrames, runCells } from './support/cell-reference.js';
import {
  cellLayer,
  cellOptions,
  cellWeights,
  denseLayer,
  h5Source,
  inputLayer,
  kerasSource,
  type Layer,
  layerJson,
  lstmLayer,
  separateWeights,
} from './support/keras-files.js';
import {
  EXACT,
  type Means,
  randomLayer,
  randomLinear,
  runReference,
} from './support/lstm-reference.js';

const random = new Random(51);
const lstms = [randomLayer(random, 5, 4), randomLayer(random, 4, 3)] as const;
const linear = randomLinear(random, 3, 2);
const frames = randomFrames(5);

const read = (source: KerasSource) => importKeras(source, 'net.h5', parseMap([]));
const refused = (source: KerasSource) => refusal(() => read(source));

/** keras/src/backend: hard_sigmoid is relu6(x + 3) / 6 in Keras 3, 0.2 x + 0.5 before; hard_tanh clips. */
const fifth = (x: number) => Math.min(1, Math.max(0, 0.2 * x + 0.5));
const sixth = (x: number) => Math.min(6, Math.max(0, x + 3)) / 6;
const hardTanh = (x: number) => Math.min(1, Math.max(-1, x));

function expectOutputs({ model }: Imported, expected: readonly (readonly number[])[]): void {
  const network = new FloatNetwork(model);
  const far = frames.flatMap((frame, t) => {
    const own = network.step(Float64Array.from(frame)).outputs;
    return Array.from(own, (one, i) => Math.abs(one - (expected[t]?.[i] as number)));
  });
  expect(Math.max(...far)).toBeLessThan(1e-12);
}

describe('LSTM layers of Keras', () => {
  const file = (options: object, upper = options): readonly Layer[] => [
    inputLayer(null, 5),
    lstmLayer(lstms[0], 'lstm', options),
    lstmLayer(lstms[1], 'lstm_1', upper),
    denseLayer(linear, 'dense'),
  ];
  const hard = { recurrent_activation: 'hard_sigmoid' };

  it.each([
    ['a fifth before Keras 3', h5Source(file(hard)), { ...EXACT, sigmoid: fifth }, 0.2],
    ['a sixth since then', kerasSource(file(hard)), { ...EXACT, sigmoid: sixth }, 1 / 6],
  ] as const)('have a hard sigmoid: %s', (_, source, means, alpha) => {
    const imported = read(source);
    const { outputs } = runReference(lstms, linear, frames, means);
    expectOutputs(imported, outputs);
    expect(imported.model.functions?.sigmoid).toEqual({ kind: 'hard-sigmoid', alpha });
    const text = `hard sigmoid with alpha ${Number(alpha.toPrecision(7))} in its gates`;
    expect(imported.notes.join('\n')).toContain(`lstm_1 has ${text}, as Keras ${source.version}`);
  });

  it('have a hard tanh, with either sigmoid', () => {
    const one = { activation: 'hard_tanh' };
    const exact: Means = { ...EXACT, tanh: hardTanh };
    expectOutputs(read(kerasSource(file(one))), runReference(lstms, linear, frames, exact).outputs);
    const both: Means = { sigmoid: sixth, tanh: hardTanh };
    const imported = read(kerasSource(file({ ...one, ...hard })));
    expectOutputs(imported, runReference(lstms, linear, frames, both).outputs);
    expect(imported.notes.join('\n')).toContain('hard sigmoid with alpha 0.1666667, hard tanh');
  });

  it('of Keras 1 have their own name for it', () => {
    const options = { activation: 'tanh', inner_activation: 'hard_sigmoid' };
    const old: Layer = {
      json: layerJson('LSTM', 'lstm', { output_dim: 4, ...options, return_sequences: true }),
      weights: separateWeights(lstms[0], 'lstm'),
      path: '',
    };
    const imported = read(h5Source([inputLayer(null, 5), old], undefined, { version: '1.2.2' }));
    const { outputs } = runReference([lstms[0]], null, frames, { ...EXACT, sigmoid: fifth });
    expectOutputs(imported, outputs);
  });

  it('are refused where they differ, or no version says which hard sigmoid it is', () => {
    expect(refused(h5Source(file(hard, {})))).toMatchObject({
      code: 'LSTM_UNSUPPORTED',
      field: 'lstm_1',
      got: 'sigmoid',
    });
    const mixed = refused(kerasSource(file({}, { activation: 'hard_tanh' })));
    expect(mixed).toMatchObject({ field: 'lstm_1', got: 'hard tanh' });
    expect(mixed.expected).toContain('tanh, as lstm has it');
    expect(refused({ ...h5Source(file(hard)), version: null })).toMatchObject({
      code: 'KERAS_LAYER',
      field: 'lstm.recurrent_activation',
    });
  });

  it('are refused beside a dense layer with another function', () => {
    const [input, ...rest] = file(hard);
    const source = (activation: string) => {
      const before = denseLayer(randomLinear(random, 5, 5), 'before', { activation });
      return h5Source([input as Layer, before, ...rest]);
    };
    // the one that comes second is named
    expect(refused(source('sigmoid'))).toMatchObject({
      code: 'LSTM_UNSUPPORTED',
      field: 'lstm',
      got: 'hard sigmoid with alpha 0.2',
    });
    for (const own of ['hard_sigmoid', 'tanh', 'relu']) {
      expect(read(source(own)).model.functions?.sigmoid.kind).toBe('hard-sigmoid');
    }
  });
});

describe.each([
  ['gru', undefined],
  ['gru', 'before'],
  ['rnn-tanh', undefined],
] as const)('%s layers of Keras, reset %s', (cell: OtherCell, reset) => {
  const own = { ...randomCell(random, cell, 5, 4), ...(reset && { reset }) };
  const means: Means = { sigmoid: fifth, tanh: hardTanh };
  const options = {
    activation: 'hard_tanh',
    ...(cell === 'gru' && { recurrent_activation: 'hard_sigmoid' }),
  };
  const expected = runCells([own], null, frames, undefined, means);

  it('have hard functions', () => {
    const source = h5Source([inputLayer(null, 5), cellLayer(own, 'rnn', options)]);
    expectOutputs(read(source), expected);
  });

  it('also as cells of an RNN', () => {
    const class_name = cell === 'gru' ? 'GRUCell' : 'SimpleRNNCell';
    const json = { class_name, config: { ...cellOptions(own), ...options } };
    const layer: Layer = {
      json: layerJson('RNN', 'rnn', { cell: json, return_sequences: true }),
      weights: cellWeights(own),
      path: '',
    };
    expectOutputs(read(h5Source([inputLayer(null, 5), layer])), expected);
  });
});

const folder = resolve(packageRoot, '../shared/data/zoo');
const there = existsSync(folder);
if (!there) console.warn(`skipped: the networks of others are not at ${folder}`);

it.skipIf(!there)('a network of others with hard sigmoids is taken', () => {
  const name = 'binary_model.h5';
  const imported = importNetwork(readFileSync(resolve(folder, name)), name);
  expect(imported.model.layers.map(({ cell, cells }) => [cell, cells])).toEqual([
    ['lstm', 100],
    ['lstm', 50],
  ]);
  expect(imported.model.functions?.sigmoid).toEqual({ kind: 'hard-sigmoid', alpha: 0.2 });
  expect(imported.model.output?.outputs).toBe(1);
});
