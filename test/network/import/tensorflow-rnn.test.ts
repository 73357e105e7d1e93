import { describe, expect, it } from 'vitest';
import { importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { constant, graphDef, tfNode } from '../../support/tensorflow.js';
import { type CellLayer, expectCells } from './support/cell-reference.js';
import {
  CELLS,
  enter,
  FRAMES,
  INPUTS,
  loop,
  type Nodes,
  numbers,
  variable,
  whole,
} from './support/tensorflow-network.js';

const ROWS = INPUTS + CELLS;
const weights = numbers(ROWS * CELLS);
const [bias, hBias] = [numbers(CELLS), numbers(CELLS)];
const rows = (from: number, count: number) =>
  Array.from({ length: CELLS }, (_, cell) =>
    Array.from({ length: count }, (__, row) => weights[(from + row) * CELLS + cell] as number),
  );
const layer = (cell: 'rnn-tanh' | 'rnn-relu', Rb: readonly number[]): CellLayer => ({
  cell,
  inputs: INPUTS,
  cells: CELLS,
  gates: [{ W: rows(0, INPUTS), R: rows(INPUTS, CELLS), Wb: bias, Rb: [...Rb] }],
});
const plain = layer('rnn-tanh', [0, 0]);

const OF_LSTM = ['split', 'forget_bias', 'f', 'sf', 'kept', 'si', 'tg', 'added', 'c', 'so', 'tc'];
const OF_C = variable(1, '', '').map(({ name }) => name);

/** Nodes without those of the loop's own cell that nobody reads any more: an end inside of a loop would be an answer. */
function pruned(nodes: Nodes): Nodes {
  const used = new Set(
    nodes.flatMap(({ input }) => input.map((name) => name.replace(/^\^|:\d+$/g, ''))),
  );
  const left = nodes.filter(
    ({ name }) => used.has(name) || !['xh', 'product', 'sums', 'K'].includes(name),
  );
  return left.length === nodes.length ? left : pruned(left);
}

/** The loop of dynamic_rnn around an RNN whose h is the node `h`; `own` stands in for nodes of the same name. */
const network = (own: Nodes): Nodes =>
  pruned(
    loop([
      ...new Map(
        [
          constant('kernel', [ROWS, CELLS], weights),
          constant('bias', [CELLS], bias),
          ...variable(2, 'zeros', 'h'),
          ...own,
        ].map((node) => [node.name, node]),
      ).values(),
    ]).filter(({ name }) => !OF_LSTM.includes(name) && !OF_C.includes(name)),
  );

/** Products of x and h apart, as Keras has them. */
const apart: Nodes = [
  constant('ofX', [INPUTS, CELLS], weights.slice(0, INPUTS * CELLS)),
  constant('ofH', [CELLS, CELLS], weights.slice(INPUTS * CELLS)),
  enter('CX', 'ofX', true),
  enter('CH', 'ofH', true),
  tfNode('MatMul', 'x_product', ['read', 'CX']),
  tfNode('BiasAdd', 'x_sums', ['x_product', 'B']),
  tfNode('MatMul', 'h_product', ['v2', 'CH']),
];
const read = (own: Nodes, ...map: string[]) =>
  importNetwork(graphDef(...network(own)), 'net.pb', { map });
const tanh = [tfNode('Tanh', 'h', ['sums'])];

describe('an RNN in a loop of TensorFlow', () => {
  it.each<readonly [string, Nodes, CellLayer]>([
    ['BasicRNNCell', tanh, plain],
    ['BasicRNNCell with ReLU', [tfNode('Relu', 'h', ['sums'])], layer('rnn-relu', [0, 0])],
    [
      'SimpleRNN of Keras',
      [...apart, tfNode('AddV2', 'both', ['x_sums', 'h_product']), tfNode('Tanh', 'h', ['both'])],
      plain,
    ],
    [
      'with a bias of h, and a batch of one squeezed away as Keras 3 does',
      [
        ...apart,
        constant('h_bias', [CELLS], hBias),
        tfNode('Squeeze', 'flat', ['h_product']),
        tfNode('BiasAdd', 'both', ['x_sums', 'flat']),
        tfNode('AddV2', 'all', ['both', 'h_bias']),
        tfNode('Tanh', 'h', ['all']),
      ],
      layer('rnn-tanh', hBias),
    ],
    [
      'with weights that are cut inside of the loop',
      [
        constant('cut_at', [], [0]),
        whole('begin', 0, 0),
        whole('end', ROWS, CELLS),
        whole('step', 1, 1),
        ...variable(3, 'kernel', 'v3'),
        tfNode('StridedSlice', 'cut', ['v3', 'begin', 'end', 'step']),
        tfNode('MatMul', 'product', ['xh', 'cut']),
        ...tanh,
      ],
      plain,
    ],
    [
      'with a length of its parts left open',
      [
        constant(
          'kernel',
          [ROWS, 2 * CELLS],
          Array.from({ length: ROWS }, (_, row) => [
            ...numbers(CELLS),
            ...weights.slice(row * CELLS, (row + 1) * CELLS),
          ]).flat(),
        ),
        constant('bias', [2 * CELLS], [...numbers(CELLS), ...bias]),
        whole('sizes', CELLS, -1),
        tfNode('SplitV', 'parts', ['sums', 'sizes', 'one'], { num_split: { i: 2 } }),
        tfNode('Tanh', 'h', ['parts:1']),
      ],
      plain,
    ],
    [
      'with a bound of frames that is the largest of one number',
      [
        whole('only', FRAMES),
        whole('none', 0),
        tfNode('Max', 'most', ['only', 'none']),
        enter('most_in', 'most', true),
        tfNode('Less', 'less_most', ['Merge0', 'most_in']),
        tfNode('LogicalAnd', 'both_less', ['less', 'less_most']),
        tfNode('LoopCond', 'cond', ['both_less']),
        ...tanh,
      ],
      plain,
    ],
    [
      'with a node that others only wait for',
      [
        tfNode('Identity', 'turn', ['Switch0:1']),
        { ...tfNode('Tanh', 'h', ['sums']), input: ['sums', '^turn'] },
      ],
      plain,
    ],
  ])('%s', (_, own, expected) => {
    expectCells(read(own, 'fc=none'), [expected], null);
    const { model, outputs } = read(own);
    expect(model.output?.outputs).toBe(2);
    expect(outputs).toMatchObject([{ name: 'labels', final: 'Softmax', lastFrame: true }]);
  });

  it.each<readonly [string, Nodes]>([
    ['a sigmoid', [tfNode('Sigmoid', 'h', ['sums'])]],
    ['h weighed', [tfNode('Tanh', 'g', ['sums']), tfNode('Mul', 'h', ['g', 'v2'])]],
    ['the product of x twice', [...apart, tfNode('Tanh', 'h', ['x_sums'])]],
    [
      'a frame of two batches beside it',
      [
        ...apart,
        whole('odd', 0, 1),
        tfNode('Reshape', 'flat', ['h_product', 'odd']),
        tfNode('AddV2', 'both', ['x_sums', 'flat']),
        tfNode('Tanh', 'h', ['both']),
      ],
    ],
    ['a bound of more frames', [whole('more', FRAMES + 1), enter('bound', 'more', true), ...tanh]],
  ])('with %s is refused', (_, own) => {
    expect(refusal(() => read(own))).toMatchObject({ code: 'LSTM_UNSUPPORTED', file: 'net.pb' });
  });
});
