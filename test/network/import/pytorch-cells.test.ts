import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import {
  type SafetensorsFile,
  type Tensor,
  writeSafetensors,
} from '../../../generator/network/formats/safetensors.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { ImportOptions } from '../../../generator/network/import/imported.js';
import { refusal } from '../../support/refusal.js';
import {
  type CellLayer,
  expectCells,
  OTHER_CELLS,
  type OtherCell,
  randomCell,
  torchTensors,
  withoutBiases,
} from './support/cell-reference.js';
import { readJson } from './support/json-networks.js';
import { randomLinear } from './support/lstm-reference.js';
import {
  dict,
  floats,
  global,
  joined,
  pickle,
  tensor as stored,
  text,
  torchFile,
} from './support/pickle.js';
import { linearTensors, stateDict, tensor } from './support/state-dict.js';

const random = new Random(20);
const stackOf = (cell: OtherCell) => [
  randomCell(random, cell, 5, 4),
  randomCell(random, cell, 4, 3),
];
const linear = randomLinear(random, 3, 2);
const said = (cell: OtherCell): ImportOptions =>
  cell === 'gru' ? {} : { nonlinearity: cell === 'rnn-tanh' ? 'tanh' : 'relu' };
const read = (file: SafetensorsFile, options: ImportOptions = {}) =>
  importNetwork(writeSafetensors(file), 'net.safetensors', options);
const tensors = (layers: readonly CellLayer[], prefix: string, more = {}) =>
  layers.flatMap((layer, l) => torchTensors(layer, (kind) => `${prefix}${kind}_l${l}`, more));

describe.each(OTHER_CELLS)('a state_dict of %s computes the same', (cell) => {
  const layers = stackOf(cell);
  const [first] = layers as [CellLayer];
  const options = said(cell);

  it.each(['gru.', '', 'encoder.rnn.'])('under the prefix "%s"', (prefix) => {
    const file = stateDict(...tensors(layers, prefix), ...linearTensors(linear, 'head'));
    const imported = read(file, options);
    expect(imported.leftOut).toEqual([]);
    expect(imported.taken).toHaveLength(10);
    expectCells(imported, layers, linear);
  });

  it.each(['F16', 'F64'] as const)('stored as %s, without an output layer', (dtype) => {
    expectCells(read(stateDict(...tensors(layers, 'a.', { dtype })), options), layers, null);
  });

  it('without biases', () => {
    const imported = read(stateDict(...tensors(layers, 'a.', { biases: false })), options);
    expectCells(imported, layers.map(withoutBiases), null);
    expect(imported.notes).toContain('the biases of the recurrent layers are zeros');
  });

  it('as cells in a list, and as one cell', () => {
    const list = layers.flatMap((one, l) => torchTensors(one, (kind) => `cells.${l}.${kind}`));
    expectCells(read(stateDict(...list), options), layers, null);
    const one = torchTensors(first, (kind) => `cell.${kind}`);
    expectCells(read(stateDict(...one), options), [first], null);
  });

  it('by the names of single tensors', () => {
    const file = stateDict(...torchTensors(first, (kind) => `x.${kind}.y`));
    const kinds = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'];
    const map = kinds.map((kind) => `lstm.${kind}_l0=x.${kind}.y`);
    expectCells(read(file, { ...options, map }), [first], null);
  });

  it('from a learned h', () => {
    const h = [0.5, -0.25, 0.75, 0.125];
    const state: [string, Tensor] = ['h0', tensor([1, 1, 4], h)];
    const file = stateDict(...torchTensors(first, (kind) => `rnn.${kind}_l0`), state);
    const imported = read(file, { ...options, map: ['initial=h0'] });
    expect(imported.model.layers[0]?.initial?.c).toBeNull();
    expect(imported.notes).toContain('an utterance starts from h = h0, as --map says');
    expectCells(imported, [first], null, [h]);
    const report = refusal(() => read(file, { ...options, map: ['initial=h0,h0'] }));
    expect(report).toMatchObject({ code: 'BAD_MAP' });
    expect(report.expected).toBe('initial=H for a cell without c');
    expect(refusal(() => read(file, options)).expected).toContain('initial=h0 for h');
  });

  it('behind a batch norm, which changes the biases of x alone', () => {
    const n = 5;
    const of = (from: number) => Array.from({ length: n }, (_, i) => from + i / 8);
    const parts = { weight: of(0.5), bias: of(-1), running_mean: of(0.25), running_var: of(1) };
    const norm = Object.entries(parts).map(([kind, values]): [string, Tensor] => [
      `bn.${kind}`,
      tensor([n], values, 'F64'),
    ]);
    const file = stateDict(...tensors(layers, 'rnn.', { dtype: 'F64' }), ...norm);
    const imported = read(file, { ...options, map: ['norm=bn', 'norm.eps=0'] });
    const scale = parts.weight.map((one, i) => one / Math.sqrt(parts.running_var[i] as number));
    const shift = parts.bias.map(
      (one, i) => one - (scale[i] as number) * (parts.running_mean[i] as number),
    );
    const folded = {
      ...first,
      gates: first.gates.map((gate) => ({
        ...gate,
        W: gate.W.map((row) => row.map((one, i) => one * (scale[i] as number))),
        Wb: gate.Wb.map((one, j) =>
          (gate.W[j] as number[]).reduce((sum, w, i) => sum + w * (shift[i] as number), one),
        ),
      })),
    };
    expectCells(imported, [folded, ...layers.slice(1)], null);
  });

  it('in JSON of GuitarML', () => {
    const [unit_type] = cell === 'gru' ? ['GRU'] : ['RNN'];
    const own = randomCell(random, cell, 2, 3);
    const head = randomLinear(random, 3, 1);
    const numbers = ({ shape, bytes }: Tensor) => {
      const all = [...new Float64Array(new Uint8Array(bytes).buffer)];
      const [rows = 0, columns] = shape;
      if (columns === undefined) return all;
      return Array.from({ length: rows }, (_, i) => all.slice(i * columns, (i + 1) * columns));
    };
    const named = torchTensors(own, (kind) => `rec.${kind}_l0`, { dtype: 'F64' });
    const file = {
      model_data: {
        model: 'SimpleRNN',
        input_size: 2,
        skip: 0,
        output_size: 1,
        unit_type,
        num_layers: 1,
        hidden_size: 3,
      },
      state_dict: {
        ...Object.fromEntries(named.map(([name, one]) => [name, numbers(one)])),
        'lin.weight': head.W,
        'lin.bias': head.b,
      },
    };
    const bytes = new TextEncoder().encode(JSON.stringify(file));
    expectCells(importNetwork(bytes, 'net.json', options), [own], head);
    if (cell !== 'gru') expect(refusal(() => readJson(file)).code).toBe('NONLINEARITY');
  });
});

it('layers of several cells are a stack where the user says so', () => {
  const layers = [randomCell(random, 'rnn-tanh', 5, 4), randomCell(random, 'gru', 4, 3)];
  const named = layers.flatMap((one, l) => torchTensors(one, (kind) => `${'ab'[l]}.${kind}_l0`));
  const options = { nonlinearity: 'tanh', map: ['lstm=a,b'] } as const;
  expectCells(read(stateDict(...named), options), layers, null);
  const list = layers.flatMap((one, l) => torchTensors(one, (kind) => `net.${l}.${kind}_l0`));
  const report = refusal(() => read(stateDict(...list)));
  expect(report.code).toBe('LSTM_AMBIGUOUS');
  expect(report.message).toContain('net.1 is of GRU, net.0 of RNN');
});

describe('what an RNN does with its sums', () => {
  const [rnn] = stackOf('rnn-relu') as [CellLayer];
  const file = stateDict(...torchTensors(rnn, (kind) => `net.rnn.${kind}_l0`));

  it('is asked for, as tensors do not show it', () => {
    const report = refusal(() => read(file));
    expect(report).toMatchObject({ code: 'NONLINEARITY', field: 'net.rnn' });
    expect(report.expected).toContain('--nonlinearity tanh or --nonlinearity relu');
    expect(read(file, { nonlinearity: 'relu' }).notes).toContain(
      'layer 0, net.rnn, is an RNN with relu, as --nonlinearity says',
    );
  });

  it('is no question about other cells', () => {
    const gru = stateDict(...tensors(stackOf('gru'), 'gru.'));
    const asked = refusal(() => read(gru, { nonlinearity: 'tanh' }));
    expect(asked).toMatchObject({ code: 'NONLINEARITY', field: '--nonlinearity', got: 'gru, gru' });
    expect(refusal(() => read(file, { nonlinearity: 'tanh', reset: 'after' }))).toMatchObject({
      code: 'GRU_RESET',
      field: '--reset',
    });
    expect(refusal(() => read(gru, { reset: 'before' })).code).toBe('GRU_RESET');
    expect(read(gru, { reset: 'after' }).model.layers).toHaveLength(2);
  });

  const entries = {
    weight_ih_l0: stored('0', [3, 2]),
    weight_hh_l0: stored('1', [3, 3]),
  };
  const cellEntries = { weight_ih: entries.weight_ih_l0, weight_hh: entries.weight_hh_l0 };
  const storages = { 0: floats(6), 1: floats(9) };
  /** A module of torch.save(model) in which `rnn` is a module with these attributes. */
  const whole = (type: string, attributes: Record<string, string>, own: object = entries) => {
    const object = (cls: Uint8Array, state: Record<string, Uint8Array>) =>
      joined(cls, ')\x81', dict(state), 'b');
    const empty = dict({});
    const words = Object.entries(attributes).map(([name, value]) => [name, text(value)]);
    const inner = object(global('torch.nn.modules.rnn', type), {
      _parameters: dict(own as typeof entries),
      _buffers: empty,
      _modules: empty,
      ...Object.fromEntries(words),
    });
    const outer = { _parameters: empty, _buffers: empty, _modules: dict({ rnn: inner }) };
    return torchFile(pickle(object(global('net', 'Net'), outer)), storages);
  };
  const of = (bytes: Uint8Array, options: ImportOptions = {}) =>
    importNetwork(bytes, 'net.pt', options).model.layers.map(({ cell }) => cell);

  it('is in a whole module', () => {
    expect(of(whole('RNN', { mode: 'RNN_TANH' }))).toEqual(['rnn-tanh']);
    expect(of(whole('RNN', { mode: 'RNN_RELU' }))).toEqual(['rnn-relu']);
    expect(of(whole('RNNCell', { nonlinearity: 'relu' }, cellEntries))).toEqual(['rnn-relu']);
    const none = refusal(() => of(whole('RNN', {})));
    expect(none).toMatchObject({ code: 'NONLINEARITY', field: 'rnn' });
    const contrary = refusal(() =>
      of(whole('RNN', { mode: 'RNN_RELU' }), { nonlinearity: 'tanh' }),
    );
    expect(contrary).toMatchObject({
      field: '--nonlinearity',
      expected: 'rnn-relu, as the file says',
    });
    const other = refusal(() => of(whole('GRU', { mode: 'GRU' })));
    expect(other).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: 'rnn' });
  });

  /** TorchScript: the object of a class, whose code is text. */
  const script = (lines: readonly string[]) => {
    const object = (cls: Uint8Array, state: Record<string, Uint8Array>) =>
      joined(cls, ')\x81', dict(state), 'b');
    const module = '__torch__.torch.nn.modules.rnn.___torch_mangle_0';
    const root = object(global('__torch__', 'Net'), {
      rnn: object(global(module, 'RNN'), entries),
    });
    const encode = (value: string) => new TextEncoder().encode(value);
    return zipSync({
      'net/data.pkl': pickle(root),
      'net/data/0': floats(6),
      'net/data/1': floats(9),
      'net/constants.pkl': pickle(')'),
      'net/code/__torch__.py': encode('class Net(Module):\n  rnn : Module\n'),
      'net/code/__torch__/torch/nn/modules/rnn/___torch_mangle_0.py': encode(
        [
          'class RNN(Module):',
          ...lines,
          'class Other(Module):',
          '  x = torch.rnn_relu_cell(y)',
        ].join('\n'),
      ),
    });
  };

  it('is in TorchScript: a constant, or the operator that is called', () => {
    const both = ['  a = torch.rnn_tanh(x)', '  b = torch.rnn_relu(x)'];
    expect(of(script(['  mode : Final[str] = "RNN_RELU"', ...both]))).toEqual(['rnn-relu']);
    expect(of(script(both.slice(0, 1)))).toEqual(['rnn-tanh']);
    expect(refusal(() => of(script(both))).code).toBe('NONLINEARITY');
    expect(of(script(both), { nonlinearity: 'relu' })).toEqual(['rnn-relu']);
  });
});
