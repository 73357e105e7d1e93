import { describe, expect, it } from 'vitest';
import { importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import {
  type OperatorSpec,
  type SubgraphSpec,
  type TensorSpec,
  tfliteFile,
} from '../../support/tflite.js';
import { type CellLayer, expectCells } from './support/cell-reference.js';
import { CELLS, FRAMES, INPUTS, numbers, weights } from './support/tflite-network.js';

const U = numbers(CELLS * CELLS);
const rows = (data: readonly number[], columns: number) =>
  Array.from({ length: CELLS }, (_, row) => data.slice(row * columns, (row + 1) * columns));
const rnn: CellLayer = {
  cell: 'rnn-tanh',
  inputs: INPUTS,
  cells: CELLS,
  gates: [
    {
      W: rows(weights.x.i, INPUTS),
      R: rows(U, CELLS),
      Wb: [...weights.b.i],
      Rb: new Array(CELLS).fill(0),
    },
  ],
};
const read = (...graphs: readonly SubgraphSpec[]) =>
  importNetwork(tfliteFile(...graphs), 'net.tflite');

const int = (name: string, ...values: number[]): TensorSpec => ({
  name,
  shape: [values.length],
  type: 'int32',
  values,
});
const scalar = (name: string, value: number): TensorSpec => ({
  name,
  shape: [],
  type: 'int32',
  values: [value],
});
const value = (name: string, ...shape: number[]): TensorSpec => ({ name, shape });

/** The loop that the converter makes of a SimpleRNN of Keras with a batch of one: h of every frame, or of the last one. */
function loopOf(which: 'every' | 'last', changed: readonly TensorSpec[] = []): SubgraphSpec[] {
  const elements = which === 'every' ? FRAMES : 1;
  const variables = (at: string) => [
    { ...value(`${at}n`), type: 'int32' as const },
    value(`${at}list`, elements, 1, CELLS),
    value(`${at}h`, 1, CELLS),
    value(`${at}xs`, FRAMES, 1, INPUTS),
  ];
  const names = (at: string) => variables(at).map(({ name }) => name);
  const item: OperatorSpec = { op: 'RESHAPE', inputs: ['new_h', 'item_shape'], outputs: ['item'] };
  const put: OperatorSpec[] = [
    { op: 'RESHAPE', inputs: ['n', 'one_list'], outputs: ['n_list'] },
    { op: 'CONCATENATION', inputs: ['n_list', 'open'], outputs: ['ahead_size'] },
    { op: 'SLICE', inputs: ['list', 'from', 'ahead_size'], outputs: ['ahead'] },
    { op: 'RESHAPE', inputs: ['next', 'one_list'], outputs: ['next_list'] },
    { op: 'CONCATENATION', inputs: ['next_list', 'zeros'], outputs: ['behind_from'] },
    { op: 'SLICE', inputs: ['list', 'behind_from', 'rest'], outputs: ['behind'] },
    item,
    { op: 'CONCATENATION', inputs: ['ahead', 'item', 'behind'], outputs: ['new_list'] },
  ];
  const body: SubgraphSpec = {
    tensors: [
      ...variables(''),
      ...[scalar('one', 1), int('one_list', 1), int('open', -1, -1), int('from', 0, 0, 0)],
      ...[int('zeros', 0, 0), int('rest', -1, -1, -1), int('item_shape', 1, 1, CELLS)],
      { name: 'W', shape: [CELLS, INPUTS], values: weights.x.i },
      { name: 'U', shape: [CELLS, CELLS], values: U },
      { name: 'b', shape: [CELLS], values: weights.b.i },
      ...['next', 'n_list', 'next_list'].map((own) => ({ ...value(own), type: 'int32' as const })),
      ...['ahead_size', 'behind_from'].map((own) => ({ ...value(own, 3), type: 'int32' as const })),
      ...['x', 'x_sums', 'h_sums', 'sums', 'new_h'].map((own) => value(own, 1, CELLS)),
      ...['ahead', 'item', 'behind', 'new_list'].map((own) => value(own, 1, 1, CELLS)),
    ].map((own) => changed.find(({ name }) => name === own.name) ?? own),
    operators: [
      { op: 'ADD', inputs: ['n', 'one'], outputs: ['next'] },
      { op: 'GATHER', inputs: ['xs', 'n'], outputs: ['x'] },
      { op: 'FULLY_CONNECTED', inputs: ['x', 'W', 'b'], outputs: ['x_sums'] },
      { op: 'FULLY_CONNECTED', inputs: ['h', 'U', ''], outputs: ['h_sums'] },
      { op: 'ADD', inputs: ['x_sums', 'h_sums'], outputs: ['sums'] },
      { op: 'TANH', inputs: ['sums'], outputs: ['new_h'] },
      ...(which === 'every' ? put : [{ ...item, outputs: ['new_list'] }]),
    ],
    inputs: names(''),
    outputs: ['next', 'new_list', 'new_h', 'xs'],
  };
  const condition: SubgraphSpec = {
    tensors: [...variables(''), scalar('T', FRAMES), { ...value('less'), type: 'uint8' }],
    operators: [{ op: 'LESS', inputs: ['n', 'T'], outputs: ['less'] }],
    inputs: names(''),
    outputs: ['less'],
  };
  const nothing = (count: number) => new Array<number>(count).fill(0);
  const main: SubgraphSpec = {
    tensors: [
      value('frames', 1, FRAMES, INPUTS),
      int('perm', 1, 0, 2),
      value('xs', FRAMES, 1, INPUTS),
      scalar('zero', 0),
      { name: 'list', shape: [elements, 1, CELLS], values: nothing(elements * CELLS) },
      { name: 'h', shape: [1, CELLS], values: nothing(CELLS) },
      ...variables('end_'),
    ].map((own) => changed.find(({ name }) => name === `main ${own.name}`) ?? own),
    operators: [
      { op: 'TRANSPOSE', inputs: ['frames', 'perm'], outputs: ['xs'] },
      {
        op: 'WHILE',
        inputs: ['zero', 'list', 'h', 'xs'],
        outputs: names('end_'),
        options: [
          [0, 'int32', 1],
          [1, 'int32', 2],
        ],
      },
    ],
    inputs: ['frames'],
    outputs: ['end_list'],
  };
  return [main, condition, body];
}

describe('loops of TensorFlow Lite', () => {
  it.each(['every', 'last'] as const)('h of %s frame, in a tensor for a list', (which) => {
    const imported = read(...loopOf(which));
    expectCells(imported, [rnn], null);
    expect(imported.outputs).toMatchObject([{ is: 'outputs', lastFrame: which === 'last' }]);
    expect(imported.frames).toMatchObject({ name: 'frames', behind: null });
  });

  it.each<readonly [string, TensorSpec]>([
    ['elements before its own that begin later', int('from', 1, 0, 0)],
    ['elements behind its own that are cut', int('rest', 1, -1, -1)],
    ['elements before its own without all of their values', int('open', -1, 1)],
    ['elements behind its own without their first values', int('zeros', 0, 1)],
    ['another step to those behind its own', scalar('one', 2)],
    ['h in other lengths', int('item_shape', 1, CELLS, 1)],
  ])('with %s are refused', (_, changed) => {
    const code = refusal(() => read(...loopOf('every', [changed]))).code;
    expect(['OUTPUT_NOT_TAKEN', 'LSTM_UNSUPPORTED']).toContain(code);
  });

  it('that leave elements of the list as they were are refused', () => {
    const graphs = loopOf('every');
    const [main] = graphs as [SubgraphSpec];
    const tensors = main.tensors.map((own) =>
      own.name === 'list'
        ? { ...own, shape: [FRAMES + 1, 1, CELLS], values: numbers((FRAMES + 1) * CELLS) }
        : own,
    );
    const longer = [{ ...main, tensors }, ...graphs.slice(1)];
    expect(refusal(() => read(...longer)).code).toBe('OUTPUT_NOT_TAKEN');
  });
});
