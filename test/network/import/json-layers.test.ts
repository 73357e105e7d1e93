import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { contentsOf } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { type CellLayer, expectCells, randomCell } from './support/cell-reference.js';
import { expectNetwork, jsonBytes, readJson } from './support/json-networks.js';
import {
  type Gate,
  type GateLayer,
  type Linear,
  randomLayer,
  randomLinear,
  runReference,
} from './support/lstm-reference.js';

const SEED = 22;
const random = new Random(SEED);
const layers = [randomLayer(random, 2, 4), randomLayer(random, 4, 3)];
const linear = randomLinear(random, 3, 2);

const columns = (rows: readonly (readonly number[])[]) =>
  (rows[0] ?? []).map((_, i) => rows.map((row) => row[i]));

/** A layer as Keras has it: columns of gates i, f, c, o, one bias. */
function lstm({ cells, gates: { i, f, g, o } }: GateLayer) {
  const all = (part: (gate: Gate) => readonly (readonly number[])[]) =>
    columns([i, f, g, o].flatMap(part));
  const bias = [i, f, g, o].flatMap(({ Wb, Rb }) => Wb.map((b, j) => b + (Rb[j] as number)));
  const weights = [all(({ W }) => W), all(({ R }) => R), bias];
  return { type: 'lstm', activation: 'tanh', shape: [null, null, cells], weights };
}

const dense = (changes: object = {}) => ({
  type: 'dense',
  activation: '',
  shape: [null, null, 2],
  weights: [columns(linear.W), linear.b],
  ...changes,
});

const file = (list: readonly object[], more: object = {}) => ({
  in_shape: [null, null, 2],
  layers: list,
  ...more,
});
const both = layers.map(lstm);

describe('layers in a row', () => {
  it('with and without a dense layer', () => {
    const imported = readJson(file([...both, dense()]));
    expect(imported).toMatchObject({ format: 'json', leftOut: [], headLeftOut: false });
    expect(imported.taken).toEqual(['layers.0', 'layers.1', 'layers.2']);
    expectNetwork(imported, layers, linear);
    expectNetwork(readJson(file(both)), layers, null);
    const none = readJson(file([...both, dense()]), 'fc=none');
    expect(none).toMatchObject({ headLeftOut: true, taken: ['layers.0', 'layers.1'] });
    expect(none.leftOut).toEqual([{ name: 'layers.2', kind: 'node', what: 'dense' }]);
    expectNetwork(none, layers, null);
  });

  it('with dense layers before and behind, and their functions', () => {
    const [before, behind] = [randomLinear(random, 2, 2), randomLinear(random, 3, 3)];
    const of = ({ W, b }: Linear, activation: string) =>
      dense({ activation, shape: [null, null, b.length], weights: [columns(W), b] });
    const sums = ({ W, b }: Linear, x: readonly number[]) =>
      W.map((row, i) => row.reduce((sum, w, j) => sum + w * (x[j] as number), b[i] as number));
    const relu = (x: readonly number[]) => x.map((one) => Math.max(0, one));
    const frames = Array.from({ length: 20 }, () => [random.unit() - 0.5, random.unit() - 0.5]);
    const { h } = runReference(
      layers,
      null,
      frames.map((frame) => relu(sums(before, frame))),
    );
    const expected = (h.at(-1) ?? []).map((x) => {
      return sums(linear, sums(behind, x).map(Math.tanh));
    });
    const list = [of(before, 'relu'), ...both, of(behind, 'tanh'), dense()];
    const imported = readJson(file(list));
    expect(imported.model.layers.map(({ cell }) => cell)).toEqual([
      'dense-linear',
      'lstm',
      'lstm',
      'dense-tanh',
    ]);
    const network = new FloatNetwork(imported.model);
    frames.forEach((frame, t) => {
      const { outputs } = network.step(Float64Array.from(frame));
      outputs.forEach((one, i) => {
        expect(one).toBeCloseTo(expected[t]?.[i] as number, 9);
      });
    });
    const none = readJson(file(list), 'fc=none');
    expect(none.leftOut.map(({ name }) => name)).toEqual(['layers.3', 'layers.4']);
    expect(none.model.layers).toHaveLength(3);
    const end = readJson(file([...both, dense({ activation: 'relu' })]));
    expect(end.model.output).toBeNull();
    expect(end.model.layers.at(-1)?.range).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
    const alone = file([of(before, 'sigmoid')]);
    expect(readJson(alone).model.layers.map(({ cell }) => cell)).toEqual(['dense-linear']);
    expect(refusal(() => readJson(alone, 'fc=none')).code).toBe('BAD_MAP');
  });

  it('a last sigmoid is left out, gains and the rate are noted', () => {
    const more = { in_gain: -6, out_gain: 20, samplerate: 48000, metadata: {} };
    const imported = readJson(file([...both, dense({ activation: 'sigmoid' })], more));
    expect(imported.leftOut).toEqual([
      { name: 'layers.2.activation', kind: 'node', what: 'sigmoid' },
    ]);
    const notes = imported.notes.join('\n');
    expect(notes).toContain('times 0.501187');
    expect(notes).toContain('multiply by 10 at the end');
    expect(notes).toContain('48000 Hz');
    expectNetwork(imported, layers, linear);
  });

  it('a skip connection is refused, or left to the user', () => {
    const skip = file([...both, dense()], { in_skip: 1 });
    expect(refusal(() => readJson(skip)).message).toContain('skip connection');
    const imported = readJson(skip, 'skip=none');
    expect(imported.headLeftOut).toBe(true);
    expect(imported.leftOut.map(({ name }) => name)).toEqual(['in_skip']);
    expect(refusal(() => readJson(file(both), 'skip=none')).code).toBe('BAD_MAP');
  });

  const cells = [randomCell(random, 'gru', 2, 4), randomCell(random, 'gru', 4, 3)] as const;
  /** A layer as Keras has it: columns of gates z, r, h, the biases of x and those of h. */
  const gruOf = ({ cells, gates: [r, z, h] }: CellLayer) => {
    const own = [z, r, h] as Gate[];
    const bias = [own.flatMap(({ Wb }) => Wb), own.flatMap(({ Rb }) => Rb)];
    const weights = [columns(own.flatMap(({ W }) => W)), columns(own.flatMap(({ R }) => R)), bias];
    return { type: 'gru', activation: 'tanh', shape: [null, null, cells], weights };
  };
  const ofGru = gruOf(cells[0]);

  it('of GRU, and of both cells', () => {
    const imported = readJson(file([...cells.map(gruOf), dense()]));
    expect(imported.taken).toEqual(['layers.0', 'layers.1', 'layers.2']);
    expectCells(imported, cells, linear);
    const [, upper] = layers as [GateLayer, GateLayer];
    const mixed = readJson(file([ofGru, lstm(upper)]));
    expect(mixed.model.layers.map(({ cell }) => cell)).toEqual(['gru', 'lstm']);
  });

  it('of GRU with one bias, whose reset stands before the product', () => {
    const before: CellLayer = {
      ...cells[0],
      reset: 'before',
      gates: cells[0].gates.map((gate) => ({ ...gate, Rb: gate.Rb.map(() => 0) })),
    };
    const [kernel, recurrent, bias = []] = ofGru.weights;
    const one = { ...ofGru, weights: [kernel, recurrent, bias[0]] };
    const imported = readJson(file([one]));
    expectCells(imported, [before], null);
    expect(imported.notes).toContain('layers.0: the reset gate stands before the product');
  });

  const gru = { type: 'gru', activation: '', shape: [null, null, 4], weights: [] };
  const [first, second] = both as [ReturnType<typeof lstm>, ReturnType<typeof lstm>];
  it.each(['elu', 'prelu', 'softmax'])('%s behind a dense layer', (activation) => {
    const report = refusal(() => readJson(file([...both, dense({ activation }), dense()])));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: 'layers.2.activation' });
    expect(report.got).toBe(activation);
  });

  it.each([
    ['a GRU without weights', [gru], 'JSON_FIELD', 'layers.0.weights', 'a list of 0'],
    ['a convolution', [{ ...gru, type: 'conv1d' }], 'LSTM_UNSUPPORTED', 'layers.0.type', 'conv1d'],
    ['sizes of a layer before', [dense(), ...both], 'TENSOR_SHAPE', 'layers.0.weights.0', '[3, 2]'],
    ['sizes behind', [...both, dense(), dense()], 'TENSOR_SHAPE', 'layers.3.weights.0', '[3, 2]'],
    [
      'relu in a cell',
      [{ ...first, activation: 'relu' }],
      'LSTM_UNSUPPORTED',
      'layers.0.activation',
      'relu',
    ],
    ['sizes that differ', [second], 'TENSOR_SHAPE', 'layers.0.weights.0', '[4, 12]'],
    [
      'no bias',
      [{ ...first, weights: first.weights.slice(0, 2) }],
      'JSON_FIELD',
      'layers.0.weights',
      'a list of 2',
    ],
    ['another field', [{ ...first, clip: 1 }], 'JSON_FIELD', 'layers.0.clip', /./],
    ['nothing', [], 'NOT_AN_LSTM', 'layers', 'none'],
  ])('refused: %s', (_, list, code, field, got) => {
    const report = refusal(() => readJson(file(list)));
    expect(report).toMatchObject({ code, field });
    expect(report.got).toMatch(
      got instanceof RegExp ? got : new RegExp(got.replace(/[[\]]/g, '\\$&')),
    );
  });

  it('what is refused is listed', () => {
    expect(contentsOf(jsonBytes(file([gru, dense({ activation: 'relu' })])), 'a')).toEqual([
      { name: 'layers.0', what: 'gru, 4 values' },
      { name: 'layers.1', what: 'dense, 2 values, relu' },
    ]);
  });
});

describe('texts of other programs are refused by name', () => {
  const keras = {
    class_name: 'Sequential',
    config: { layers: [{ class_name: 'LSTM', config: { name: 'l', units: 8 } }] },
  };
  it.each([
    [
      'an index of safetensors',
      /load_file/,
      { metadata: {}, weight_map: { 'lstm.weight_ih_l0': 'model-1.safetensors' } },
      'lstm.weight_ih_l0',
    ],
    [
      'TensorFlow.js',
      /tensorflowjs_converter/,
      {
        format: 'layers-model',
        modelTopology: { model_config: keras },
        weightsManifest: [{ paths: ['a.bin'], weights: [{ name: 'l/kernel', shape: [4, 32] }] }],
      },
      'l',
    ],
    ['Keras model without weights', /model\.save/, keras, 'l'],
    ['ONNX model as JSON', /json_format/, { irVersion: '8', graph: { node: [] } }, 'JSON'],
    [
      'configuration of Hugging Face',
      /model\.safetensors/,
      { architectures: ['X'], model_type: 'x', d: [1, 2] },
      'JSON',
    ],
    ['a notebook', /safetensors/, { cells: [], nbformat: 4 }, 'JSON'],
  ])('%s', (what, how, value, name) => {
    const report = refusal(() => readJson(value));
    expect(report).toMatchObject({ code: 'FOREIGN_FORMAT', field: 'format', file: 'net.json' });
    expect(report.message).toContain(what);
    expect(report.message).toMatch(how);
    expect(contentsOf(jsonBytes(value), 'a').map((part) => part.name)).toEqual([name]);
  });
});
