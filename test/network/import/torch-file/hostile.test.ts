import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importNetwork } from '../../../../generator/network/import/import.js';
import { peakLimit, peakOf } from '../../../../scripts/fuzzing/peak.js';
import { refusal } from '../../../support/refusal.js';
import {
  dict,
  floats,
  global,
  int,
  joined,
  list,
  lstmEntries,
  lstmStorages,
  type Part,
  pickle,
  reduce,
  storage,
  tensor,
  text,
  torchFile,
  tuple,
} from '../support/pickle.js';

const read = (file: Uint8Array, ...map: string[]) => importNetwork(file, 'net.pt', { map });
const refused = (file: Uint8Array, ...map: string[]) => refusal(() => read(file, ...map));
const lstm = lstmEntries('lstm.');
const state = (more: Readonly<Record<string, Part>> = {}) => pickle(dict({ ...lstm, ...more }));

/** A module as torch.save writes it whole. */
const module = (
  type: Uint8Array,
  { tensors = {}, children = {}, more = {} }: Readonly<Record<string, Record<string, Part>>> = {},
): Uint8Array =>
  joined(
    type,
    ')\x81',
    dict({ _parameters: dict(tensors), _buffers: dict({}), _modules: dict(children), ...more }),
    'b',
  );
const torchClass = (name: string): Uint8Array => {
  const at = name.lastIndexOf('.');
  return global(`torch.nn.modules.${name.slice(0, at)}`, name.slice(at + 1));
};

describe('a file of torch from strangers', () => {
  it('runs nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hcgs-pickle-'));
    try {
      const marker = join(folder, 'marker');
      const evil = reduce(global('os', 'system'), text(`touch ${marker}`));
      const { notes } = read(torchFile(state({ evil })));
      expect(notes[0]).toBe('in the state_dict, but no tensors: evil');
      expect(refused(torchFile(pickle(evil)))).toMatchObject({
        code: 'TORCH_NO_STATE',
        got: 'an object of the class os.system',
      });
      // weights hang on it
      const weights = state({ 'lstm.weight_hh_l0': evil });
      expect(refused(torchFile(weights))).toMatchObject({
        code: 'TENSOR_MISSING',
        field: 'lstm.weight_hh_l0',
      });
      expect(existsSync(marker)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes no memory for a list of a million numbers or of one object', () => {
    const million = (item: string) => joined('(', item.repeat(1_000_000), 't');
    const numbers = torchFile(pickle(million('N')), {}, {}, 9);
    expect(peakOf('torch', numbers)).toBeLessThan(peakLimit(numbers.length));
    const shared = torchFile(pickle(joined(']q\x000', million('h\0'))), {}, {}, 9);
    expect(peakOf('torch', shared)).toBeLessThan(peakLimit(shared.length));
  });

  it('is refused when it is cut short, wherever', () => {
    const file = torchFile(state());
    expect(read(file).taken).toHaveLength(4);
    for (let end = 60; end < file.length; end += 37) {
      expect(refused(file.subarray(0, end)).code).toMatch(/^(ZIP|PICKLE|TORCH)_/);
    }
  });

  it.each<[string, Part, string, string]>([
    [
      'more elements than the storage has',
      tensor('0', [12, 2], { length: 23 }),
      'TORCH_INVALID',
      'element 23',
    ],
    [
      'a storage that is too short',
      tensor('0', [12, 2], { offset: 6, length: 30 }),
      'TORCH_INVALID',
      '96',
    ],
    [
      'strides beyond the storage',
      tensor('0', [12, 2], { strides: [2, 2], length: 24 }),
      'TORCH_INVALID',
      'element 24',
    ],
    ['a storage that is missing', tensor('9', [12, 2]), 'TORCH_INVALID', 'no such file'],
    ['another type', tensor('0', [12, 2], { type: 'IntStorage' }), 'TENSOR_DTYPE', 'I32'],
    [
      'a quantised storage',
      tensor('0', [12, 2], { type: 'QInt8Storage' }),
      'TENSOR_UNSUPPORTED',
      'qint8 [12, 2]',
    ],
    [
      'a negated view',
      tensor('0', [12, 2], { more: [dict({ neg: '\x88' })] }),
      'TENSOR_UNSUPPORTED',
      'negated',
    ],
    [
      'an unknown function of torch',
      reduce(global('torch._utils', '_rebuild_x'), int(1)),
      'TENSOR_UNSUPPORTED',
      '_rebuild_x',
    ],
    [
      'a class of tensors',
      reduce(
        global('torch._tensor', '_rebuild_from_type_v2'),
        global('torch._utils', '_rebuild_tensor_v2'),
        global('my', 'Tensor'),
        tuple(storage('0', 24), int(0), tuple(int(12), int(2)), tuple(int(2), int(1)), '\x89', '}'),
        '}',
      ),
      'TENSOR_UNSUPPORTED',
      'of the class my.Tensor',
    ],
    [
      'a shape that is none',
      tensor('0', [12, -2], { length: 24 }),
      'TENSOR_UNSUPPORTED',
      '_rebuild_tensor_v2',
    ],
  ])('has weights with %s', (_, part, code, got) => {
    const report = refused(torchFile(state({ 'lstm.weight_ih_l0': part })));
    expect(report.code).toBe(code);
    expect(String(report.got)).toContain(got);
  });

  it.each<[string, Part]>([
    ['of another kind', joined(tuple(text('thing'), int(1)), 'Q')],
    [
      'of no class of torch',
      joined(
        tuple(text('storage'), global('os', 'FloatStorage'), text('0'), text('cpu'), int(1)),
        'Q',
      ),
    ],
    ['of a type that is not known', storage('0', 1, 'DecimalStorage')],
    [
      'without a length',
      joined(tuple(text('storage'), global('torch', 'FloatStorage'), text('0'), text('cpu')), 'Q'),
    ],
    ['of less than nothing', storage('0', -1)],
  ])('has a storage %s', (_, part) => {
    expect(refused(torchFile(pickle(part))).code).toBe('TORCH_INVALID');
  });

  it('repeats few numbers without end', () => {
    const large = tensor('0', [100_000, 1000], { strides: [0, 0], length: 24 });
    const report = refused(torchFile(state({ large })), 'outside=large');
    expect(report).toMatchObject({ code: 'TORCH_LIMIT', field: 'large' });
    expect(report.expected).toContain('64 MiB and 3 times the file');
  });

  it('unpacks to much more than itself', () => {
    const zeros = { ...lstmStorages(), 7: new Uint8Array(80e6) };
    const report = refused(torchFile(state(), zeros, {}, 9));
    expect(report.code).toBe('ZIP_LIMIT');
    // deflated as such, as torch never does
    expect(read(torchFile(state(), lstmStorages(), {}, 9)).taken).toHaveLength(4);
  });

  it('has two networks in one archive, or another order of bytes', () => {
    const two = torchFile(state(), lstmStorages(), { 'other/data.pkl': state() });
    expect(refused(two).code).toBe('TORCH_INVALID');
    const order = { 'net/byteorder': joined('middle') };
    expect(refused(torchFile(state(), lstmStorages(), order)).field).toBe('byteorder');
    const swapped = Object.entries(lstmStorages()).map(([key, bytes]) => [
      key,
      Uint8Array.from(bytes, (_, i) => bytes[i - (i % 4) + 3 - (i % 4)] as number),
    ]);
    const big = torchFile(state(), Object.fromEntries(swapped), { 'net/byteorder': joined('big') });
    expect(read(big).model).toEqual(read(torchFile(state())).model);
  });

  it('has a module that holds itself, or others a million times', () => {
    const own = global('net', 'Net');
    const itself = pickle(
      own,
      ')\x81q\0',
      dict({ _parameters: dict({}), _buffers: dict({}), _modules: dict({ a: 'h\0' }) }),
      'b',
    );
    expect(refused(torchFile(itself))).toMatchObject({ code: 'TORCH_LIMIT' });
    const levels = Array.from({ length: 40 }, (_, i) => [
      module(own, { children: { a: joined('h', [i]), b: joined('h', [i]) } }),
      joined('q', [i + 1]),
    ]);
    const doubled = pickle(module(own), 'q\0', ...levels.flat());
    expect(refused(torchFile(doubled)).expected).toBe('at most 20000 modules');
  });

  it('nests lists and dictionaries deeply', () => {
    const deep = pickle(dict(lstm), '0', ']'.repeat(50_000), dict(lstm), 'a'.repeat(50_000));
    expect(read(torchFile(deep)).taken).toHaveLength(4);
  });
});

describe('a whole module', () => {
  const cell = (type: string) => module(torchClass(type), { tensors: lstmEntries() });
  const net = (children: Record<string, Part>) =>
    torchFile(pickle(module(global('net', 'Net'), { children })));
  const linear = (name = 'linear.Linear') =>
    module(torchClass(name), {
      tensors: {
        weight: tensor('1', [5, 3], { length: 36 }),
        bias: tensor('2', [5], { length: 12 }),
      },
    });

  it('is taken as its state_dict is', () => {
    const { model, notes } = read(net({ lstm: cell('rnn.LSTM'), fc: linear() }));
    expect(model.output?.outputs).toBe(5);
    expect(notes[0]).toContain('net.Net');
  });

  it('has a class of its own in place of torch.nn.LSTM', () => {
    const own = module(global('mine', 'HardLSTM'), { tensors: lstmEntries() });
    const file = net({ lstm: own });
    expect(refused(file)).toMatchObject({
      code: 'LSTM_UNSUPPORTED',
      field: 'lstm',
      got: 'a mine.HardLSTM',
    });
    expect(read(file, 'lstm=lstm').taken).toHaveLength(4);
  });

  it('has another class in place of torch.nn.Linear', () => {
    const report = refused(net({ lstm: cell('rnn.LSTM'), fc: linear('sparse.Embedding') }));
    expect(report.expected).toContain('it is a torch.nn.modules.sparse.Embedding');
  });

  it.each(['activation.ReLU', 'activation.Tanh', 'normalization.LayerNorm', 'pooling.AvgPool1d'])(
    'has a %s, which can stand anywhere',
    (type) => {
      const report = refused(
        net({ lstm: cell('rnn.LSTM'), mid: module(torchClass(type)), fc: linear() }),
      );
      expect(report).toMatchObject({ code: 'MODULE_UNKNOWN', field: 'mid' });
      expect(report.got).toBe(`mid (${type.split('.')[1]})`);
    },
  );

  it.each(['dropout.Dropout', 'linear.Identity', 'loss.MSELoss', 'container.Sequential'])(
    'has a %s, which changes nothing',
    (type) => {
      const { leftOut } = read(
        net({ lstm: cell('rnn.LSTM'), mid: module(torchClass(type)), fc: linear() }),
      );
      expect(leftOut).toEqual([{ kind: 'node', name: 'mid', what: type.split('.')[1] }]);
    },
  );

  it('has a function within a list of cells: naming the list is not enough', () => {
    const cellOf = (i: number) =>
      module(torchClass('rnn.LSTMCell'), {
        tensors: {
          weight_ih: tensor(i === 0 ? '0' : '1', [12, i === 0 ? 2 : 3]),
          weight_hh: tensor('1', [12, 3]),
        },
      });
    const file = net({
      cells: module(torchClass('container.ModuleList'), {
        children: { 0: cellOf(0), 1: cellOf(1) },
      }),
      act: module(torchClass('activation.ReLU')),
    });
    for (const map of [[], ['lstm=cells', 'fc=none']]) {
      expect(refused(file, ...map)).toMatchObject({ code: 'MODULE_UNKNOWN', field: 'act' });
    }
    expect(read(file, 'outside=act').model.layers).toHaveLength(2);
  });

  it('has tensors that are no parameters', () => {
    const loose = module(global('net', 'Net'), {
      children: { lstm: cell('rnn.LSTM') },
      more: { mean: tensor('0', [2], { length: 24 }) },
    });
    expect(read(torchFile(pickle(loose))).notes).toContain(
      'tensors that are no parameters are not looked at: mean',
    );
  });
});

describe('which dictionary is the network', () => {
  it('one in a list, under keys of its own, or in an unknown object', () => {
    for (const [root, path] of [
      [list(int(1), dict(lstm)), '1'],
      [dict({ a: dict({ 'b.c': dict(lstm) }) }), 'a.b.c'],
      [joined(global('my', 'Trainer'), ')\x81', dict({ net: dict(lstm) }), 'b'), 'net'],
    ] as const) {
      const { notes, taken } = read(torchFile(pickle(root)));
      expect(notes[0]).toBe(`the network is ${path} of the file`);
      expect(taken).toHaveLength(4);
      expect(read(torchFile(pickle(root)), `state=${path}`).notes[0]).toContain('as --map says');
    }
  });

  it('either of two that are equal, by their storages or by their values', () => {
    const other = Object.fromEntries(
      Object.entries(lstm).map(([name], i) => [
        name,
        tensor(`${i + 4}`, [[12, 2], [12, 3], [12], [12]][i] as number[]),
      ]),
    );
    const storages = {
      ...lstmStorages(),
      4: floats(24),
      5: floats(36),
      6: floats(12),
      7: floats(12),
    };
    for (const second of [dict(lstm), dict(other)]) {
      const { notes } = read(torchFile(pickle(dict({ a: dict(lstm), b: second })), storages));
      expect(notes.slice(0, 2)).toEqual([
        'the network is a of the file',
        'b holds the same values',
      ]);
    }
    const changed = { ...storages, 7: new Uint8Array(48) };
    const report = refused(torchFile(pickle(dict({ a: dict(lstm), b: dict(other) })), changed));
    expect(report).toMatchObject({ code: 'TORCH_SEVERAL', field: 'state_dict' });
    expect(report.expected).toBe('one network, or --map state=a or --map state=b');
  });

  it('with state_dicts of other modules beside it, which are asked about; not an optimiser', () => {
    const beside = dict({ weight: tensor('1', [7, 3], { length: 36 }) });
    const adam = dict({ state: joined('}', int(0), dict({ exp_avg: tensor('0', [12, 2]) }), 's') });
    const report = refused(torchFile(pickle(dict({ lstm: dict(lstmEntries()), critic: beside }))));
    expect(report).toMatchObject({ code: 'OUTPUT_AMBIGUOUS', field: 'critic' });
    const { notes, taken } = read(torchFile(pickle(dict({ net: dict(lstm), adam }))));
    expect(taken).toHaveLength(4);
    expect(notes[1]).toBe('beside it in the file, not looked at: adam');
  });

  it('names of modules without weights tell of an activation, or of a list', () => {
    const named = (...names: string[]) =>
      torchFile(
        pickle(
          reduce(global('collections', 'OrderedDict')),
          joined(
            '(',
            ...Object.entries({
              ...lstm,
              'fc.0.weight': tensor('1', [5, 3], { length: 36 }),
              'fc.0.bias': tensor('2', [5], { length: 12 }),
            }).flatMap(([key, one]) => [text(key), one]),
            'u',
          ),
          dict({
            _metadata: dict(
              Object.fromEntries(['', 'lstm', 'fc', 'fc.0', ...names].map((name) => [name, '}'])),
            ),
          }),
          'b',
        ),
      );
    for (const name of ['act', 'relu1', 'fc.1', 'enc.activation', 'bn', 'layernorm']) {
      expect(refused(named(name))).toMatchObject({ code: 'MODULE_UNKNOWN', field: name });
      expect(read(named(name), 'fc=fc.0').model.output).not.toBeNull();
    }
    for (const name of ['dropout', 'fc.dropout'])
      expect(read(named(name)).leftOut[0]?.name).toBe(name);
    expect(read(named('embedding')).notes.join()).toContain('only the names: embedding');
  });
});
