import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { modelBytes } from '../../../generator/network/compressed-model.js';
import {
  readSafetensors,
  type SafetensorsFile,
  type Tensor,
  writeSafetensors,
} from '../../../generator/network/formats/safetensors.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { randomModel } from '../../../generator/network/random.js';
import { STANDARD_WORDS } from '../../support/kws.js';
import { refusal } from '../../support/refusal.js';
import { type GateLayer, randomLayer, randomLinear } from './support/lstm-reference.js';
import { layerTensors, linearTensors, stateDict, tensor, zeros } from './support/state-dict.js';

const SEED = 20;
const random = new Random(SEED);
const layers = [randomLayer(random, 5, 4), randomLayer(random, 4, 3)];
const [first, second] = layers as [GateLayer, GateLayer];
const linear = randomLinear(random, 3, 2);

const read = (file: SafetensorsFile, ...map: string[]) =>
  importNetwork(writeSafetensors(file), 'net.safetensors', { map });

const stack = (module: string, options = {}) =>
  layers.flatMap((layer, l) => layerTensors(layer, (kind) => `${module}${kind}_l${l}`, options));

describe('of a state_dict is refused', () => {
  const good = stateDict(...stack('lstm.'), ...linearTensors(linear, 'fc'));
  const changed = (name: string, value: Tensor | null): SafetensorsFile => {
    const tensors = new Map(good.tensors);
    if (value === null) tensors.delete(name);
    else tensors.set(name, value);
    return { ...good, tensors };
  };
  const bad = (at: number, value: number) =>
    tensor([16], new Float64Array(16).fill(value, at, at + 1));
  const gru = layerTensors(first, (kind) => `gru.${kind}_l0`).map(
    ([name, { shape }]): [string, Tensor] => [name, zeros(12, ...shape.slice(1))],
  );
  const compressed = randomModel({
    inputs: 4,
    hidden: [4],
    patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
    sharing: 'shared',
    outputs: 0,
    words: STANDARD_WORDS,
    seed: 1,
  });

  it.each<[string, SafetensorsFile, string, string]>([
    [
      'a compressed model',
      readSafetensors(modelBytes(compressed), 'm'),
      'ALREADY_COMPRESSED',
      'hcgs_format',
    ],
    ['no tensors', stateDict(), 'NOT_AN_LSTM', 'tensor names'],
    [
      'a file without recurrent layers',
      stateDict(...linearTensors(linear, 'fc')),
      'NOT_AN_LSTM',
      'tensor names',
    ],
    [
      'a plain RNN of which nobody says the function',
      stateDict(['rnn.weight_ih_l0', zeros(4, 5)], ['rnn.weight_hh_l0', zeros(4, 4)]),
      'NONLINEARITY',
      'rnn',
    ],
    [
      'rows of no cell',
      stateDict(['rnn.weight_ih_l0', zeros(8, 5)], ['rnn.weight_hh_l0', zeros(8, 4)]),
      'TENSOR_SHAPE',
      'rnn.weight_hh_l0',
    ],
    [
      'a part of a second direction',
      changed('lstm.weight_ih_l0_reverse', zeros(16, 5)),
      'TENSOR_MISSING',
      'lstm.weight_hh_l0_reverse',
    ],
    [
      'a projection of other sizes than h',
      changed('lstm.weight_hr_l0', zeros(2, 4)),
      'TENSOR_SHAPE',
      'lstm.weight_hr_l0',
    ],
    [
      'a projection in one of two layers',
      changed('lstm.weight_hr_l0', zeros(4, 4)),
      'TENSOR_MISSING',
      'lstm.weight_hr_l1',
    ],
    [
      'a projection of a GRU',
      stateDict(
        ['rnn.weight_ih_l0', zeros(12, 5)],
        ['rnn.weight_hh_l0', zeros(12, 2)],
        ['rnn.weight_hr_l0', zeros(2, 4)],
      ),
      'TENSOR_SHAPE',
      'rnn.weight_hr_l0',
    ],
    [
      'a projection of a single cell',
      stateDict(
        ['cell.weight_ih', zeros(16, 5)],
        ['cell.weight_hh', zeros(16, 2)],
        ['cell.weight_hr', zeros(2, 4)],
      ),
      'LSTM_UNSUPPORTED',
      'cell.weight_hr',
    ],
    [
      'several LSTMs',
      stateDict(...stack('a.'), ...stack('b.')),
      'LSTM_AMBIGUOUS',
      'recurrent modules',
    ],
    [
      'an LSTM beside a GRU',
      stateDict(...stack('a.'), ...gru),
      'LSTM_AMBIGUOUS',
      'recurrent modules',
    ],
    [
      'cells without an order',
      stateDict(
        ...layerTensors(first, (kind) => `up.${kind}`),
        ...layerTensors(second, (kind) => `down.${kind}`),
      ),
      'LSTM_AMBIGUOUS',
      'recurrent modules',
    ],
    [
      'cells that differ in two numbers',
      stateDict(
        ...layerTensors(first, (kind) => `0.0.${kind}`),
        ...layerTensors(second, (kind) => `1.1.${kind}`),
      ),
      'LSTM_AMBIGUOUS',
      'recurrent modules',
    ],
    [
      'cells whose shapes do not chain',
      stateDict(
        ...layerTensors(second, (kind) => `cells.0.${kind}`),
        ...layerTensors(first, (kind) => `cells.1.${kind}`),
      ),
      'LSTM_AMBIGUOUS',
      'recurrent modules',
    ],
    [
      'several output layers',
      stateDict(...stack('lstm.'), ...linearTensors(linear, 'a'), ...linearTensors(linear, 'b')),
      'OUTPUT_AMBIGUOUS',
      'output layer',
    ],
    ['a missing matrix', changed('lstm.weight_hh_l1', null), 'TENSOR_MISSING', 'lstm.weight_hh_l1'],
    [
      'a missing layer',
      changed('lstm.weight_ih_l3', zeros(4, 1)),
      'TENSOR_MISSING',
      'lstm.weight_ih_l2',
    ],
    ['one bias of two', changed('lstm.bias_hh_l0', null), 'TENSOR_MISSING', 'lstm.bias_hh_l0'],
    ['an output bias of another length', changed('fc.bias', zeros(3)), 'OUTPUT_AMBIGUOUS', 'fc'],
    [
      'integers',
      changed('lstm.bias_ih_l0', { dtype: 'I32', shape: [16], bytes: new Uint8Array(64) }),
      'TENSOR_DTYPE',
      'lstm.bias_ih_l0',
    ],
    [
      'rows that are no multiple of four',
      changed('lstm.weight_ih_l0', zeros(15, 5)),
      'TENSOR_SHAPE',
      'lstm.weight_ih_l0',
    ],
    [
      'another recurrent size',
      changed('lstm.weight_hh_l0', zeros(16, 5)),
      'TENSOR_SHAPE',
      'lstm.weight_hh_l0',
    ],
    [
      'layers that do not follow',
      changed('lstm.weight_ih_l1', zeros(12, 5)),
      'TENSOR_SHAPE',
      'lstm.weight_ih_l1',
    ],
    [
      'an empty matrix',
      changed('lstm.weight_ih_l0', zeros(16, 0)),
      'TENSOR_SHAPE',
      'lstm.weight_ih_l0',
    ],
    [
      'a matrix of one axis',
      changed('lstm.weight_ih_l0', zeros(16)),
      'TENSOR_SHAPE',
      'lstm.weight_ih_l0',
    ],
    ['NaN', changed('lstm.bias_ih_l0', bad(7, Number.NaN)), 'TENSOR_NOT_FINITE', 'lstm.bias_ih_l0'],
    [
      'infinity',
      changed('lstm.bias_ih_l0', bad(9, Number.NEGATIVE_INFINITY)),
      'TENSOR_NOT_FINITE',
      'lstm.bias_ih_l0',
    ],
  ])('%s', (_, file, code, field) => {
    const report = refusal(() => read(file));
    expect(report).toMatchObject({ code, field, file: 'net.safetensors' });
    expect(report.expected).toBeDefined();
    expect(report.got).toBeDefined();
  });

  it('several modules with the way out, a foreign file with its names', () => {
    const several = refusal(() => read(stateDict(...stack('a.'), ...gru))).message;
    expect(several).toContain('--map lstm=NAME');
    expect(several).toContain('a (LSTM), gru (GRU)');
    const two = stateDict(
      ...stack('lstm.'),
      ...linearTensors(linear, 'a'),
      ...linearTensors(linear, 'b'),
    );
    expect(refusal(() => read(two)).message).toMatch(
      /--map fc=a or fc=b for the output layer on h, or fc=none; .*, got a \(.*\), b \(.*\)$/,
    );
    const many = stateDict(
      ...Array.from({ length: 30 }, (_, i) => [`w${i + 10}`, zeros(1)] as const),
    );
    expect(refusal(() => read(many)).message).toMatch(/w10, w11, .* and 10 more$/);
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['lstm.weight_ih=x', 'lstm.weight_ih=x'],
    ['lstm=', 'lstm='],
    ['lstm=other', 'other'],
  ])('--map %s', (map, got) => {
    const report = refusal(() => read(good, map));
    expect(report).toMatchObject({ code: 'BAD_MAP', field: '--map', got });
  });

  it('a map that says two things, or names what is not there', () => {
    expect(refusal(() => read(good, 'fc=a', 'fc=b')).code).toBe('BAD_MAP');
    expect(refusal(() => read(good, 'fc=none', 'fc.bias=fc.bias')).code).toBe('BAD_MAP');
    const missing = (map: string) => refusal(() => read(good, map));
    expect(missing('fc=head')).toMatchObject({ code: 'TENSOR_MISSING', field: 'head.weight' });
    expect(missing('lstm.weight_ih_l0=x')).toMatchObject({ code: 'TENSOR_MISSING', field: 'x' });
    const bare = stateDict(...stack('lstm.', { biases: false }));
    const report = refusal(() => read(bare, 'lstm.bias_ih_l0=x', 'lstm.bias_hh_l0=y'));
    expect(report).toMatchObject({ code: 'TENSOR_MISSING', field: 'x' });
  });
});
