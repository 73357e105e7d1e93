import { describe, expect, it } from 'vitest';
import { importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { constant, graphDef, tfNode } from '../../support/tensorflow.js';
import { expectCells } from './support/cell-reference.js';
import { expectVariant, type VariantGate } from './support/lstm-variants.js';
import {
  bias,
  CELLS,
  FRAMES,
  INPUTS,
  kernel,
  loop,
  type Nodes,
  numbers,
  variable,
  whole,
} from './support/tensorflow-network.js';

const seen = { i: numbers(CELLS), f: numbers(CELLS), o: numbers(CELLS) };
const [ru, candidate] = [numbers((INPUTS + CELLS) * 2 * CELLS), numbers((INPUTS + CELLS) * CELLS)];
const [ruBias, candidateBias] = [numbers(2 * CELLS), numbers(CELLS)];

/** Rows [cell][row] of the columns of a gate. */
const columns = (data: readonly number[], gates: number, place: number, from: number, n: number) =>
  Array.from({ length: CELLS }, (_, cell) =>
    Array.from(
      { length: n },
      (__, row) => data[(from + row) * gates * CELLS + place * CELLS + cell] as number,
    ),
  );

const lstmGate = (place: number, more: number, p?: readonly number[]): VariantGate => ({
  W: columns(kernel, 4, place, 0, INPUTS),
  R: columns(kernel, 4, place, INPUTS, CELLS),
  b: bias.slice(place * CELLS, (place + 1) * CELLS).map((one) => one + more),
  p,
});
const lstmOf = (order: string, forget: number, peepholes: boolean) => {
  const own = (gate: 'i' | 'f' | 'o') => (peepholes ? seen[gate] : undefined);
  return {
    gates: {
      i: lstmGate(order.indexOf('i'), 0, own('i')),
      f: lstmGate(order.indexOf('f'), forget, own('f')),
      g: lstmGate(order.indexOf('g'), 0),
      o: lstmGate(order.indexOf('o'), 0, own('o')),
    },
  };
};

const attributes = (forget: number, peepholes: boolean, clip = -1) => ({
  forget_bias: { f: forget },
  cell_clip: { f: clip },
  use_peephole: { b: peepholes },
});
const diagonals = (['i', 'f', 'o'] as const).map((gate) =>
  constant(`wc${gate}`, [CELLS], seen[gate]),
);
const WEIGHTS = ['kernel', 'wci', 'wcf', 'wco', 'bias'];

const OF_CELL = ['xh', 'product', 'sums', 'split', 'forget_bias', 'f', 'sf', 'kept', 'si', 'tg'];
const REST = ['added', 'c', 'so', 'tc', 'h', 'K', 'B'];
const without = (nodes: Nodes, ...names: readonly string[]) =>
  nodes.filter(({ name }) => ![...OF_CELL, ...REST, ...names].includes(name));

/** LSTMBlockCell in the loop of dynamic_rnn. */
const inLoop = (block: Nodes[number]): Nodes =>
  without(
    loop([
      ...variable(1, 'zeros', 'block:1'),
      ...variable(2, 'zeros', 'block:6'),
      ...diagonals,
      block,
    ]),
  );
const step = (...given: Parameters<typeof attributes>) =>
  tfNode('LSTMBlockCell', 'block', ['read', 'v1', 'v2', ...WEIGHTS], attributes(...given));

/** BlockLSTM over all frames, and what is done with its last h. */
const overAll = (op: string, ...given: Parameters<typeof attributes>): Nodes => [
  ...without(loop(), 'labels', 'y', 'out')
    .filter(({ op: own }) => !/Enter|Merge|Switch|Exit|Next|Less|Loop|TensorArray|Range/.test(own))
    .filter(({ name }) => !['v0', 'v1', 'v2', 'next'].includes(name)),
  ...diagonals,
  constant('steps', [], [FRAMES], true),
  tfNode(op, 'block', ['steps', 'xs', 'zeros', 'zeros', ...WEIGHTS], attributes(...given)),
  tfNode('Identity', 'every', ['block:6']),
];

const gru: Nodes = without(
  loop([
    ...variable(2, 'zeros', 'block:3'),
    constant('ru', [INPUTS + CELLS, 2 * CELLS], ru),
    constant('ru_bias', [2 * CELLS], ruBias),
    constant('new', [INPUTS + CELLS, CELLS], candidate),
    constant('new_bias', [CELLS], candidateBias),
    tfNode('GRUBlockCell', 'block', ['read', 'v2', 'ru', 'new', 'ru_bias', 'new_bias']),
  ]),
  ...variable(1, '', '').map(({ name }) => name),
);

const read = (nodes: Nodes, ...map: string[]) =>
  importNetwork(graphDef(...nodes), 'net.pb', { map });

describe('blocks of TensorFlow', () => {
  it.each([
    [1, false],
    [0.5, true],
  ])('LSTMBlockCell with forget_bias %d, use_peephole %s', (forget, peepholes) => {
    const nodes = inLoop(step(forget, peepholes));
    expectVariant(read(nodes, 'fc=none'), lstmOf('igfo', forget, peepholes));
    const { leftOut, model } = read(nodes);
    expect(model.output?.outputs).toBe(2);
    const names = leftOut.map(({ name }) => name);
    expect(names.filter((name) => /^wc|^kernel|^bias/.test(name))).toEqual([]);
  });

  it.each([
    ['BlockLSTM', 'igfo', 1, false],
    ['BlockLSTM', 'igfo', 1, true],
    ['BlockLSTMV2', 'ifgo', 0, true],
  ] as const)('%s, gates %s', (op, order, forget, peepholes) => {
    const given = read(overAll(op, forget, peepholes), 'fc=none');
    expectVariant(given, lstmOf(order, forget, peepholes));
  });

  it('GRUBlockCell: the reset stands before the product', () => {
    const gate = (
      data: readonly number[],
      gates: number,
      place: number,
      own: readonly number[],
    ) => ({
      W: columns(data, gates, place, 0, INPUTS),
      R: columns(data, gates, place, INPUTS, CELLS),
      Wb: own.slice(place * CELLS, (place + 1) * CELLS),
      Rb: [0, 0],
    });
    const imported = read(gru, 'fc=none');
    const gates = [
      gate(ru, 2, 0, ruBias),
      gate(ru, 2, 1, ruBias),
      gate(candidate, 1, 0, candidateBias),
    ];
    const layer = { cell: 'gru', reset: 'before', inputs: INPUTS, cells: CELLS, gates } as const;
    expectCells(imported, [layer], null);
  });

  it.each<readonly [string, Nodes, RegExp]>([
    ['a clip', inLoop(step(1, true, 0.5)), /clip of the cell state at 0.5/],
    [
      'peepholes of another length',
      [...inLoop(step(1, true)).filter(({ name }) => name !== 'wcf'), constant('wcf', [1], [1])],
      /peephole weights wcf/,
    ],
    [
      'another candidate',
      [
        ...gru.filter(({ name }) => name !== 'new'),
        constant('new', [CELLS + 1, CELLS], numbers((CELLS + 1) * CELLS)),
      ],
      /w_c of 2 cells/,
    ],
    [
      'computed weights',
      [...gru.filter(({ name }) => name !== 'new_bias'), tfNode('Relu', 'new_bias', ['x'])],
      /computed/,
    ],
    [
      'a single step of an LSTM',
      [
        ...without(overAll('BlockLSTM', 1, false), 'block'),
        tfNode('LSTMBlockCell', 'block', ['x', 'zeros', 'zeros', ...WEIGHTS], attributes(1, false)),
        whole('unused', 1),
      ],
      /a single step: LSTM/,
    ],
  ])('refuses %s by name', (_, nodes, says) => {
    const report = refusal(() => read(nodes, 'fc=none'));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', file: 'net.pb' });
    expect(report.got).toMatch(says);
  });
});
