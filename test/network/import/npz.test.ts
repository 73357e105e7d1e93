import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { ELEMENT_BYTES, encodeElements } from '../../../generator/network/formats/elements.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import {
  type CellLayer,
  expectCells,
  ofGates,
  randomCell,
  torchTensors,
  withoutBiases,
} from './support/cell-reference.js';
import { expectNetwork, namedTensors } from './support/json-networks.js';
import { type Gate, randomLayer, randomLinear } from './support/lstm-reference.js';

const SEED = 41;
const random = new Random(SEED);
const layers = [randomLayer(random, 5, 4), randomLayer(random, 4, 3)];
const linear = randomLinear(random, 3, 2);

type Shaped = { readonly shape: readonly number[]; readonly values: readonly number[] };
const arrays = namedTensors(layers, linear, {
  write: (shape, values) => ({ shape, values }),
}) as Record<string, Shaped>;

function npy({ shape, values }: Shaped, descr = '<f8', fortran = false): Uint8Array {
  const type = ({ '<f8': 'float64', '<f4': 'float32', '<f2': 'float16', '|i1': 'int8' } as const)[
    descr
  ];
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.map((n) => `${n},`).join('')}), }\n`;
  const body = type === undefined ? new Uint8Array(8) : encodeElements(type, values);
  expect(type === undefined || body.length === values.length * ELEMENT_BYTES[type]).toBe(true);
  const head = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, dict.length, 0];
  return Uint8Array.from([...head, ...new TextEncoder().encode(dict), ...body]);
}

const transposed = ({ shape: [rows = 0, columns = 0], values }: Shaped): Shaped => ({
  shape: [columns, rows],
  values: Array.from(
    values,
    (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number,
  ),
});

const file = (entries: Record<string, Uint8Array>, level: 0 | 9 = 0) =>
  zipSync(Object.fromEntries(Object.entries(entries).map(([k, v]) => [`${k}.npy`, v])), { level });
const each = (write: (one: Shaped) => Uint8Array) =>
  Object.fromEntries(Object.entries(arrays).map(([name, one]) => [name, write(one)]));
const read = (bytes: Uint8Array, ...map: string[]) => importNetwork(bytes, 'net.npz', { map });

/** Kernel, recurrent kernel and bias of a layer as Keras has them: columns of gates z, r, h. */
function kernels(layer: CellLayer) {
  const { cell, inputs, cells, gates } = layer;
  const order = cell === 'gru' ? [1, 0, 2] : [0];
  const rows = gates.length * cells;
  const of = (columns: number, part: (gate: Gate) => readonly (readonly number[])[]) =>
    npy(transposed({ shape: [rows, columns], values: ofGates(layer, part, order) }));
  const biases = [
    ofGates(layer, ({ Wb }) => Wb, order),
    ofGates(layer, ({ Rb }) => Rb, order),
  ] as const;
  return {
    kernel: of(inputs, ({ W }) => W),
    recurrent: of(cells, ({ R }) => R),
    bias:
      cell === 'gru'
        ? npy({ shape: [2, rows], values: biases.flat() })
        : npy({ shape: [rows], values: biases[0].map((one, i) => one + (biases[1][i] as number)) }),
    one: npy({ shape: [rows], values: biases[0] }),
  };
}

describe('npz of GRU and RNN', () => {
  const map = ['lstm.kernel_l0=kernel', 'lstm.recurrent_kernel_l0=recurrent'];
  const whole = [...map, 'lstm.bias_l0=bias'];
  const gru = randomCell(random, 'gru', 5, 4);
  const { kernel, recurrent, bias, one } = kernels(gru);

  it('with names of PyTorch', () => {
    const tensors = torchTensors(gru, (kind) => `gru.${kind}_l0`, { dtype: 'F64' });
    const entries = tensors.map(([name, { shape, bytes }]) => {
      const values = [...new Float64Array(new Uint8Array(bytes).buffer)];
      return [name, npy({ shape, values })];
    });
    expectCells(read(file(Object.fromEntries(entries))), [gru], null);
  });

  it('in the layout of Keras', () => {
    const imported = read(file({ kernel, recurrent, bias }), ...whole);
    expect(imported.notes[0]).toBe(
      'kernel is taken as Keras has it, a row for each input, gates z, r, h',
    );
    expectCells(imported, [gru], null);
    const rnn = randomCell(random, 'rnn-relu', 5, 4);
    const { one: _, ...arrays } = kernels(rnn);
    const options = { map: whole, nonlinearity: 'relu' } as const;
    expectCells(importNetwork(file(arrays), 'net.npz', options), [rnn], null);
  });

  it('with the reset before the product, and asked about where nothing shows it', () => {
    const before = { ...gru, reset: 'before' } as const;
    const early = file({ kernel, recurrent, bias: one });
    const gates = gru.gates.map((gate) => ({ ...gate, Rb: gate.Rb.map(() => 0) }));
    expectCells(read(early, ...whole), [{ ...before, gates }], null);
    const after = { map: whole, reset: 'after' } as const;
    expect(refusal(() => importNetwork(early, 'net.npz', after)).code).toBe('GRU_RESET');
    const bare = file({ kernel, recurrent });
    expect(refusal(() => read(bare, ...map)).expected).toContain('--reset after');
    const imported = importNetwork(bare, 'net.npz', { map, reset: 'after' });
    expectCells(imported, [withoutBiases(gru)], null);
    expect(read(early, ...whole).notes).toContain(
      'layer 0: the reset gate stands before the product',
    );
    const other = importNetwork(bare, 'net.npz', { map, reset: 'before' });
    expectCells(other, [{ ...withoutBiases(gru), reset: 'before' }], null);
    const odd = file({
      kernel,
      recurrent,
      bias: npy({ shape: [3, 12], values: new Array(36).fill(0) }),
    });
    expect(refusal(() => read(odd, ...whole)).code).toBe('BAD_MAP');
  });
});

describe('npz of weights', () => {
  it.each([
    ['float64', file(each((one) => npy(one)))],
    [
      'float32, deflated',
      file(
        each((one) => npy(one, '<f4')),
        9,
      ),
    ],
    ['float16', file(each((one) => npy(one, '<f2')))],
    [
      'Fortran order',
      file(
        each((one) =>
          one.shape.length === 2
            ? npy({ ...transposed(one), shape: one.shape }, '<f8', true)
            : npy(one),
        ),
      ),
    ],
  ])('with names of PyTorch, %s', (_, bytes) => {
    const imported = read(bytes);
    expect(imported).toMatchObject({ format: 'npz', leftOut: [] });
    expect(imported.taken).toHaveLength(10);
    expectNetwork(imported, layers, linear);
  });

  it('with other names, each of them mapped', () => {
    const names = Object.keys(arrays);
    const renamed = Object.fromEntries(
      names.map((name, i) => [`arr_${i}`, npy(arrays[name] as Shaped)]),
    );
    const map = names.map((name, i) => `${name}=arr_${i}`);
    expectNetwork(read(file(renamed), ...map), layers, linear);
    expect(refusal(() => read(file(renamed))).code).toBe('NOT_AN_LSTM');
  });

  const sum = (l: number): Shaped => {
    const [a, b] = ['ih', 'hh'].map((kind) => arrays[`lstm.bias_${kind}_l${l}`] as Shaped);
    const values = (a as Shaped).values.map(
      (value, i) => value + ((b as Shaped).values[i] as number),
    );
    return { shape: [values.length], values };
  };
  const keras = Object.fromEntries([
    ...[0, 1].flatMap((l) => [
      [`lstm_${l}/kernel`, npy(transposed(arrays[`lstm.weight_ih_l${l}`] as Shaped))],
      [`lstm_${l}/recurrent_kernel`, npy(transposed(arrays[`lstm.weight_hh_l${l}`] as Shaped))],
      [`lstm_${l}/bias`, npy(sum(l))],
    ]),
    ['dense/kernel', npy(transposed(arrays['fc.weight'] as Shaped))],
    ['dense/bias', npy(arrays['fc.bias'] as Shaped)],
  ]);
  const maps = [
    ...[0, 1].flatMap((l) => [
      `lstm.kernel_l${l}=lstm_${l}/kernel`,
      `lstm.recurrent_kernel_l${l}=lstm_${l}/recurrent_kernel`,
      `lstm.bias_l${l}=lstm_${l}/bias`,
    ]),
    'fc.kernel=dense/kernel',
    'fc.bias=dense/bias',
  ];

  it('in the layout of Keras is refused with advice, and taken where the maps say so', () => {
    const asked = refusal(() => read(file(keras)));
    expect(asked).toMatchObject({ code: 'KERAS_LAYOUT', field: 'array names' });
    expect(asked.expected).toContain('--map lstm.kernel_l0=NAME');
    const imported = read(file(keras), ...maps);
    expect([...imported.taken].sort()).toEqual(Object.keys(keras).sort());
    expect(imported.leftOut).toEqual([]);
    expect(imported.notes[0]).toBe(
      'lstm_0/kernel is taken as Keras has it, a row for each input, gates i, f, c, o',
    );
    expectNetwork(imported, layers, linear);
  });

  it.each([
    ['no such array', ['lstm.kernel_l0=x'], 'BAD_MAP'],
    ['no matrix', ['lstm.kernel_l0=lstm_0/bias'], 'BAD_MAP'],
    ['a direction of PyTorch', [...maps, 'lstm.weight_ih_l0_reverse=x'], 'BAD_MAP'],
    ['one of three', maps.slice(0, 1), 'TENSOR_MISSING'],
    ['one as another', ['lstm.kernel_l0=lstm_0/recurrent_kernel', ...maps.slice(1)], 'BAD_MAP'],
  ])('refused: %s', (_, map, code) => {
    expect(refusal(() => read(file(keras), ...map)).code).toBe(code);
  });

  it('Python objects are refused where they are not said to lie outside', () => {
    const bytes = file({
      ...each((one) => npy(one)),
      meta: npy({ shape: [1], values: [0] }, '|O'),
    });
    expect(refusal(() => read(bytes))).toMatchObject({ code: 'TENSOR_UNSUPPORTED', field: 'meta' });
    const { leftOut } = read(bytes, 'outside=meta');
    expect(leftOut).toEqual([{ name: 'meta', kind: 'tensor', what: 'Python objects |O' }]);
    const parts = contentsOf(bytes, 'net.npz');
    expect(parts[0]).toEqual({ name: 'lstm', what: 'LSTM, 5 inputs, 2 layers of 4 cells' });
    expect(parts.at(-1)?.name).toBe('meta');
  });
});
