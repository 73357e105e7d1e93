import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { type FloatModel, sourcesOf } from '../../../generator/network/float/model.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import type { Imported } from '../../../generator/network/import/imported.js';
import { importKeras } from '../../../generator/network/import/keras/import-keras.js';
import { runBothWays } from '../../support/both-ways.js';
import { refusal } from '../../support/refusal.js';
import {
  h5Source,
  inputLayer,
  type Layer,
  lstmLayer,
  plain,
  sequential,
} from './support/keras-files.js';
import { randomLayer } from './support/lstm-reference.js';
import { random } from './support/standard-network.js';

const folder = 'test/network/import/files/keras-directions/';
const { frames, outputs } = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as {
  readonly frames: readonly (readonly number[])[][];
  readonly outputs: Readonly<Record<string, readonly unknown[]>>;
};
const read = (name: string): Imported => importNetwork(readFileSync(folder + name), name);

/** Layers by their direction: `<` backward, `!` in the order of its steps; then what they read. */
const shown = (model: FloatModel) =>
  model.layers.map(({ cell, direction, aligned }, l) => {
    const marks = `${direction ? '<' : ''}${aligned === false ? '!' : ''}`;
    return `${cell}${marks} ${sourcesOf(model, l).join()}`;
  });

describe('Keras layers that run backward, or in both directions', () => {
  it.each<[string, readonly string[], boolean]>([
    ['every.keras', ['lstm -1', 'lstm< -1', 'lstm 0,1', 'lstm< 0,1'], false],
    ['every.h5', ['lstm -1', 'lstm< -1', 'lstm 0,1', 'lstm< 0,1'], false],
    ['gru.keras', ['gru -1', 'gru< -1', 'gru 0,1', 'gru<! 0,1'], true],
    ['sum.h5', ['rnn-tanh -1', 'rnn-tanh< -1', 'lstm 0,1', 'lstm<! 0,1'], true],
    ['ave.keras', ['gru -1', 'gru< -1'], false],
    ['back.keras', ['lstm<! -1', 'gru<! 0'], true],
    ['back.h5', ['lstm<! -1', 'gru<! 0'], true],
    ['stack.keras', ['lstm -1', 'lstm 0', 'lstm< -1', 'lstm< 2'], false],
    ['cells.h5', ['lstm< -1', 'gru<! 0'], false],
    ['own.h5', ['lstm -1', 'gru< -1'], false],
    ['bare.h5', ['lstm -1', 'lstm<! -1', 'dense-linear 0,1'], true],
  ])('%s computes what Keras does with it', (name, layers, ofLast) => {
    const { model, outputs: claims } = read(name);
    expect(shown(model)).toEqual(layers);
    expect(claims).toMatchObject([{ is: 'outputs', lastFrame: ofLast }]);
    const far = frames.map((utterance, u) => {
      const own = runBothWays(model, utterance).outputs;
      const flat = (ofLast ? own.slice(-1) : own).flat();
      const known = [outputs[name]?.[u]].flat(2) as number[];
      expect(flat).toHaveLength(known.length);
      return Math.max(...flat.map((one, i) => Math.abs(one - (known[i] as number))));
    });
    expect(Math.max(...far)).toBeLessThan(1e-6);
  });

  it("are named by the field's own words", () => {
    expect(contentsOf(readFileSync(`${folder}every.keras`), 'f')[1]?.what).toBe(
      'bidirectional LSTM, 4 cells',
    );
    expect(read('bare.h5').notes.join('\n')).toContain('copied by a linear layer');
  });

  it('with the product of both directions are refused', () => {
    const report = refusal(() => read('mul.h5'));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', got: 'mul' });
    expect(report.field).toMatch(/\.merge_mode$/);
  });
});

describe('a Bidirectional layer of Keras is refused', () => {
  const one = lstmLayer(randomLayer(random, 5, 4), 'lstm');
  const wrapped = (options: object, weights: Layer['weights'] = bothWeights): Layer => ({
    ...plain('Bidirectional', 'both', { layer: one.json, merge_mode: 'concat', ...options }),
    weights,
  });
  const bothWeights = Object.fromEntries(
    ['forward', 'backward'].flatMap((way) =>
      Object.entries(one.weights).map(([name, values]) => [`${way}_lstm/${name}`, values]),
    ),
  );
  const import_ = (layer: Layer) => {
    const layers = [inputLayer(null, 5), layer];
    return importKeras(h5Source(layers, sequential(layers)), 'net.h5', new Map());
  };
  const other = (options: object) => ({
    ...one.json,
    config: { ...one.json.config, name: 'back', go_backwards: true, ...options },
  });

  it('only where it is', () => {
    expect(shown(import_(wrapped({})).model)).toHaveLength(3);
    expect(shown(import_(wrapped({ backward_layer: other({}) })).model)).toHaveLength(3);
  });

  it.each<[string, Layer, string, string]>([
    ['that gives both apart', wrapped({ merge_mode: null }), 'LSTM_UNSUPPORTED', 'both.merge_mode'],
    ['of another layer', wrapped({ layer: plain('Conv1D', 'c').json }), 'LSTM_UNSUPPORTED', 'both'],
    [
      'whose forward layer runs backward',
      wrapped({ layer: other({}) }),
      'LSTM_UNSUPPORTED',
      'both.layer.go_backwards',
    ],
    [
      'whose backward layer runs forward',
      wrapped({ backward_layer: other({ go_backwards: false }) }),
      'LSTM_UNSUPPORTED',
      'both.backward_layer.go_backwards',
    ],
    [
      'whose directions give other frames',
      wrapped({ backward_layer: other({ return_sequences: false }) }),
      'LSTM_UNSUPPORTED',
      'both.backward_layer',
    ],
    ['with an option that is not known', wrapped({ odd: 1 }), 'KERAS_OPTION', 'both.odd'],
    [
      'with the weights of the backward direction first',
      wrapped({}, Object.fromEntries(Object.entries(bothWeights).toReversed())),
      'KERAS_WEIGHTS',
      'both.forward',
    ],
    [
      'with the weights of one direction',
      wrapped({}, Object.fromEntries(Object.entries(bothWeights).slice(0, 3))),
      'KERAS_WEIGHTS',
      'both.forward',
    ],
  ])('%s', (_, layer, code, field) => {
    expect(refusal(() => import_(layer))).toMatchObject({ code, field });
  });
});

const zoo = resolve(packageRoot, '../shared/data/zoo');
const there = existsSync(zoo);
if (!there) console.warn(`skipped: the networks of others are not at ${zoo}`);

describe.skipIf(!there)('networks of others with bidirectional layers of Keras', () => {
  it.each<[string, string[], readonly string[]]>([
    [
      'ws-gru-mesa.zip',
      ['frames=masking'],
      ['dense-linear -1', 'gru 0', 'gru< 0', 'gru 1,2', 'gru< 1,2'],
    ],
    [
      'model-attRNN.h5',
      ['frames=squeeze_last_dim', 'fc=none'],
      ['lstm -1', 'lstm< -1', 'lstm 0,1', 'lstm< 0,1', 'dense-linear 2,3'],
    ],
  ])('%s', (name, map, layers) => {
    expect(shown(importNetwork(readFileSync(resolve(zoo, name)), name, { map }).model)).toEqual(
      layers,
    );
  });
});
