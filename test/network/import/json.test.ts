import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { contentsOf } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import {
  expectNetwork,
  flat,
  jsonBytes,
  namedTensors,
  nested,
  readJson,
  type Written,
} from './support/json-networks.js';
import { randomLayer, randomLinear } from './support/lstm-reference.js';

const SEED = 21;
const random = new Random(SEED);
const layers = [randomLayer(random, 5, 4), randomLayer(random, 4, 3)];
const linear = randomLinear(random, 3, 2);
const plain = namedTensors(layers, linear);

const WAYS: readonly [string, Written][] = [
  ['nested lists', nested],
  ['shape and data', (shape, data) => ({ shape, data })],
  ['shape and nested data', (shape, values) => ({ dims: shape, data: nested(shape, values) })],
  ['dtype, shape and values', (shape, values) => ({ dtype: 'float32', shape, values })],
  ['flat lists', flat],
];

describe('tensors by name', () => {
  it.each(WAYS)('%s', (_, write) => {
    const imported = readJson(namedTensors(layers, linear, { write }));
    expect(imported).toMatchObject({ format: 'json', leftOut: [] });
    expect(imported.taken).toHaveLength(10);
    expectNetwork(imported, layers, linear);
    const says = imported.notes.filter((note) => note.includes('flat list')).length;
    expect(says).toBe(write === flat ? 5 : 0);
  });

  it('as a list with names, and as objects within each other', () => {
    const write: Written = (shape, data) => ({ shape, data });
    const all = namedTensors(layers, linear, { write });
    const list = Object.entries(all).map(([name, one]) => ({ name, ...(one as object) }));
    expectNetwork(readJson(list), layers, linear);
    const { 'fc.weight': weight, 'fc.bias': bias, ...lstm } = plain;
    const inner = Object.entries(lstm).map(([name, one]) => [name.slice('lstm.'.length), one]);
    const tree = { state_dict: { lstm: Object.fromEntries(inner), fc: { weight, bias } } };
    expectNetwork(readJson(tree), layers, linear);
  });

  it('words and numbers beside them are asked about', () => {
    const more = { ...plain, activation: 'hard_sigmoid', epoch: 7 };
    expect(refusal(() => readJson(more))).toMatchObject({
      code: 'MODULE_UNKNOWN',
      field: 'activation',
      got: 'activation: "hard_sigmoid"',
    });
    expect(refusal(() => readJson(more, 'outside=activation')).field).toBe('epoch');
    const { leftOut } = readJson(more, 'outside=activation,epoch');
    expect(leftOut.map(({ what }) => what)).toEqual(['"hard_sigmoid"', 'F64 []']);
  });

  const W = 'lstm.weight_ih_l0';
  it.each([
    ['ragged lists', { ...plain, [W]: [[1, 2], [3]] }, 'TENSOR_SHAPE', W],
    ['lists of two depths', { ...plain, [W]: [[1], 2] }, 'TENSOR_SHAPE', W],
    ['a word in a list', { ...plain, [W]: [[1], ['2']] }, 'TENSOR_DTYPE', W],
    ['null in a list', { ...plain, [W]: [[1], [null]] }, 'TENSOR_DTYPE', W],
    ['another count', { ...plain, [W]: { shape: [2, 2], data: [1] } }, 'TENSOR_SHAPE', `${W}.data`],
    ['no sizes', { ...plain, [W]: { shape: [-1, 2], data: [1] } }, 'JSON_FIELD', `${W}.shape`],
    ['a scale', { ...plain, [W]: { shape: [1], data: [1], scale: 2 } }, 'JSON_FIELD', `${W}.scale`],
    [
      'codes',
      {
        ...plain,
        [W]: { shape: [16, 5], data: flat([16, 5], new Array(80).fill(1)), dtype: 'int8' },
      },
      'TENSOR_DTYPE',
      W,
    ],
    ['a name twice', { ...plain, lstm: { weight_ih_l0: [1] } }, 'JSON_NAME', W],
    [
      'a number beyond doubles',
      jsonText(plain).replace(/\[\[[^,]*/, '[[1e999'),
      'TENSOR_NOT_FINITE',
      W,
    ],
    [
      'a flat list without a bias',
      { 'a.weight_ih_l0': [1, 2, 3, 4], 'a.weight_hh_l0': [1, 2, 3, 4] },
      'TENSOR_SHAPE',
      'a.weight_ih_l0',
    ],
    ['a flat list of another length', { ...plain, [W]: [1, 2, 3] }, 'TENSOR_SHAPE', W],
    ['words alone', { a: 'b' }, 'JSON_UNKNOWN', 'JSON'],
    ['lists alone', [[1, 2]], 'JSON_UNKNOWN', 'JSON'],
    ['no LSTM', { a: [[1, 2]] }, 'NOT_AN_LSTM', 'tensor names'],
  ])('refused: %s', (_, value, code, field) => {
    expect(refusal(() => readJson(value))).toMatchObject({ code, field, file: 'net.json' });
  });

  it('what is refused is listed', () => {
    const parts = contentsOf(jsonBytes({ ...plain, cell: 'GRU' }), 'net.json');
    expect(parts).toContainEqual({ name: 'lstm', what: 'LSTM, 5 inputs, 2 layers of 4 cells' });
    expect(parts).toContainEqual({ name: 'cell', what: '"GRU"' });
  });
});

const jsonText = (value: unknown) => JSON.stringify(value);

it('very many short values are refused before they take memory', () => {
  const many = `{"lstm.weight_ih_l0":[${'1,'.repeat(4_000_000)}1]}`;
  expect(refusal(() => readJson(many))).toMatchObject({ code: 'JSON_LIMIT' });
});

describe('GuitarML', () => {
  const layer = randomLayer(random, 1, 6);
  const head = randomLinear(random, 6, 1);
  const data = {
    model: 'SimpleRNN',
    input_size: 1,
    skip: 0,
    output_size: 1,
    unit_type: 'LSTM',
    num_layers: 1,
    hidden_size: 6,
    bias_fl: true,
  };
  const dict = namedTensors([layer], head, { lstm: 'rec', fc: 'lin' });
  const file = (changes: object = {}, more: object = {}) => ({
    model_data: { ...data, ...changes },
    state_dict: { ...dict, ...more },
  });

  it('is taken as model_data says, without a question about one output of one input', () => {
    const imported = readJson(file());
    expect(imported).toMatchObject({ leftOut: [], headLeftOut: false });
    expect(imported.taken).toHaveLength(6);
    expect(imported.notes.at(-1)).toContain('as model_data says');
    expectNetwork(imported, [layer], head);
  });

  it('a skip connection is refused, or left to the user, who is told', () => {
    const report = refusal(() => readJson(file({ skip: 1 })));
    expect(report).toMatchObject({ code: 'SKIP_CONNECTION', field: 'model_data.skip' });
    expect(report.message).toContain('skip connection');
    const imported = readJson(file({ skip: 1 }), 'skip=none');
    expect(imported.headLeftOut).toBe(true);
    expect(imported.leftOut).toEqual([
      { name: 'skip', kind: 'node', what: 'skip connection, adds input 0 to the output' },
    ]);
    expect(imported.notes.at(-1)).toContain('add input 0 of the same frame to the outputs');
    expectNetwork(imported, [layer], head);
    const none = readJson(file({ skip: 1 }), 'fc=none');
    expect(none.model.output).toBeNull();
    expect(none.notes.at(-1)).toContain('left out with it');
    expect(refusal(() => readJson(file(), 'skip=none')).code).toBe('BAD_MAP');
    expect(refusal(() => readJson(plain, 'skip=none')).code).toBe('BAD_MAP');
  });

  it.each([
    ['another cell', { unit_type: 'MGU' }, 'LSTM_UNSUPPORTED', 'model_data.unit_type'],
    [
      'GRU, of which the tensors are none',
      { unit_type: 'GRU' },
      'TENSOR_SHAPE',
      'model_data.input_size',
    ],
    ['another model', { model: 'RNN3' }, 'NOT_AN_LSTM', 'model_data.model'],
    ['another size', { hidden_size: 7 }, 'TENSOR_SHAPE', 'model_data.input_size'],
    ['other inputs', { input_size: 2 }, 'TENSOR_SHAPE', 'model_data.input_size'],
    ['other outputs', { output_size: 2 }, 'TENSOR_SHAPE', 'model_data.output_size'],
    ['more layers', { num_layers: 2 }, 'TENSOR_SHAPE', 'model_data.hidden_size'],
    ['a bias that is none', { bias_fl: false }, 'JSON_FIELD', 'model_data.bias_fl'],
    ['half a skip', { skip: 0.5 }, 'JSON_FIELD', 'model_data.skip'],
    ['a field more', { clip: 1 }, 'JSON_FIELD', 'model_data.clip'],
  ])('refused: %s', (_, changes, code, field) => {
    expect(refusal(() => readJson(file(changes)))).toMatchObject({ code, field });
  });

  it('refused: a layer more, a module more, a part more; and listed', () => {
    const rest = { 'rec.weight_hh_l1': dict['rec.weight_hh_l0'] };
    expect(refusal(() => readJson(file({}, rest))).field).toBe('model_data.num_layers');
    expect(refusal(() => readJson(file({}, { 'x.weight': [[1]] }))).field).toBe('x');
    expect(refusal(() => readJson({ ...file(), more: 1 })).field).toBe('more');
    const [first] = contentsOf(jsonBytes(file({ unit_type: 'GRU', skip: 1 })), 'a');
    expect(first?.what).toBe('SimpleRNN of GRU, with a skip connection');
  });
});
