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
import { expectVariant, type Variant, type VariantGate } from './support/lstm-variants.js';
import {
  CELLS,
  FRAMES,
  type Gate,
  INPUTS,
  LSTM_INPUTS,
  LSTM_TENSORS,
  lstm,
  numbers,
  OPTIONS,
  weights,
} from './support/tflite-network.js';

const VALUES = 3;
const seen = { i: numbers(CELLS), f: numbers(CELLS), o: numbers(CELLS) };
const narrow = Object.fromEntries(
  (['i', 'f', 'g', 'o'] as const).map((g) => [g, numbers(CELLS * VALUES)]),
) as Readonly<Record<Gate, readonly number[]>>;
const projection = numbers(VALUES * CELLS);
const projectionBias = numbers(VALUES);
const rowsOf = (data: readonly number[], columns: number) =>
  Array.from({ length: data.length / columns }, (_, row) =>
    data.slice(row * columns, (row + 1) * columns),
  );

/** What is in the file besides four gates. */
interface Parts {
  readonly peepholes?: boolean;
  readonly coupled?: boolean;
  readonly projection?: boolean;
  readonly bias?: boolean;
  readonly clip?: number;
}

function variantOf(parts: Parts): Variant {
  const gate = (name: Gate): VariantGate => ({
    W: rowsOf(weights.x[name], INPUTS),
    R: parts.projection ? rowsOf(narrow[name], VALUES) : rowsOf(weights.h[name], CELLS),
    b: weights.b[name],
    p: parts.peepholes && name !== 'g' ? seen[name] : undefined,
  });
  const W = rowsOf(projection, CELLS);
  const own = {
    W,
    ...(parts.bias && { b: projectionBias }),
    ...(parts.clip && { clip: parts.clip }),
  };
  return {
    gates: { i: parts.coupled ? null : gate('i'), f: gate('f'), g: gate('g'), o: gate('o') },
    projection: parts.projection ? own : undefined,
  };
}

/** The operator with those parts; `changed` are other inputs by their place. */
function graphOf(parts: Parts, changed: Readonly<Record<number, string>> = {}): SubgraphSpec {
  const width = parts.projection ? VALUES : CELLS;
  const tensors = LSTM_TENSORS.map((tensor): TensorSpec => {
    const { name } = tensor;
    if (parts.projection && /^R[ifgo]$/.test(name)) {
      return { name, shape: [CELLS, VALUES], values: narrow[name[1] as Gate] };
    }
    if (name === 'h0') return { ...tensor, shape: [1, width] };
    return name === 'h' ? { ...tensor, shape: [1, FRAMES, width] } : tensor;
  });
  const inputs = LSTM_INPUTS.map((name, place) => {
    if (parts.coupled && [1, 5, 12].includes(place)) return '';
    if (parts.peepholes && place >= 9 && place <= 11) {
      return parts.coupled && place === 9 ? '' : `p${'ifo'[place - 9]}`;
    }
    if (parts.projection && place === 16) return 'P';
    return parts.bias && place === 17 ? 'Pb' : name;
  }).map((name, place) => changed[place] ?? name);
  const more: readonly TensorSpec[] = [
    ...(['i', 'f', 'o'] as const).map((g) => ({ name: `p${g}`, shape: [CELLS], values: seen[g] })),
    { name: 'P', shape: [VALUES, CELLS], values: projection },
    { name: 'Pb', shape: [VALUES], values: projectionBias },
  ];
  return {
    tensors: [...tensors, ...more].filter(({ name }) => name === 'h' || inputs.includes(name)),
    operators: [{ ...lstm, inputs, options: [...OPTIONS, [2, 'float32', parts.clip ?? 0]] }],
    inputs: ['x'],
    outputs: ['h'],
  };
}

const read = (...graphs: readonly SubgraphSpec[]) =>
  importNetwork(tfliteFile(...graphs), 'net.tflite');

describe('LSTM operators of TensorFlow Lite', () => {
  it.each<Parts>([
    { peepholes: true },
    { coupled: true },
    { coupled: true, peepholes: true },
    { projection: true },
    { projection: true, bias: true, clip: 0.125 },
    { projection: true, peepholes: true, coupled: true, bias: true },
  ])('with %j are as lstm_eval.cc computes them', (parts) => {
    const imported = read(graphOf(parts));
    expectVariant(imported, variantOf(parts));
    expect(imported.leftOut).toEqual([]);
    expect(imported.notes.some((note) => note.includes('coupled'))).toBe(parts.coupled === true);
  });

  it.each<readonly [string, SubgraphSpec, RegExp]>([
    [
      'peepholes of some gates',
      graphOf({ peepholes: true }, { 10: '' }),
      /peepholes of some gates/,
    ],
    ['half of an input gate', graphOf({}, { 1: '' }), /an input gate without weights of x/],
    [
      'a peephole of a coupled input gate',
      graphOf({ coupled: true, peepholes: true }, { 9: 'pi' }),
      /an input gate without weights of x/,
    ],
    ['biases of no projection', graphOf({ bias: true }), /biases of a projection/],
  ])('refuse %s by name', (_, graph, says) => {
    const report = refusal(() => read(graph));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', file: 'net.tflite' });
    expect(report.got).toMatch(says);
  });

  it('refuse tensors of other shapes, with the tensor', () => {
    const graph = graphOf({ projection: true, peepholes: true });
    const wrong = (name: string, shape: readonly number[]) => {
      const values = numbers(shape.reduce((a, b) => a * b, 1));
      const tensors = graph.tensors.map((own) =>
        own.name === name ? { name, shape, values } : own,
      );
      return refusal(() => read({ ...graph, tensors }));
    };
    expect(wrong('P', [CELLS, VALUES])).toMatchObject({ code: 'TENSOR_SHAPE' });
    expect(wrong('pf', [CELLS + 1]).field).toContain('forget gate peephole');
    expect(wrong('Ri', [CELLS, CELLS]).field).toContain('input gate recurrent weights');
  });
});

const U = numbers(CELLS * CELLS);
const rnn = (cell: 'rnn-tanh' | 'rnn-relu'): CellLayer => ({
  cell,
  inputs: INPUTS,
  cells: CELLS,
  gates: [
    {
      W: rowsOf(weights.x.i, INPUTS),
      R: rowsOf(U, CELLS),
      Wb: [...weights.b.i],
      Rb: new Array(CELLS).fill(0),
    },
  ],
});
const RNN_TENSORS: readonly TensorSpec[] = [
  { name: 'x', shape: [1, FRAMES, INPUTS] },
  { name: 'W', shape: [CELLS, INPUTS], values: weights.x.i },
  { name: 'U', shape: [CELLS, CELLS], values: U },
  { name: 'b', shape: [CELLS], values: weights.b.i },
  { name: 'h0', shape: [1, CELLS], variable: true },
  { name: 'h', shape: [1, FRAMES, CELLS] },
];
const rnnGraph = (own: Partial<OperatorSpec>): SubgraphSpec => ({
  tensors: RNN_TENSORS,
  operators: [
    {
      op: 'UNIDIRECTIONAL_SEQUENCE_RNN',
      inputs: ['x', 'W', 'U', 'b', 'h0'],
      outputs: ['h'],
      ...own,
    },
  ],
  inputs: ['x'],
  outputs: ['h'],
});

describe('RNN operators of TensorFlow Lite', () => {
  it.each([
    [4, 'rnn-tanh'],
    [1, 'rnn-relu'],
  ] as const)('with activation %d is %s', (activation, cell) => {
    const imported = read(rnnGraph({ options: [[1, 'int8', activation]] }));
    expectCells(imported, [rnn(cell)], null);
    expect(imported.leftOut).toEqual([]);
    expect(imported.frames?.axes).toEqual([[], ['time'], ['feature']]);
  });

  it('take one frame at a time, and frames in the order that they say', () => {
    const single = rnnGraph({ op: 'RNN', options: [[0, 'int8', 4]] });
    const tensors = single.tensors.map((own): TensorSpec => {
      if (own.name === 'x') return { ...own, shape: [1, INPUTS] };
      return own.name === 'h' ? { ...own, shape: [1, CELLS] } : own;
    });
    expectCells(read({ ...single, tensors }), [rnn('rnn-tanh')], null);
    const options = [[0, 'int8', 1] as const, [1, 'int8', 4] as const];
    const turned = rnnGraph({ options }).tensors.map((own) =>
      own.shape.length === 3 ? { ...own, shape: [FRAMES, 1, own.shape[2] as number] } : own,
    );
    const imported = read({ ...rnnGraph({ options }), tensors: turned });
    expect(imported.frames?.axes).toEqual([['time'], [], ['feature']]);
  });

  it.each<readonly [string, SubgraphSpec, RegExp]>([
    ['no activation', rnnGraph({}), /RNN with activation NONE/],
    ['a ReLU6', rnnGraph({ options: [[1, 'int8', 3]] }), /activation RELU6/],
    ['both directions', rnnGraph({ op: 'BIDIRECTIONAL_SEQUENCE_RNN' }), /bidirectional RNN/],
    [
      'integers',
      {
        ...rnnGraph({ options: [[1, 'int8', 4]] }),
        tensors: RNN_TENSORS.map((own) => (own.name === 'x' ? { ...own, type: 'int8' } : own)),
      },
      /integer-quantised RNN/,
    ],
  ])('refuse %s by name', (_, graph, says) => {
    const report = refusal(() => read(graph));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', file: 'net.tflite' });
    expect(report.message).toMatch(says);
  });
});
