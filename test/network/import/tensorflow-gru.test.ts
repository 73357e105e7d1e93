import { describe, expect, it } from 'vitest';
import { importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { constant, graphDef, tfNode } from '../../support/tensorflow.js';
import { type CellLayer, expectCells } from './support/cell-reference.js';
import {
  CELLS,
  enter,
  INPUTS,
  loop,
  type Nodes,
  numbers,
  variable,
  whole,
} from './support/tensorflow-network.js';

const ROWS = INPUTS + CELLS;
const gates = numbers(ROWS * 2 * CELLS);
const candidate = numbers(ROWS * CELLS);
const [gateBias, candidateBias] = [numbers(2 * CELLS), numbers(CELLS)];
const hBias = numbers(CELLS);
const zeros: number[] = new Array(CELLS).fill(0);

/** Rows [cell][row] of a gate from columns of a kernel. */
const columns = (data: readonly number[], width: number, place: number, from: number, n: number) =>
  Array.from({ length: CELLS }, (_, cell) =>
    Array.from(
      { length: n },
      (__, row) => data[(from + row) * width + place * CELLS + cell] as number,
    ),
  );
const gateOf = (data: readonly number[], width: number, place: number, b: readonly number[]) => ({
  W: columns(data, width, place, 0, INPUTS),
  R: columns(data, width, place, INPUTS, CELLS),
  Wb: b.slice(place * CELLS, (place + 1) * CELLS),
  Rb: zeros,
});
const r = gateOf(gates, 2 * CELLS, 0, gateBias);
const z = gateOf(gates, 2 * CELLS, 1, gateBias);
const n = gateOf(candidate, CELLS, 0, candidateBias);
const before: CellLayer = {
  cell: 'gru',
  reset: 'before',
  inputs: INPUTS,
  cells: CELLS,
  gates: [r, z, n],
};
const after: CellLayer = {
  cell: 'gru',
  inputs: INPUTS,
  cells: CELLS,
  gates: [r, z, { ...n, Rb: hBias }],
};

const OF_LSTM = ['split', 'forget_bias', 'f', 'sf', 'kept', 'si', 'tg', 'added', 'c', 'so', 'tc'];
const OF_C = variable(1, '', '').map(({ name }) => name);

/** The loop of dynamic_rnn around a cell whose h is the node `h`; `own` stands in for nodes of the same name. */
function network(cell: Nodes, own: Nodes = []): Nodes {
  const given = loop([
    ...variable(2, 'zeros', 'h'),
    constant('kernel', [ROWS, 2 * CELLS], gates),
    constant('bias', [2 * CELLS], gateBias),
    ...cell,
  ]).filter(({ name }) => !OF_LSTM.includes(name) && !OF_C.includes(name));
  const parts = cell.filter(({ name }) => OF_LSTM.includes(name));
  const names = new Set(own.map(({ name }) => name));
  return [...[...given, ...parts].filter(({ name }) => !names.has(name)), ...own];
}

const update = [
  constant('unit', [], [1]),
  tfNode('Mul', 'kept_h', ['u', 'v2']),
  tfNode('Sub', 'rest', ['unit', 'u']),
  tfNode('Mul', 'new_h', ['rest', 'cand']),
  tfNode('AddV2', 'h', ['kept_h', 'new_h']),
];
const weights = [
  constant('candidate', [ROWS, CELLS], candidate),
  constant('candidate_bias', [CELLS], candidateBias),
  enter('CK', 'candidate', true),
  enter('CB', 'candidate_bias', true),
];

/** GRUCell of tf.nn.rnn_cell: one sigmoid for both gates, which is split, r before u. */
const tensorflow: Nodes = [
  tfNode('Sigmoid', 'both', ['sums']),
  tfNode('Split', 'ru', ['one', 'both'], { num_split: { i: 2 } }),
  tfNode('Identity', 'u', ['ru:1']),
  tfNode('Mul', 'rh', ['ru', 'v2']),
  ...weights,
  tfNode('ConcatV2', 'xrh', ['read', 'rh', 'one']),
  tfNode('MatMul', 'cand_product', ['xrh', 'CK']),
  tfNode('BiasAdd', 'cand_sums', ['cand_product', 'CB']),
  tfNode('Tanh', 'cand', ['cand_sums']),
  ...update,
];

const sigmoids: Nodes = [
  tfNode('Split', 'ru', ['one', 'sums'], { num_split: { i: 2 } }),
  tfNode('Sigmoid', 'r', ['ru']),
  tfNode('Sigmoid', 'u', ['ru:1']),
];
const apart = [
  constant('ofX', [INPUTS, CELLS], candidate.slice(0, INPUTS * CELLS)),
  constant('ofH', [CELLS, CELLS], candidate.slice(INPUTS * CELLS)),
  constant('candidate_bias', [CELLS], candidateBias),
  enter('CX', 'ofX', true),
  enter('CH', 'ofH', true),
  enter('CB', 'candidate_bias', true),
  tfNode('MatMul', 'cand_x', ['read', 'CX']),
  tfNode('BiasAdd', 'x_sums', ['cand_x', 'CB']),
];

/** Layers of Keras: products of x and h apart. */
const kerasBefore: Nodes = [
  ...sigmoids,
  ...apart,
  tfNode('Mul', 'rh', ['r', 'v2']),
  tfNode('MatMul', 'cand_h', ['rh', 'CH']),
  tfNode('AddV2', 'cand_sums', ['x_sums', 'cand_h']),
  tfNode('Tanh', 'cand', ['cand_sums']),
  ...update,
];
const kerasAfter: Nodes = [
  ...sigmoids,
  ...apart,
  constant('h_bias', [CELLS], hBias),
  enter('HB', 'h_bias', true),
  tfNode('MatMul', 'cand_h', ['v2', 'CH']),
  tfNode('BiasAdd', 'h_sums', ['cand_h', 'HB']),
  tfNode('Mul', 'rh', ['r', 'h_sums']),
  tfNode('AddV2', 'cand_sums', ['x_sums', 'rh']),
  tfNode('Tanh', 'cand', ['cand_sums']),
  ...update,
];

const read = (nodes: Nodes) => importNetwork(graphDef(...nodes), 'net.pb', { map: ['fc=none'] });

describe('a GRU in a loop of TensorFlow', () => {
  it.each([
    ['GRUCell', tensorflow, before],
    ['of Keras without reset_after', kerasBefore, before],
    ['of Keras with reset_after', kerasAfter, after],
  ])('%s', (_, cell, expected) => {
    const imported = read(network(cell));
    expectCells(imported, [expected], null);
    expect(imported.frames).toMatchObject({ name: 'x', behind: null });
    const whole = importNetwork(graphDef(...network(cell)), 'net.pb');
    expect(whole.model.output?.outputs).toBe(2);
    expect(whole.outputs).toMatchObject([{ name: 'labels', final: 'Softmax', lastFrame: true }]);
    expect(whole.leftOut.map(({ name }) => name)).not.toContain('candidate');
  });

  it('with operands in another order', () => {
    const other = [
      tfNode('Mul', 'kept_h', ['v2', 'u']),
      tfNode('Mul', 'new_h', ['cand', 'rest']),
      tfNode('Add', 'h', ['new_h', 'kept_h']),
      tfNode('Mul', 'rh', ['v2', 'ru']),
    ];
    expectCells(read(network(tensorflow, other)), [before], null);
  });

  it.each<readonly [string, Nodes, Nodes]>([
    ['2 - u', tensorflow, [constant('unit', [], [2])]],
    ['1 - r', tensorflow, [tfNode('Sub', 'rest', ['unit', 'ru'])]],
    ['u - 1', tensorflow, [tfNode('Sub', 'rest', ['u', 'unit'])]],
    ['a candidate of x and h', tensorflow, [tfNode('ConcatV2', 'xrh', ['read', 'v2', 'one'])]],
    ['a candidate of r x', kerasBefore, [tfNode('Mul', 'rh', ['r', 'r'])]],
    ['a candidate of h beside r h', kerasBefore, [tfNode('AddV2', 'cand_sums', ['cand_x', 'h_x'])]],
    ['ReLU in the cell', tensorflow, [tfNode('Relu', 'cand', ['cand_sums'])]],
    ['a gate without a sigmoid', kerasBefore, [tfNode('Tanh', 'r', ['ru'])]],
    ['(1 - u) h', tensorflow, [tfNode('Mul', 'new_h', ['rest', 'v2'])]],
    ['a new state of r h', tensorflow, [tfNode('Mul', 'kept_h', ['u', 'rh'])]],
    ['a reset of another product', kerasAfter, [tfNode('Mul', 'rh', ['r', 'x_sums'])]],
  ])('with %s is refused', (what, cell, own) => {
    const extra = what.includes('beside')
      ? [
          tfNode('MatMul', 'h_product', ['v2', 'CH']),
          tfNode('AddV2', 'h_x', ['h_product', 'cand_h']),
        ]
      : [];
    const report = refusal(() => read(network(cell, [...own, ...extra])));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', file: 'net.pb' });
  });

  it('that reads the frames backwards is refused by name', () => {
    const back = [
      whole('axis', 1),
      tfNode('ReverseV2', 'turned', ['x', 'axis']),
      tfNode('Transpose', 'xs', ['turned', 'perm']),
    ];
    const report = refusal(() => read(network(tensorflow, back)));
    expect(report.message).toMatch(/got backward GRU/);
  });
});
